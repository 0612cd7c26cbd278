/** The list that asks: a kind without a room, or a way of writing without its meaning, does not compile. */
import type { DeclarationKind } from "../../grammar/declarations.ts";
import type { Kind } from "../model/objects.ts";
import { accessMethods, declareAccessMethod } from "./accessMethods.ts";
import { aggregates, declareAggregate } from "./aggregates.ts";
import { casts, declareCast } from "./casts.ts";
import { checks, declareCheck } from "./checks.ts";
import { clusters, declareCluster } from "./clusters.ts";
import { collations, declareCollation } from "./collations.ts";
import { columns } from "./columns.ts";
import { declareColumn } from "./parts/declareColumn.ts";
import { memberships } from "./memberships.ts";
import { declareDefaultPrivileges, defaultPrivileges } from "./defaultPrivileges.ts";
import { declareGrant, declareRevoke, grants } from "./grants.ts";
import { declareOwner, owners } from "./owners.ts";
import { declareSecurityLabel, securityLabels } from "./securityLabels.ts";
import { declareDatabase, settings } from "./settings.ts";
import { comments } from "./comments.ts";
import { declareRemark } from "./parts/remarks.ts";
import { composites, declareComposite } from "./composites.ts";
import { constraints } from "./constraints.ts";
import { databases } from "./databases.ts";
import { domainChecks } from "./domainChecks.ts";
import { conversions, declareConversion } from "./conversions.ts";
import { declareDomain, domains } from "./domains.ts";
import { declareEnum, enums } from "./enums.ts";
import { declareExclude, excludes } from "./excludes.ts";
import { extensionDependences } from "./extensionDependences.ts";
import { declareExtension, extensions } from "./extensions.ts";
import { declareForeignKey, foreignKeys } from "./foreignKeys.ts";
import { declareFunction, functions } from "./functions.ts";
import { declareIndex, indexes } from "./indexes.ts";
import { declareLanguage, languages } from "./languages.ts";
import { declareOperatorClass, operatorClasses } from "./operatorClasses.ts";
import { declareOperatorFamily, operatorFamilies } from "./operatorFamilies.ts";
import { declareOperator, operators } from "./operators.ts";
import { declareMaterializedView, materializedViews } from "./materializedViews.ts";
import { partitions } from "./partitions.ts";
import { declarePolicy, policies } from "./policies.ts";
import { declarePrimaryKey, primaryKeys } from "./primaryKeys.ts";
import { declareProcedure, procedures } from "./procedures.ts";
import { declareRange, ranges } from "./ranges.ts";
import { declareReplicaIdentity, replicaIdentities } from "./replicaIdentities.ts";
import { declareEventTrigger, eventTriggers } from "./eventTriggers.ts";
import { declareForeignDataWrapper, foreignDataWrappers } from "./foreignDataWrappers.ts";
import { declareServer, servers } from "./servers.ts";
import { declareSubscription, subscriptions } from "./subscriptions.ts";
import { declareUserMapping, userMappings } from "./userMappings.ts";
import { declarePublication, publications } from "./publications.ts";
import { publicationSchemas } from "./publicationSchemas.ts";
import { publicationTables } from "./publicationTables.ts";
import type { DeclareFile, DeclareMember, ObjectMember, Room } from "./room.ts";
import { declareRowSecurity, rowSecurities } from "./rowSecurities.ts";
import { declareRule, rules } from "./rules.ts";
import { declareRole, roles } from "./roles.ts";
import { declareRows, rows } from "./rows.ts";
import { declareSchema, schemas } from "./schemas.ts";
import { sequenceOwners } from "./sequenceOwners.ts";
import { declareSequence, sequences } from "./sequences.ts";
import { declareStatistics, statistics } from "./statistics.ts";
import { declareTextSearchConfiguration, textSearchConfigurations } from "./textSearchConfigurations.ts";
import { declareTextSearchDictionary, textSearchDictionaries } from "./textSearchDictionaries.ts";
import { declareTextSearchParser, textSearchParsers } from "./textSearchParsers.ts";
import { declareTextSearchTemplate, textSearchTemplates } from "./textSearchTemplates.ts";
import { declareTransform, transforms } from "./transforms.ts";
import { baseTypes, declareBase } from "./baseTypes.ts";
import { shellTypes } from "./shellTypes.ts";
import { typedTables } from "./typedTables.ts";
import { typeAttributes } from "./typeAttributes.ts";
import { declareSql, sqlBlocks } from "./sqlBlocks.ts";
import { declarePartition, declareTable, tables } from "./tables.ts";
import { declareTrigger, triggers } from "./triggers.ts";
import { declareUnique, uniques } from "./uniques.ts";
import { declareView, views } from "./views.ts";

export const rooms: { readonly [K in Kind]: Room<K> } = {
  role: roles,
  membership: memberships,
  setting: settings,
  owner: owners,
  grant: grants,
  defaultPrivilege: defaultPrivileges,
  securityLabel: securityLabels,
  extensionDependence: extensionDependences,
  schema: schemas,
  extension: extensions,
  enum: enums,
  domain: domains,
  domainCheck: domainChecks,
  composite: composites,
  typeAttribute: typeAttributes,
  range: ranges,
  collation: collations,
  statistics,
  textSearchParser: textSearchParsers,
  textSearchTemplate: textSearchTemplates,
  textSearchDictionary: textSearchDictionaries,
  textSearchConfiguration: textSearchConfigurations,
  cast: casts,
  operator: operators,
  operatorFamily: operatorFamilies,
  operatorClass: operatorClasses,
  conversion: conversions,
  language: languages,
  accessMethod: accessMethods,
  transform: transforms,
  sequence: sequences,
  sequenceOwner: sequenceOwners,
  table: tables,
  partition: partitions,
  column: columns,
  primaryKey: primaryKeys,
  unique: uniques,
  foreignKey: foreignKeys,
  check: checks,
  exclude: excludes,
  index: indexes,
  shellType: shellTypes,
  baseType: baseTypes,
  typedTable: typedTables,
  replicaIdentity: replicaIdentities,
  rowSecurity: rowSecurities,
  policy: policies,
  function: functions,
  procedure: procedures,
  aggregate: aggregates,
  publication: publications,
  publicationTable: publicationTables,
  publicationSchema: publicationSchemas,
  eventTrigger: eventTriggers,
  foreignDataWrapper: foreignDataWrappers,
  server: servers,
  userMapping: userMappings,
  subscription: subscriptions,
  view: views,
  materializedView: materializedViews,
  trigger: triggers,
  rule: rules,
  cluster: clusters,
  rows,
  sqlBlock: sqlBlocks,
  comment: comments,
  database: databases,
  constraint: constraints,
};
/** The single place where the compiler is told that a kind and its room belong together. */
export const roomOf = <K extends Kind>(kind: K): Room<K> => rooms[kind];

const declareType: DeclareFile<"typeDefinition"> = (d, declare) => {
  switch (d.form) {
    case "composite":
      return declareComposite(d, declare);
    case "range":
      return declareRange(d, declare);
    case "base":
      return declareBase(d, declare);
  }
};
const declareTextSearch: DeclareFile<"textSearch"> = (d, declare) => {
  switch (d.form) {
    case "configuration":
      return declareTextSearchConfiguration(d, declare);
    case "dictionary":
      return declareTextSearchDictionary(d, declare);
    case "parser":
      return declareTextSearchParser(d, declare);
    case "template":
      return declareTextSearchTemplate(d, declare);
  }
};
const declareOperators: DeclareFile<"operatorDefinition"> = (d, declare) => {
  switch (d.form) {
    case "operator":
      return declareOperator(d, declare);
    case "class":
      return declareOperatorClass(d, declare);
    case "family":
      return declareOperatorFamily(d, declare);
  }
};

export const declareFile: { readonly [K in Exclude<DeclarationKind, "mixin">]: DeclareFile<K> } = {
  role: declareRole,
  owner: declareOwner,
  grant: declareGrant,
  revoke: declareRevoke,
  defaultPrivileges: declareDefaultPrivileges,
  securityLabel: declareSecurityLabel,
  database: declareDatabase,
  remark: declareRemark,
  schema: declareSchema,
  extension: declareExtension,
  enum: declareEnum,
  domain: declareDomain,
  typeDefinition: declareType,
  collationDefinition: declareCollation,
  textSearch: declareTextSearch,
  cast: declareCast,
  operatorDefinition: declareOperators,
  conversion: declareConversion,
  language: declareLanguage,
  accessMethod: declareAccessMethod,
  transform: declareTransform,
  sequence: declareSequence,
  table: declareTable,
  function: declareFunction,
  procedure: declareProcedure,
  aggregate: declareAggregate,
  publication: declarePublication,
  eventTrigger: declareEventTrigger,
  foreignDataWrapper: declareForeignDataWrapper,
  server: declareServer,
  userMapping: declareUserMapping,
  subscription: declareSubscription,
  view: declareView,
  materializedView: declareMaterializedView,
  rows: declareRows,
  sql: declareSql,
  partition: declarePartition,
};
export const declareMember: { readonly [K in ObjectMember["kind"]]: DeclareMember<K> } = {
  column: declareColumn,
  primaryKey: declarePrimaryKey,
  unique: declareUnique,
  foreignKey: declareForeignKey,
  check: declareCheck,
  exclude: declareExclude,
  index: declareIndex,
  statistics: declareStatistics,
  replicaIdentity: declareReplicaIdentity,
  rowSecurity: declareRowSecurity,
  policy: declarePolicy,
  trigger: declareTrigger,
  rule: declareRule,
  cluster: declareCluster,
};
