/** The lists that ask: a kind of declaration or member without a room does not compile. */
import type { IToken } from "chevrotain";
import type { DeclarationCstNode, MemberCstNode } from "./cst.ts";
import type { Declaration, DeclarationKind, Declarations, Member } from "./declarations.ts";
import { clusters, lowerCluster } from "./kinds/clusters.ts";
import { aggregates } from "./kinds/aggregates.ts";
import { accessMethods } from "./kinds/accessMethods.ts";
import { casts } from "./kinds/casts.ts";
import { columns, lowerColumn } from "./kinds/columns.ts";
import { checks } from "./kinds/checks.ts";
import { collations } from "./kinds/collations.ts";
import { comments, lowerComment } from "./kinds/comments.ts";
import { constraintRules, lowerConstraint } from "./kinds/constraints.ts";
import { conversions } from "./kinds/conversions.ts";
import { domains } from "./kinds/domains.ts";
import { enums } from "./kinds/enums.ts";
import { excludes } from "./kinds/excludes.ts";
import { extensions } from "./kinds/extensions.ts";
import { foreignKeys } from "./kinds/foreignKeys.ts";
import { functions } from "./kinds/functions.ts";
import { indexes, lowerIndex } from "./kinds/indexes.ts";
import { inherits, lowerInherits } from "./kinds/inherits.ts";
import { languages } from "./kinds/languages.ts";
import { materializedViews } from "./kinds/materializedViews.ts";
import { mixins } from "./kinds/mixins.ts";
import { partitions } from "./kinds/partitions.ts";
import { notNulls } from "./kinds/notNulls.ts";
import { lowerPolicy, policies } from "./kinds/policies.ts";
import { operators } from "./kinds/operators.ts";
import { primaryKeys } from "./kinds/primaryKeys.ts";
import { procedures } from "./kinds/procedures.ts";
import { lowerReplicaIdentity, replicaIdentities } from "./kinds/replicaIdentities.ts";
import { lowerRowSecurity, rowSecurities } from "./kinds/rowSecurities.ts";
import { lowerRule, rules } from "./kinds/rules.ts";
import { databases } from "./kinds/databases.ts";
import { defaultPrivileges } from "./kinds/defaultPrivileges.ts";
import { grants, revokes } from "./kinds/grants.ts";
import { owners } from "./kinds/owners.ts";
import { roles } from "./kinds/roles.ts";
import { remarks } from "./kinds/remarks.ts";
import { securityLabels } from "./kinds/securityLabels.ts";
import { publications } from "./kinds/publications.ts";
import { eventTriggers } from "./kinds/eventTriggers.ts";
import { foreignDataWrappers } from "./kinds/foreignDataWrappers.ts";
import { servers } from "./kinds/servers.ts";
import { subscriptions } from "./kinds/subscriptions.ts";
import { userMappings } from "./kinds/userMappings.ts";
import { foreignOptionRules } from "./parts/foreignOptions.ts";
import { foreignTableRules } from "./parts/foreignTables.ts";
import { rows } from "./kinds/rows.ts";
import { schemas } from "./kinds/schemas.ts";
import { sequences } from "./kinds/sequences.ts";
import { lowerStatistics, statistics } from "./kinds/statistics.ts";
import { sqlBlocks } from "./kinds/sqlBlocks.ts";
import { tables } from "./kinds/tables.ts";
import { lowerTrigger, triggers } from "./kinds/triggers.ts";
import { textSearch } from "./kinds/textSearch.ts";
import { transforms } from "./kinds/transforms.ts";
import { types } from "./kinds/types.ts";
import { uniques } from "./kinds/uniques.ts";
import { views } from "./kinds/views.ts";
import type { Lower } from "./lower.ts";
import type { Rules } from "./parser.ts";
import { clauseRules } from "./parts/clauses.ts";
import { columnListRules } from "./parts/columns.ts";
import { firingRules } from "./parts/firing.ts";
import { fragmentRules } from "./parts/fragments.ts";
import { headRules } from "./parts/heads.ts";
import { keyConstraintRules } from "./parts/keyConstraints.ts";
import { keyRules } from "./parts/keys.ts";
import { nameRules } from "./parts/names.ts";
import { optionRules } from "./parts/options.ts";
import { privilegeRules } from "./parts/privileges.ts";
import { targetRules } from "./parts/targets.ts";
import { settingRules } from "./parts/settings.ts";
import { referenceRules } from "./parts/references.ts";
import { partitioningRules } from "./parts/partitioning.ts";
import { routineRules } from "./parts/routines.ts";
import { sequenceOptionRules } from "./parts/sequenceOptions.ts";
import { statementRules } from "./parts/statements.ts";
import { typeRules } from "./parts/types.ts";
import type {
  DeclarationTree,
  Inside,
  MemberKind,
  MemberOf,
  MemberSyntax,
  Place,
  Print,
  Printed,
  Syntax,
} from "./syntax.ts";

export const syntaxes: { readonly [K in DeclarationKind]: Syntax<K> } = {
  schema: schemas,
  extension: extensions,
  enum: enums,
  domain: domains,
  typeDefinition: types,
  collationDefinition: collations,
  textSearch,
  cast: casts,
  operatorDefinition: operators,
  conversion: conversions,
  language: languages,
  accessMethod: accessMethods,
  transform: transforms,
  sequence: sequences,
  role: roles,
  owner: owners,
  grant: grants,
  revoke: revokes,
  defaultPrivileges,
  securityLabel: securityLabels,
  database: databases,
  remark: remarks,
  mixin: mixins,
  table: tables,
  function: functions,
  procedure: procedures,
  aggregate: aggregates,
  publication: publications,
  eventTrigger: eventTriggers,
  foreignDataWrapper: foreignDataWrappers,
  server: servers,
  userMapping: userMappings,
  subscription: subscriptions,
  view: views,
  materializedView: materializedViews,
  rows,
  sql: sqlBlocks,
  partition: partitions,
};
export const memberSyntaxes: { readonly [K in MemberKind]: MemberSyntax<K> } = {
  column: columns,
  primaryKey: primaryKeys,
  unique: uniques,
  foreignKey: foreignKeys,
  check: checks,
  exclude: excludes,
  notNull: notNulls,
  index: indexes,
  statistics,
  replicaIdentity: replicaIdentities,
  rowSecurity: rowSecurities,
  policy: policies,
  trigger: triggers,
  rule: rules,
  cluster: clusters,
  inherits,
  comment: comments,
};
export const declarationKinds = Object.keys(syntaxes) as readonly DeclarationKind[];

/** The two rules that pieces are parsed by, besides `labels`. */
const glue: Rules = {
  rules(p) {
    const declarations = p.choice(...declarationKinds.map((kind) => () => p.call(0, kind)));
    p.rule("declaration", () => p.one(0, declarations));
    const members = p.ordered(
      () => p.call(0, "index"),
      () => p.call(0, "trigger"),
      () => p.call(0, "extendedStatistics"),
      () => p.call(0, "constraint"),
      () => p.call(0, "replicaIdentity"),
      () => p.call(0, "rowSecurity"),
      () => p.call(0, "policy"),
      () => p.call(0, "rewriteRule"),
      () => p.call(0, "cluster"),
      () => p.call(0, "inherits"),
      () => p.call(0, "comment"),
      () => p.call(0, "column"),
    );
    p.rule("member", () => p.one(0, members));
  },
};
export const allRules: readonly Rules[] = [
  nameRules,
  fragmentRules,
  statementRules,
  typeRules,
  referenceRules,
  optionRules,
  foreignOptionRules,
  foreignTableRules,
  columnListRules,
  clauseRules,
  headRules,
  sequenceOptionRules,
  settingRules,
  targetRules,
  privilegeRules,
  keyRules,
  partitioningRules,
  keyConstraintRules,
  firingRules,
  routineRules,
  ...Object.values(syntaxes),
  ...Object.values(memberSyntaxes),
  constraintRules,
  glue,
];

/** Which kind a tree is of. */
export function kindOf(node: DeclarationCstNode): DeclarationKind {
  const kind = declarationKinds.find((k) => node.children[k] !== undefined);
  if (kind === undefined) throw new Error("a declaration without a kind");
  return kind;
}
/** The one place where a kind and its tree are told to belong together. */
export function lowerDeclaration<K extends DeclarationKind>(
  kind: K,
  node: DeclarationCstNode,
  place: Place,
  inside: Inside,
  l: Lower,
): Declaration {
  const tree = node.children[kind]![0]!.children as DeclarationTree<K>;
  return syntaxes[kind].lower(tree, place, inside, l);
}

/** The rule for lines in the braces of this declaration; null: it has none. */
export function partRule<K extends DeclarationKind>(kind: K, node: DeclarationCstNode): string | null {
  return syntaxes[kind].part?.(node.children[kind]![0]!.children as DeclarationTree<K>) ?? null;
}

export function lowerMember(node: MemberCstNode, first: IToken, last: IToken, l: Lower): Member {
  const c = node.children;
  const span = l.between(first, last);
  const start = first.startOffset;
  if (c.column) return lowerColumn(c.column[0]!.children, span, start, l);
  if (c.constraint) return lowerConstraint(c.constraint[0]!, { span, doc: null }, start, l);
  if (c.index) return lowerIndex(c.index[0]!.children, span, start, l);
  if (c.extendedStatistics) return lowerStatistics(c.extendedStatistics[0]!.children, span, start, l);
  if (c.replicaIdentity) return lowerReplicaIdentity(c.replicaIdentity[0]!.children, span, l);
  if (c.rowSecurity) return lowerRowSecurity(c.rowSecurity[0]!.children, span);
  if (c.policy) return lowerPolicy(c.policy[0]!.children, span, start, l);
  if (c.trigger) return lowerTrigger(c.trigger[0]!.children, span, start, l);
  if (c.rewriteRule) return lowerRule(c.rewriteRule[0]!.children, span, start, l);
  if (c.cluster) return lowerCluster(c.cluster[0]!.children, span, l);
  if (c.inherits) return lowerInherits(c.inherits[0]!.children, span, l);
  return lowerComment(c.comment![0]!.children, span, l);
}

export const printDeclaration = <K extends DeclarationKind>(kind: K, d: Declarations[K], p: Print): Printed =>
  syntaxes[kind].print(d, p);
export const printMember = <K extends MemberKind>(kind: K, m: MemberOf<K>, p: Print): readonly Printed[] =>
  memberSyntaxes[kind].print(m, p);
