/** A whole database, made up from a seed. */
import type { Database } from "../../src/model/database.ts";
import { isKind } from "../../src/model/database.ts";
import type { DbObject } from "../../src/model/objects.ts";
import {
  proposeDomain,
  proposeDomainCheck,
  proposeEnum,
  proposeExtension,
  proposeSchema,
  proposeSequence,
} from "./propose-types.ts";
import { proposeComposite, proposeRange } from "./propose-made.ts";
import { proposeCollation, proposeSearch, proposeStatistics } from "./propose-named.ts";
import { columnNames, columnId, proposeColumn, proposeOverride, proposeTable } from "./propose-tables.ts";
import { proposeExclude, proposeIndex, proposePrimaryKey, proposeUnique } from "./propose-keys.ts";
import {
  proposeCheck,
  proposeComment,
  proposeForeignKey,
  proposeReplicaIdentity,
  proposeSequenceOwner,
  targets,
} from "./propose-rest.ts";
import { proposeBase, proposeShell } from "./propose-base.ts";
import { proposeForeignTable } from "./propose-foreign-tables.ts";
import { proposeTrigger } from "./propose-members.ts";
import { proposeTyped } from "./propose-typed.ts";
import { proposeFamily, proposePartition } from "./propose-partitions.ts";
import { proposeCode } from "./propose-code.ts";
import { proposeKept } from "./propose-kept.ts";
import { proposeAccess } from "./propose-access.ts";
import { proposeRoles } from "./propose-roles.ts";
import { proposeDatabase } from "./propose-database.ts";
import { proposeSimples } from "./propose-simple.ts";
import { rng, type Rng } from "./rng.ts";
import { freshName } from "./names.ts";
import { columnType } from "./types.ts";
import { settle } from "./settle.ts";
import {
  databaseOf,
  emptyWorld,
  families,
  foreignTables,
  of,
  put,
  tableOf,
  type Features,
  type World,
} from "./world.ts";

export interface Size {
  readonly tables: number;
  readonly columns: number;
}
export const usual: Size = { tables: 4, columns: 6 };

const searchKinds = [
  "textSearchParser",
  "textSearchTemplate",
  "textSearchDictionary",
  "textSearchConfiguration",
] as const;

export function generate(seed: string, features: Features, size: Size = usual): Database {
  const r = rng(seed);
  const w = emptyWorld(features);
  const add = (o: DbObject | null): void => {
    if (o) put(w, o);
  };
  const times = (most: number, make: () => DbObject | null, least = 0): void => {
    for (let n = least + r.int(most - least + 1); n > 0; n--) add(make());
  };
  // Those of the server's own test are there, and stay.
  for (const name of features.accessMethods)
    if (name !== "heap")
      put(w, {
        id: { kind: "accessMethod", name },
        attributes: {
          type: "table",
          handler: { schema: "pg_catalog", name: "heap_tableam_handler", arguments: ["internal"] },
        },
        needs: [],
      });
  times(2, () => proposeSchema(r, w), 1);
  times(2, () => proposeExtension(r, w));
  times(1, () => proposeCollation(r, w));
  for (const kind of searchKinds) times(1, () => proposeSearch(r, w, kind));
  times(3, () => proposeEnum(r, w), 1);
  if (r.chance(0.3)) add(proposeShell(r, w));
  if (r.chance(0.5)) times(2, () => proposeBase(r, w), 1);
  times(2, () => proposeDomain(r, w));
  times(2, () => proposeDomainCheck(r, w));
  times(2, () => proposeComposite(r, w));
  times(1, () => proposeRange(r, w));
  times(2, () => proposeSequence(r, w));
  times(size.tables, () => proposeTable(r, w), 2);
  for (const t of of(w, "table")) {
    times(size.columns, () => proposeColumn(r, w, t.id), 2);
    if (t.attributes.inherits.length > 0) {
      if (r.chance(0.4)) copyParents(r, w, t);
      else times(2, () => proposeOverride(r, w, t.id));
    }
    if (r.chance(0.75)) {
      if (r.chance(0.5)) add(proposeColumn(r, w, t.id, undefined, r.pick(["integer", "bigint", "uuid"])));
      add(proposePrimaryKey(r, w, t.id));
    }
    times(1, () => proposeUnique(r, w, t.id));
    times(2, () => proposeCheck(r, w, t.id));
    times(3, () => proposeIndex(r, w, t.id));
    if (r.chance(0.3)) add(proposeExclude(r, w, t.id));
  }
  times(2, () => proposeStatistics(r, w));
  if (r.chance(0.6)) {
    proposeFamily(r, w);
    if (r.chance(0.6)) proposeFamily(r, w);
    times(4, () => proposePartition(r, w), 1);
  }
  if (r.chance(0.6)) times(2, () => proposeTyped(r, w), 1);
  settle(w);
  for (const t of of(w, "table"))
    for (let n = r.int(3); n > 0; n--) {
      if (r.chance(0.6)) addReferringColumn(r, w, t);
      add(proposeForeignKey(r, w, t.id));
    }
  if (r.chance(0.4)) add(proposeSequenceOwner(r, w));
  times(2, () => proposeReplicaIdentity(r, w));
  settle(w);
  proposeSimples(r, w, add);
  proposeCode(r, w, add);
  settle(w);
  proposeDatabase(r, w, add);
  times(2, () => proposeForeignTable(r, w));
  if (families(w).length > 0) times(2, () => proposePartition(r, w));
  for (const t of foreignTables(w)) {
    times(1, () => proposeCheck(r, w, t.id));
    times(1, () => proposeTrigger(r, w, undefined, t.id));
  }
  proposeRoles(r, w, add);
  proposeAccess(r, w, add);
  proposeKept(r, w, add);
  settle(w);
  times(8, () => proposeComment(r, w));
  settle(w);
  return databaseOf(w);
}

/** Declares every column of the parents in the child too, so that the child can leave its parents and come back. */
export function copyParents(r: Rng, w: World, t: DbObject<"table">): void {
  for (let i = 0; i < 40; i++) {
    const o = proposeOverride(r, w, t.id);
    if (o) put(w, { ...o, attributes: { ...o.attributes, local: true } });
  }
}

/** A column of the same type as some key's, so that a foreign key can stand on it. */
export function addReferringColumn(r: Rng, w: World, t: DbObject<"table">): void {
  const keys = targets(w).filter((k) => k.attributes.columns.length === 1);
  if (keys.length === 0) return;
  const k = r.pick(keys);
  const type = columnType(w, tableOf(k), k.attributes.columns[0] ?? "");
  if (!type) return;
  const id = columnId(t.id, freshName(r, columnNames(w, t.id)));
  for (let i = 0; i < 5; i++) {
    const c = proposeColumn(r, w, t.id, id, type.text);
    if (c && isKind(c, "column") && !c.attributes.generated && !c.attributes.identity) return put(w, c);
  }
}
