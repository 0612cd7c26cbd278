/** Proposals of every kind. */
import { proposePartition } from "./propose-partitions.ts";
import { isKind } from "../../src/model/database.ts";
import type { DbObject, Kind, QualifiedName } from "../../src/model/objects.ts";
import { addReferringColumn } from "./generate.ts";
import {
  proposeDefaultPrivilege,
  proposeEventTrigger,
  proposeGrant,
  proposeOwner,
  proposeSetting,
} from "./propose-access.ts";
import { proposePublication, proposePublicationSchema, proposePublicationTable } from "./propose-database.ts";
import {
  proposeForeignDataWrapper,
  proposeServer,
  proposeSubscription,
  proposeUserMapping,
} from "./propose-foreign.ts";
import { proposeForeignTable } from "./propose-foreign-tables.ts";
import { proposeBase, proposeShell } from "./propose-base.ts";
import { proposeTyped } from "./propose-typed.ts";
import { indexOfView, proposeExclude, proposeIndex, proposePrimaryKey, proposeUnique } from "./propose-keys.ts";
import { proposeComposite, proposeRange } from "./propose-made.ts";
import { proposeCluster, proposePolicy, proposeRowSecurity, proposeRule, proposeTrigger } from "./propose-members.ts";
import { proposeBlock, proposeDependence, proposeRows } from "./propose-kept.ts";
import { proposeCollation, proposeSearch, proposeStatistics } from "./propose-named.ts";
import {
  proposeCheck,
  proposeComment,
  proposeForeignKey,
  proposeReplicaIdentity,
  proposeSequenceOwner,
} from "./propose-rest.ts";
import { ensureFunction, proposeFunction, proposeProcedure } from "./propose-routines.ts";
import { proposeSimple } from "./propose-simple.ts";
import { proposeColumn, proposeOverride, proposeTable } from "./propose-tables.ts";
import {
  proposeDomain,
  proposeDomainCheck,
  proposeEnum,
  proposeExtension,
  proposeSchema,
  proposeSequence,
} from "./propose-types.ts";
import { proposeMaterializedView, proposeView } from "./propose-views.ts";
import { viewAt } from "./queries.ts";
import { proposeMembership, proposeRole } from "./propose-roles.ts";
import type { Rng } from "./rng.ts";
import { foreignTables, isOfTable, of, tableOf, type World } from "./world.ts";

/** What a column's parents hand down already cannot be declared in the child, too: Postgres has no statement for it. */
const notOwn = (o: DbObject<"column"> | null): DbObject<"column"> | null =>
  o && { ...o, attributes: { ...o.attributes, local: false } };

/** A proposal of this kind, for this very object when one is given. */
export function propose(r: Rng, w: World, kind: Kind, o?: DbObject): DbObject | null {
  const tables = of(w, "table");
  const table = o && isOfTable(o) ? tableOf(o) : tables.length > 0 ? r.pick(tables).id : null;
  const foreign = (): QualifiedName | null => {
    const all = foreignTables(w);
    return all.length > 0 ? r.pick(all).id : null;
  };
  const id = o?.id;
  switch (kind) {
    case "schema":
      return proposeSchema(r, w);
    case "extension":
      return proposeExtension(r, w, id?.kind === kind ? id : undefined);
    case "enum":
      return proposeEnum(r, w, id?.kind === kind ? id : undefined);
    case "domain":
      return o && isKind(o, "domain") ? proposeDomain(r, w, o.id, o.attributes.type.sql) : proposeDomain(r, w);
    case "domainCheck":
      return proposeDomainCheck(r, w, id?.kind === kind ? id : undefined);
    case "composite":
      return proposeComposite(r, w, o && isKind(o, "composite") ? o : undefined);
    case "typeAttribute":
      return null;
    case "cast":
    case "operator":
    case "operatorFamily":
    case "operatorClass":
    case "conversion":
    case "language":
    case "accessMethod":
    case "transform":
    case "aggregate":
      return proposeSimple(r, w, kind, o);
    case "collation":
      return proposeCollation(r, w, id?.kind === kind ? id : undefined);
    case "statistics":
      return proposeStatistics(r, w, o && isKind(o, "statistics") ? o : undefined);
    case "textSearchParser":
    case "textSearchTemplate":
    case "textSearchDictionary":
    case "textSearchConfiguration":
      return proposeSearch(r, w, kind, id);
    case "range":
      return proposeRange(r, w, id?.kind === kind ? id : undefined);
    case "sequence":
      return proposeSequence(r, w, id?.kind === kind ? id : undefined);
    case "sequenceOwner":
      return proposeSequenceOwner(r, w);
    case "table":
      if (o && isKind(o, "table") && o.attributes.server !== null) return proposeForeignTable(r, w, o);
      return (
        (!o && r.chance(0.3) && proposeForeignTable(r, w)) || proposeTable(r, w, id?.kind === kind ? id : undefined)
      );
    case "partition":
      return proposePartition(r, w, o && isKind(o, "partition") ? o : undefined);
    case "typedTable":
      return proposeTyped(r, w, o && isKind(o, "typedTable") ? o : undefined);
    case "shellType":
      return proposeShell(r, w);
    case "baseType":
      return proposeBase(r, w, o && isKind(o, "baseType") ? o : undefined);
    case "column": {
      const added = o || r.chance(0.8) ? table : (foreign() ?? table);
      if (!added) return null;
      if (!o) return r.chance(0.15) ? notOwn(proposeOverride(r, w, added)) : proposeColumn(r, w, added);
      return isKind(o, "column") ? proposeColumn(r, w, added, o.id, o.attributes.type.sql) : null;
    }
    case "primaryKey":
      return table && proposePrimaryKey(r, w, table, id?.kind === kind ? id : undefined);
    case "unique":
      return table && proposeUnique(r, w, table, id?.kind === kind ? id : undefined);
    case "foreignKey": {
      if (!o && tables.length > 0 && r.chance(0.5)) addReferringColumn(r, w, r.pick(tables));
      return table && proposeForeignKey(r, w, table, id?.kind === kind ? id : undefined);
    }
    case "check": {
      const checked = o || r.chance(0.7) ? table : foreign();
      return checked && proposeCheck(r, w, checked, id?.kind === kind ? id : undefined);
    }
    case "exclude":
      return table && proposeExclude(r, w, table, id?.kind === kind ? id : undefined);
    case "index":
      if (table && (o ? viewAt(w, table) : r.chance(0.2))) return indexOfView(r, w, id?.kind === kind ? id : undefined);
      return table && proposeIndex(r, w, table, id?.kind === kind ? id : undefined);
    case "replicaIdentity":
      return proposeReplicaIdentity(r, w, id?.kind === kind ? id : undefined);
    case "rowSecurity":
      return proposeRowSecurity(r, w, id?.kind === kind ? id : undefined);
    case "policy":
      return proposePolicy(r, w, o && isKind(o, "policy") ? o : undefined);
    case "trigger":
      if (!o) ensureFunction(r, w, "trigger");
      return proposeTrigger(r, w, o && isKind(o, "trigger") ? o : undefined);
    case "rule":
      return proposeRule(r, w, o && isKind(o, "rule") ? o : undefined);
    case "cluster":
      return proposeCluster(r, w, id?.kind === kind ? id : undefined);
    case "function":
      return proposeFunction(r, w, o && isKind(o, "function") ? o : undefined);
    case "procedure":
      return proposeProcedure(r, w, o && isKind(o, "procedure") ? o : undefined);
    case "view":
      return proposeView(r, w, o && isKind(o, "view") ? o : undefined);
    case "materializedView":
      return proposeMaterializedView(r, w, o && isKind(o, "materializedView") ? o : undefined);
    case "eventTrigger":
      if (!o) ensureFunction(r, w, "event_trigger");
      return proposeEventTrigger(r, w, o && isKind(o, "eventTrigger") ? o : undefined);
    case "setting":
      return proposeSetting(r, w, id?.kind === kind ? id : undefined);
    case "owner":
      return proposeOwner(r, w, id?.kind === kind ? id : undefined);
    case "grant":
      return proposeGrant(r, w, id?.kind === kind ? id : undefined);
    case "defaultPrivilege":
      return proposeDefaultPrivilege(r, w, id?.kind === kind ? id : undefined);
    case "publication":
      return proposePublication(r, w, id?.kind === kind ? id : undefined);
    case "publicationTable":
      return proposePublicationTable(r, w, id?.kind === kind ? id : undefined);
    case "publicationSchema":
      return proposePublicationSchema(r, w);
    case "foreignDataWrapper":
      return proposeForeignDataWrapper(r, w, id?.kind === kind ? id : undefined);
    case "server":
      return proposeServer(r, w, id?.kind === kind ? id : undefined);
    case "userMapping":
      return proposeUserMapping(r, w, id?.kind === kind ? id : undefined);
    case "subscription":
      return proposeSubscription(r, w, id?.kind === kind ? id : undefined);
    case "rows":
      return proposeRows(r, w, o && isKind(o, "rows") ? o : undefined);
    case "sqlBlock":
      return proposeBlock(r, w, o && isKind(o, "sqlBlock") ? o : undefined);
    case "extensionDependence":
      return proposeDependence(r, w);
    case "comment":
      return proposeComment(r, w, id?.kind === kind ? id : undefined);
    case "role":
      return proposeRole(r, w, id?.kind === kind ? id : undefined);
    case "membership":
      return proposeMembership(r, w, id?.kind === kind ? id : undefined);
    case "database":
    case "constraint":
    case "securityLabel":
      return null;
  }
}
