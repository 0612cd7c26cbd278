/**
 * What the text says, kind by kind: the contract between the grammar and `declare`. Plain data with spans. Optional
 * clauses are null or empty when not written; nothing is defaulted here.
 */
import type {
  FragmentNode,
  FunctionNode,
  Name,
  OptionNode,
  PlpgsqlNode,
  QualifiedNode,
  Span,
  StatementsNode,
  SymbolNode,
  TypeNode,
} from "./nodes.ts";
import type { CollationProperties } from "./kinds/collations.ts";
import type { LanguageProperties } from "./kinds/languages.ts";
import type { OperatorProperties } from "./kinds/operators.ts";
import type { ParserProperties, TemplateProperties } from "./kinds/textSearch.ts";
import type { TransformProperties } from "./kinds/transforms.ts";
import type { BaseProperties, RangeProperties } from "./kinds/types.ts";
import type { Said } from "./parts/properties.ts";

export interface Common {
  readonly span: Span;
  /** Text of the `///` lines above, joined by newlines, or of a `comment '…'` clause or member; null: nothing said. */
  readonly doc: string | null;
  /** The schema given by the file's header or an enclosing `schema x { … }`, or by `in x`; null: public. */
  readonly schema: Name | null;
}
export interface SchemaDeclaration extends Common {
  readonly kind: "schema";
  readonly name: Name;
}
export interface ExtensionDeclaration extends Common {
  readonly kind: "extension";
  readonly name: Name;
  readonly version: string | null;
  /** `in x`; null: public */
  readonly into: Name | null;
}
export interface EnumLabel {
  readonly text: string;
  readonly was: string | null;
  /** `old -> new`: this label is gone, its rows get `replacement`. Such a label is no label of the type. */
  readonly replacement: string | null;
  readonly span: Span;
}
export interface EnumDeclaration extends Common {
  readonly kind: "enum";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly labels: readonly EnumLabel[];
}
export interface DomainCheckNode {
  readonly name: Name | null;
  readonly expression: FragmentNode;
  readonly notValid: boolean;
  readonly doc: string | null;
  readonly span: Span;
}
export interface DomainDeclaration extends Common {
  readonly kind: "domain";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly type: TypeNode;
  readonly notNull: boolean;
  /** `constraint x not null` */
  readonly notNullName: Name | null;
  readonly default: FragmentNode | null;
  readonly collation: QualifiedNode | null;
  readonly checks: readonly DomainCheckNode[];
}
export interface AttributeNode {
  readonly name: Name;
  readonly type: TypeNode;
  readonly collation: QualifiedNode | null;
  readonly doc: string | null;
  readonly span: Span;
}
interface TypeCommon extends Common {
  readonly kind: "typeDefinition";
  readonly name: QualifiedNode;
  readonly was: Name | null;
}
/** `type money_amount { amount numeric(14,2), currency char(3) }` */
export interface CompositeDeclaration extends TypeCommon {
  readonly form: "composite";
  readonly attributes: readonly AttributeNode[];
}
/** `type float_range range of float8 { subtype_diff float8mi }` */
export interface RangeDeclaration extends TypeCommon {
  readonly form: "range";
  readonly subtype: TypeNode;
  readonly properties: Said<RangeProperties>;
}
/** `type complex base { input complex_in, output complex_out }`; properties null: `type complex shell`, of which nothing but the name is known. */
export interface BaseTypeDeclaration extends TypeCommon {
  readonly form: "base";
  readonly properties: Said<BaseProperties> | null;
}
export type TypeDeclaration = CompositeDeclaration | RangeDeclaration | BaseTypeDeclaration;
/** `collation german { provider icu, locale 'de-DE' }` */
export interface CollationDeclaration extends Common {
  readonly kind: "collationDefinition";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly properties: Said<CollationProperties>;
}
interface TextSearchCommon extends Common {
  readonly kind: "textSearch";
  readonly name: QualifiedNode;
  readonly was: Name | null;
}
/** `mapping for asciiword, word with english_stem, simple` */
export interface MappingNode {
  readonly tokens: readonly Name[];
  readonly dictionaries: readonly QualifiedNode[];
  readonly span: Span;
}
export interface TextSearchConfigurationDeclaration extends TextSearchCommon {
  readonly form: "configuration";
  readonly parser: QualifiedNode;
  readonly mappings: readonly MappingNode[];
}
export interface TextSearchDictionaryDeclaration extends TextSearchCommon {
  readonly form: "dictionary";
  readonly template: QualifiedNode;
  readonly options: readonly OptionNode[];
}
export interface TextSearchParserDeclaration extends TextSearchCommon {
  readonly form: "parser";
  readonly properties: Said<ParserProperties>;
}
export interface TextSearchTemplateDeclaration extends TextSearchCommon {
  readonly form: "template";
  readonly properties: Said<TemplateProperties>;
}
export type TextSearchDeclaration =
  | TextSearchConfigurationDeclaration
  | TextSearchDictionaryDeclaration
  | TextSearchParserDeclaration
  | TextSearchTemplateDeclaration;
/** `cast (bigint as money) with function money(bigint) as assignment`; `binary`: without function */
export interface CastDeclaration extends Common {
  readonly kind: "cast";
  readonly source: TypeNode;
  readonly target: TypeNode;
  readonly method: "function" | "binary" | "inout";
  readonly function: FunctionNode | null;
  readonly context: "assignment" | "implicit" | null;
}
/** `operator === (int, int) { … }`; a side that is null: `none` */
export interface OperatorDeclaration extends Common {
  readonly kind: "operatorDefinition";
  readonly form: "operator";
  readonly symbol: SymbolNode;
  readonly left: TypeNode | null;
  readonly right: TypeNode | null;
  readonly properties: Said<OperatorProperties>;
}
/** A line of an operator class or family. `types` null: those of the class. */
export type ClassItemNode =
  | {
      readonly is: "operator";
      readonly number: string;
      readonly symbol: SymbolNode;
      readonly types: readonly TypeNode[] | null;
      readonly orderBy: QualifiedNode | null;
      readonly span: Span;
    }
  | {
      readonly is: "function";
      readonly number: string;
      readonly types: readonly TypeNode[] | null;
      readonly function: FunctionNode;
      readonly span: Span;
    }
  | { readonly is: "storage"; readonly type: TypeNode; readonly span: Span };
export interface OperatorClassDeclaration extends Common {
  readonly kind: "operatorDefinition";
  readonly form: "class";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly type: TypeNode;
  readonly method: Name;
  readonly default: boolean;
  readonly family: QualifiedNode | null;
  readonly items: readonly ClassItemNode[];
}
export interface OperatorFamilyDeclaration extends Common {
  readonly kind: "operatorDefinition";
  readonly form: "family";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly method: Name;
  readonly items: readonly ClassItemNode[];
}
/** `conversion c for 'LATIN1' to 'UTF8' from f default` */
export interface ConversionDeclaration extends Common {
  readonly kind: "conversion";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly source: string;
  readonly target: string;
  readonly function: QualifiedNode;
  readonly default: boolean;
}
/** `language l trusted { handler f }` */
export interface LanguageDeclaration extends Common {
  readonly kind: "language";
  readonly name: Name;
  readonly trusted: boolean;
  readonly properties: Said<LanguageProperties>;
}
/** `access method m type table handler f` */
export interface AccessMethodDeclaration extends Common {
  readonly kind: "accessMethod";
  readonly name: Name;
  readonly type: "table" | "index";
  readonly handler: QualifiedNode;
}
/** `transform for hstore language plperl { from sql f, to sql g }` */
export interface TransformDeclaration extends Common {
  readonly kind: "transform";
  readonly type: TypeNode;
  readonly language: Name;
  readonly properties: Said<TransformProperties>;
}
/** Numbers as decimal text; min / max: "none" for `no minvalue`. */
export interface SequenceOptionsNode {
  readonly start: string | null;
  readonly increment: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly cache: string | null;
  readonly cycle: boolean | null;
}
export interface SequenceDeclaration extends Common {
  readonly kind: "sequence";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly type: TypeNode | null;
  readonly unlogged: boolean;
  readonly options: SequenceOptionsNode;
  /** `owned by table (column)` */
  readonly ownedBy: { readonly table: QualifiedNode; readonly column: Name } | null;
}
/** `member of x with (admin, inherit = false)` */
export interface MembershipNode {
  readonly role: Name;
  readonly options: readonly OptionNode[];
  readonly span: Span;
}
/** `set x.y = value`; `inDatabase`: `in database`, of a role */
export interface SettingNode {
  readonly name: string;
  readonly value: string;
  readonly inDatabase: boolean;
  readonly span: Span;
}
export interface RoleDeclaration extends Common {
  readonly kind: "role";
  readonly name: Name;
  /** The words `login`, `noinherit` …, in the order of the language. */
  readonly flags: readonly string[];
  readonly connectionLimit: string | null;
  readonly validUntil: string | null;
  readonly memberships: readonly MembershipNode[];
  readonly settings: readonly SettingNode[];
}
/** How a thing that something is said of is called. */
export type TargetWord =
  | "table"
  | "view"
  | "materialized view"
  | "foreign table"
  | "sequence"
  | "type"
  | "domain"
  | "collation"
  | "conversion"
  | "statistics"
  | "operator"
  | "operator class"
  | "operator family"
  | "schema"
  | "language"
  | "server"
  | "foreign data wrapper"
  | "publication"
  | "subscription"
  | "event trigger"
  | "text search configuration"
  | "text search dictionary"
  | "function"
  | "procedure"
  | "aggregate"
  | "database";
/** `orders`, `function f(int)`, `operator === (int, int)`, `database`; `word` null: not said, so a table or the like. `name` null: the database. */
export interface TargetNode {
  readonly word: TargetWord | null;
  readonly name: QualifiedNode | null;
  /** null among an operator's: it has nothing on that side. */
  readonly arguments: readonly (TypeNode | null)[] | null;
  /** Of an operator class or family. */
  readonly method: Name | null;
  readonly span: Span;
}
/** `owner app on table orders`; no targets: everything of the schema or the project. */
export interface OwnerDeclaration extends Common {
  readonly kind: "owner";
  readonly role: Name;
  readonly targets: readonly TargetNode[];
}
/** `insert (a, b)`; `name` "all": all there are. */
export interface PrivilegeNode {
  readonly name: string;
  readonly columns: readonly Name[];
  readonly span: Span;
}
/** `role` null: `owner`, whoever that is; "public": everybody. */
export interface GranteeNode {
  readonly role: Name | null;
  readonly span: Span;
}
export interface GrantDeclaration extends Common {
  readonly kind: "grant";
  readonly privileges: readonly PrivilegeNode[];
  readonly targets: readonly TargetNode[];
  readonly grantees: readonly GranteeNode[];
  readonly grantOption: boolean;
  readonly grantedBy: Name | null;
}
export interface RevokeDeclaration extends Common {
  readonly kind: "revoke";
  readonly privileges: readonly PrivilegeNode[];
  readonly targets: readonly TargetNode[];
  readonly grantees: readonly GranteeNode[];
}
export interface DefaultPrivilegesDeclaration extends Common {
  readonly kind: "defaultPrivileges";
  readonly role: Name;
  readonly inSchema: Name | null;
  readonly revoke: boolean;
  readonly privileges: readonly PrivilegeNode[];
  readonly things: "tables" | "sequences" | "functions" | "types" | "schemas" | "large objects";
  readonly grantees: readonly GranteeNode[];
  readonly grantOption: boolean;
}
/** `security label 'x' for provider on table t (column)` */
export interface SecurityLabelDeclaration extends Common {
  readonly kind: "securityLabel";
  readonly text: string;
  readonly provider: Name;
  readonly target: TargetNode;
  readonly columns: readonly Name[];
}
/** `comment 'x' on index orders_pkey`: of what has no place of its own. */
export interface RemarkDeclaration extends Common {
  readonly kind: "remark";
  readonly text: string;
  readonly target:
    | { readonly is: "index" | "sequence"; readonly name: QualifiedNode }
    | {
        readonly is: "constraint";
        readonly name: Name;
        readonly of: "table" | "domain";
        readonly host: QualifiedNode;
      };
}
/** What is said of the database itself, whatever it is called. */
export interface DatabaseDeclaration extends Common {
  readonly kind: "database";
  readonly settings: readonly SettingNode[];
}
export interface MixinDeclaration extends Common {
  readonly kind: "mixin";
  readonly name: Name;
  readonly members: readonly Member[];
}
/** `partition by range (a, lower(b) collate "C" text_pattern_ops)` */
export interface PartitionKeyNode {
  readonly strategy: "range" | "list" | "hash";
  readonly keys: readonly KeyNode[];
  readonly span: Span;
}
/** `for (…) to (…)`, `for (…)`, `for modulus M remainder R`, `default` */
export type BoundNode =
  | { readonly kind: "range"; readonly from: FragmentNode; readonly to: FragmentNode; readonly span: Span }
  | { readonly kind: "list"; readonly values: FragmentNode; readonly span: Span }
  | { readonly kind: "hash"; readonly modulus: string; readonly remainder: string; readonly span: Span }
  | { readonly kind: "default"; readonly span: Span };
/** What a table and a partition have in common. */
interface TableLike extends Common {
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly partitionBy: PartitionKeyNode | null;
  readonly unlogged: boolean;
  readonly using: Name | null;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
  /** Of a foreign table; null: an ordinary one. */
  readonly server: Name | null;
  readonly foreignOptions: readonly ForeignOptionNode[];
  readonly members: readonly Member[];
}
export interface TableDeclaration extends TableLike {
  readonly kind: "table";
  readonly mixins: readonly Name[];
  /** The composite type that a typed table's columns are of. */
  readonly of: QualifiedNode | null;
}
/** Its columns are statements about its parent's, so each of them is `inherited`. */
export interface PartitionDeclaration extends TableLike {
  readonly kind: "partition";
  readonly parent: QualifiedNode;
  readonly bound: BoundNode;
}

/** A column of a view by name; its default is what an insert through the view puts in. */
export interface ViewColumnNode {
  readonly name: Name;
  readonly default: FragmentNode | null;
  readonly doc: string | null;
  readonly span: Span;
}
export interface ViewDeclaration extends Common {
  readonly kind: "view";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  /** Empty: as the query names them. */
  readonly columns: readonly ViewColumnNode[];
  readonly options: readonly OptionNode[];
  readonly query: StatementsNode;
  /** Triggers and rules. */
  readonly members: readonly Member[];
}
/** A column of a materialized view by name, with what is said of how it is stored. */
export interface MaterializedColumnNode {
  readonly name: Name;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: string | null;
  readonly options: readonly OptionNode[];
  readonly doc: string | null;
  readonly span: Span;
}
export interface MaterializedViewDeclaration extends Common {
  readonly kind: "materializedView";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly columns: readonly MaterializedColumnNode[];
  readonly using: Name | null;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
  readonly query: StatementsNode;
  /** `depends on extension x` */
  readonly dependsOn: readonly Name[];
  /** `with no data` */
  readonly noData: boolean;
  /** Indexes, and how it is clustered. */
  readonly members: readonly Member[];
}

/** An argument, or a column of `returns table`. */
export interface ArgumentNode {
  readonly mode: "in" | "out" | "inout" | "variadic" | "table";
  readonly name: Name | null;
  readonly type: TypeNode;
  readonly default: FragmentNode | null;
  readonly span: Span;
}
/** `set search_path = shop, public`; the values as text. */
export interface ConfigurationNode {
  readonly name: string;
  readonly values: readonly string[];
  readonly span: Span;
}
/** `form` null: of a language that is not ours to read. `head` opens a statement of which it could be the body. */
export type SourceNode = StatementsNode | PlpgsqlNode | (FragmentNode & { readonly form: null });
export type BodyNode =
  | { readonly kind: "text"; readonly source: SourceNode; readonly head: string }
  | { readonly kind: "symbol"; readonly library: string; readonly symbol: string; readonly span: Span }
  | { readonly kind: "return"; readonly expression: FragmentNode }
  | { readonly kind: "atomic"; readonly statements: StatementsNode };
export interface RoutineCommon extends Common {
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly arguments: readonly ArgumentNode[];
  readonly language: Name | null;
  readonly security: "definer" | "invoker" | null;
  readonly transforms: readonly TypeNode[];
  readonly configuration: readonly ConfigurationNode[];
  /** `depends on extension x` */
  readonly dependsOn: readonly Name[];
  readonly body: BodyNode;
}
export type ReturnsNode =
  | { readonly kind: "table"; readonly columns: readonly ArgumentNode[] }
  | { readonly kind: "type"; readonly set: boolean; readonly type: TypeNode };
export interface FunctionDeclaration extends RoutineCommon {
  readonly kind: "function";
  readonly returns: ReturnsNode | null;
  readonly volatility: "volatile" | "stable" | "immutable" | null;
  readonly strict: boolean;
  readonly leakproof: boolean;
  readonly window: boolean;
  readonly parallel: "unsafe" | "restricted" | "safe" | null;
  readonly cost: string | null;
  readonly rows: string | null;
  readonly support: QualifiedNode | null;
}
export interface ProcedureDeclaration extends RoutineCommon {
  readonly kind: "procedure";
}

/** `sfunc = x`: a function, a type, an operator, a number or a text; null: the word alone. */
export interface DefinitionNode {
  readonly name: string;
  readonly value:
    | { readonly kind: "text" | "operator"; readonly text: string }
    | { readonly kind: "type"; readonly type: TypeNode }
    | null;
  readonly span: Span;
}
export interface AggregateDeclaration extends Common {
  readonly kind: "aggregate";
  readonly name: QualifiedNode;
  readonly was: Name | null;
  readonly arguments: readonly ArgumentNode[];
  /** After `order by`; null: none */
  readonly ordered: readonly ArgumentNode[] | null;
  readonly definition: readonly DefinitionNode[];
}

export type Member =
  | ColumnNode
  | ConstraintNode
  | IndexNode
  | StatisticsNode
  | ReplicaIdentityNode
  | RowSecurityNode
  | PolicyNode
  | TriggerNode
  | RuleNode
  | ClusterNode
  | InheritsNode
  | CommentNode;

interface MemberCommon {
  readonly span: Span;
  readonly doc: string | null;
}
/** `comment 'text'` on a line of its own: the table's. */
export interface CommentNode extends MemberCommon {
  readonly kind: "comment";
  readonly text: string;
}
/** `inherits a, b` */
export interface InheritsNode extends MemberCommon {
  readonly kind: "inherits";
  readonly parents: readonly QualifiedNode[];
}
/** `replica identity full | nothing | default | index name` */
export interface ReplicaIdentityNode extends MemberCommon {
  readonly kind: "replicaIdentity";
  readonly mode: "full" | "nothing" | "default" | "index";
  readonly index: Name | null;
}
/** `row level security [disabled] [forced]` */
export interface RowSecurityNode extends MemberCommon {
  readonly kind: "rowSecurity";
  readonly enabled: boolean;
  readonly forced: boolean;
}
/** A role by its name; `word`: whoever is meant by it. */
export interface RoleNode {
  readonly word: "public" | "current_user" | "session_user" | null;
  readonly name: Name;
}
export type PolicyCommand = "all" | "select" | "insert" | "update" | "delete";
/** `policy name restrictive for select to app using (…) with check (…)` */
export interface PolicyNode extends MemberCommon {
  readonly kind: "policy";
  readonly name: Name;
  readonly was: Name | null;
  readonly restrictive: boolean;
  /** null: all */
  readonly command: PolicyCommand | null;
  /** Empty: public. */
  readonly roles: readonly RoleNode[];
  readonly using: FragmentNode | null;
  readonly check: FragmentNode | null;
}
/** In which sessions it acts; null: the usual ones. */
export type FiringNode = "disabled" | "replica" | "always" | null;
export interface TriggerEventNode {
  readonly event: "insert" | "update" | "delete" | "truncate";
  /** `update of a, b` */
  readonly columns: readonly Name[];
  readonly span: Span;
}
/** `trigger name before update of a for each row when (…) execute f('x')`, `constraint trigger …` */
export interface TriggerNode extends MemberCommon {
  readonly kind: "trigger";
  readonly name: Name;
  readonly was: Name | null;
  readonly constraint: boolean;
  readonly timing: "before" | "after" | "instead of";
  readonly events: readonly TriggerEventNode[];
  /** Of a constraint trigger. */
  readonly from: QualifiedNode | null;
  readonly deferrable: DeferrableNode;
  /** `referencing old table as x` */
  readonly oldTable: Name | null;
  readonly newTable: Name | null;
  /** null: statement */
  readonly level: "row" | "statement" | null;
  readonly when: FragmentNode | null;
  readonly function: QualifiedNode;
  readonly arguments: readonly string[];
  readonly firing: FiringNode;
  /** `depends on extension x` */
  readonly dependsOn: readonly Name[];
}
/** `rule name on insert where (…) do instead $$ … $$` */
export interface RuleNode extends MemberCommon {
  readonly kind: "rule";
  readonly name: Name;
  readonly was: Name | null;
  readonly event: "insert" | "update" | "delete";
  readonly where: FragmentNode | null;
  readonly instead: boolean;
  /** null: nothing */
  readonly actions: StatementsNode | null;
  readonly firing: FiringNode;
}
/** `cluster on index` */
export interface ClusterNode extends MemberCommon {
  readonly kind: "cluster";
  readonly index: Name;
}
export interface IdentityNode {
  readonly generation: "always" | "by default";
  readonly options: SequenceOptionsNode;
  /** `(sequence name x)` */
  readonly sequenceName: QualifiedNode | null;
  readonly span: Span;
}
/** `local` false: written as `inherited name …` for a column that exists only through a parent but differs from it. */
export interface ColumnNode extends MemberCommon {
  readonly kind: "column";
  readonly name: Name;
  readonly was: Name | null;
  readonly inherited: boolean;
  readonly type: TypeNode;
  readonly nullable: boolean;
  readonly default: FragmentNode | null;
  readonly identity: IdentityNode | null;
  readonly generated: { readonly expression: FragmentNode; readonly virtual: boolean } | null;
  readonly collation: QualifiedNode | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: string | null;
  /** `with (n_distinct = …)` */
  readonly options: readonly OptionNode[];
  /** `options (…)` of a foreign table's column */
  readonly foreignOptions: readonly ForeignOptionNode[];
  readonly using: FragmentNode | null;
  readonly backfill: FragmentNode | null;
  /** Constraints written on the column's line; their `columns` are this one. */
  readonly constraints: readonly ConstraintNode[];
}
export type DeferrableNode = "not deferrable" | "deferrable" | "initially deferred" | null;
export interface PrimaryKeyNode extends MemberCommon {
  readonly kind: "primaryKey";
  readonly name: Name | null;
  readonly columns: readonly Name[];
  readonly withoutOverlaps: boolean;
  /** `primary key (a) of y`: a partition's key that is a part of an index of the partitioned table that is no key. */
  readonly of: Name | null;
  /** `only`: the partitions have it only where they say so. */
  readonly only: boolean;
  readonly include: readonly Name[];
  readonly deferrable: DeferrableNode;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
}
export interface UniqueNode extends MemberCommon {
  readonly kind: "unique";
  readonly name: Name | null;
  readonly columns: readonly Name[];
  readonly withoutOverlaps: boolean;
  /** `primary key (a) of y`: a partition's key that is a part of an index of the partitioned table that is no key. */
  readonly of: Name | null;
  /** `only`: the partitions have it only where they say so. */
  readonly only: boolean;
  readonly nullsNotDistinct: boolean;
  readonly include: readonly Name[];
  readonly deferrable: DeferrableNode;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
}
export interface ActionNode {
  readonly action: "no action" | "restrict" | "cascade" | "set null" | "set default";
  readonly columns: readonly Name[];
}
export interface ForeignKeyNode extends MemberCommon {
  readonly kind: "foreignKey";
  readonly name: Name | null;
  readonly columns: readonly Name[];
  readonly references: QualifiedNode;
  /** Empty: the primary key of the referenced table. */
  readonly referencedColumns: readonly Name[];
  readonly period: boolean;
  readonly match: "simple" | "full" | null;
  readonly onDelete: ActionNode | null;
  readonly onUpdate: ActionNode | null;
  readonly deferrable: DeferrableNode;
  readonly notValid: boolean;
  readonly notEnforced: boolean;
}
export interface CheckNode extends MemberCommon {
  readonly kind: "check";
  readonly name: Name | null;
  readonly expression: FragmentNode;
  readonly noInherit: boolean;
  readonly notValid: boolean;
  readonly notEnforced: boolean;
}
/** `constraint NAME not null (column) [no inherit] [not valid]`, for names other than Postgres's own (PostgreSQL 18). */
export interface NotNullNode extends MemberCommon {
  readonly kind: "notNull";
  readonly name: Name | null;
  readonly column: Name;
  readonly noInherit: boolean;
  readonly notValid: boolean;
}
export interface KeyNode {
  /** A bare column name, or an expression (a call written without brackets, or anything in brackets). */
  readonly column: Name | null;
  readonly expression: FragmentNode | null;
  readonly collation: QualifiedNode | null;
  readonly operatorClass: QualifiedNode | null;
  readonly operatorClassOptions: readonly OptionNode[];
  readonly order: "asc" | "desc" | null;
  readonly nulls: "first" | "last" | null;
  /** Target of the statistics on an expression. */
  readonly statistics: string | null;
  readonly span: Span;
}
export interface ExcludeNode extends MemberCommon {
  readonly kind: "exclude";
  readonly name: Name | null;
  readonly method: Name | null;
  /** `operator` verbatim: `&&`, `operator(pg_catalog.=)` */
  readonly elements: readonly {
    readonly key: KeyNode;
    readonly operator: { readonly text: string; readonly span: Span };
  }[];
  readonly include: readonly Name[];
  readonly where: FragmentNode | null;
  readonly deferrable: DeferrableNode;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
}
export type ConstraintNode = PrimaryKeyNode | UniqueNode | ForeignKeyNode | CheckNode | ExcludeNode | NotNullNode;
export interface IndexNode extends MemberCommon {
  readonly kind: "index";
  readonly name: Name | null;
  /** `index x of y`: a partition's part of an index or key of the partitioned table; it has no keys of its own. */
  readonly of: Name | null;
  /** `only`: the partitions have it only where they say so. */
  readonly only: boolean;
  readonly was: Name | null;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly method: Name | null;
  readonly keys: readonly KeyNode[];
  readonly include: readonly Name[];
  readonly where: FragmentNode | null;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
  /** `depends on extension x` */
  readonly dependsOn: readonly Name[];
}

/** `statistics s (mcv) on (a, lower(b)) target 500` */
export interface StatisticsNode extends MemberCommon {
  readonly kind: "statistics";
  readonly name: QualifiedNode | null;
  readonly was: Name | null;
  /** Empty: all. */
  readonly kinds: readonly Name[];
  readonly keys: readonly StatisticsKeyNode[];
  readonly target: string | null;
}
/** A column, or an expression: a call written without brackets, or anything in brackets. */
export interface StatisticsKeyNode {
  readonly column: Name | null;
  readonly expression: FragmentNode | null;
  readonly span: Span;
}
export type PublicationMemberNode =
  | {
      readonly kind: "table";
      readonly table: QualifiedNode;
      /** Empty: all. */
      readonly columns: readonly Name[];
      readonly where: FragmentNode | null;
      readonly span: Span;
    }
  | { readonly kind: "schema"; readonly schema: Name; readonly span: Span };
/** `publication name for table a (x) where (…), tables in schema b with (publish = 'insert')` */
export interface PublicationDeclaration extends Common {
  readonly kind: "publication";
  readonly name: Name;
  readonly was: Name | null;
  readonly allTables: boolean;
  readonly members: readonly PublicationMemberNode[];
  readonly options: readonly OptionNode[];
}

/** `event trigger name on event when tag in ('…') execute f() disabled` */
export interface EventTriggerDeclaration extends Common {
  readonly kind: "eventTrigger";
  readonly name: Name;
  readonly was: Name | null;
  readonly event: Name;
  readonly tags: readonly { readonly tag: string; readonly span: Span }[];
  readonly function: QualifiedNode;
  readonly firing: FiringNode;
}
/** Text that may be a secret: a value, or the name of a placeholder, which may have no value here (`value` null then). */
export interface GivenNode {
  readonly value: string | null;
  readonly placeholder: string | null;
  readonly span: Span;
}
/** `options (host 'a', password ${secret})` */
export interface ForeignOptionNode extends GivenNode {
  readonly name: Name;
}
export interface ForeignDataWrapperDeclaration extends Common {
  readonly kind: "foreignDataWrapper";
  readonly name: Name;
  readonly was: Name | null;
  readonly handler: QualifiedNode | null;
  readonly validator: QualifiedNode | null;
  readonly options: readonly ForeignOptionNode[];
}
/** `server name type 'x' version 'y' foreign data wrapper w options (…)` */
export interface ServerDeclaration extends Common {
  readonly kind: "server";
  readonly name: Name;
  readonly was: Name | null;
  readonly type: string | null;
  readonly version: string | null;
  readonly wrapper: Name;
  readonly options: readonly ForeignOptionNode[];
}
/** `user mapping for role server name options (…)` */
export interface UserMappingDeclaration extends Common {
  readonly kind: "userMapping";
  readonly user: Name;
  readonly server: Name;
  readonly options: readonly ForeignOptionNode[];
}
/** `subscription name connection '…' publication a, b with (…) disabled` */
export interface SubscriptionDeclaration extends Common {
  readonly kind: "subscription";
  readonly name: Name;
  readonly was: Name | null;
  readonly connection: GivenNode;
  readonly publications: readonly Name[];
  readonly options: readonly OptionNode[];
  readonly disabled: boolean;
}

export interface RowNode {
  readonly values: readonly FragmentNode[];
  readonly span: Span;
}
/** `name`: the table. */
export interface RowsDeclaration extends Common {
  readonly kind: "rows";
  readonly name: QualifiedNode;
  readonly columns: readonly Name[];
  readonly rows: readonly RowNode[];
}
export type SqlPartNode =
  | { readonly what: "create" | "drop"; readonly text: StatementsNode; readonly span: Span }
  | { readonly what: "after"; readonly names: readonly QualifiedNode[]; readonly span: Span };
export interface SqlDeclaration extends Common {
  readonly kind: "sql";
  readonly name: Name;
  readonly create: StatementsNode;
  readonly drop: StatementsNode | null;
  /** What must be there before it. */
  readonly after: readonly QualifiedNode[];
}

/** The one list of what can stand at file level. */
export interface Declarations {
  schema: SchemaDeclaration;
  extension: ExtensionDeclaration;
  enum: EnumDeclaration;
  domain: DomainDeclaration;
  role: RoleDeclaration;
  owner: OwnerDeclaration;
  grant: GrantDeclaration;
  revoke: RevokeDeclaration;
  defaultPrivileges: DefaultPrivilegesDeclaration;
  securityLabel: SecurityLabelDeclaration;
  database: DatabaseDeclaration;
  remark: RemarkDeclaration;
  typeDefinition: TypeDeclaration;
  collationDefinition: CollationDeclaration;
  textSearch: TextSearchDeclaration;
  cast: CastDeclaration;
  operatorDefinition: OperatorDeclaration | OperatorClassDeclaration | OperatorFamilyDeclaration;
  conversion: ConversionDeclaration;
  language: LanguageDeclaration;
  accessMethod: AccessMethodDeclaration;
  transform: TransformDeclaration;
  sequence: SequenceDeclaration;
  mixin: MixinDeclaration;
  table: TableDeclaration;
  function: FunctionDeclaration;
  procedure: ProcedureDeclaration;
  aggregate: AggregateDeclaration;
  publication: PublicationDeclaration;
  eventTrigger: EventTriggerDeclaration;
  foreignDataWrapper: ForeignDataWrapperDeclaration;
  server: ServerDeclaration;
  userMapping: UserMappingDeclaration;
  subscription: SubscriptionDeclaration;
  view: ViewDeclaration;
  materializedView: MaterializedViewDeclaration;
  rows: RowsDeclaration;
  sql: SqlDeclaration;
  partition: PartitionDeclaration;
}
export type DeclarationKind = keyof Declarations;
export type Declaration = Declarations[DeclarationKind];
