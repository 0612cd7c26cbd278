/**
 * The data dictionary: every kind of thing a database can hold, its identity and its attributes. Plain, frozen,
 * JSON-serialisable data, no methods; imports nothing. Adding a kind or an attribute here makes the compiler ask for the rest.
 */

/** A qualified name of an object that lives in a schema (the Postgres namespace). */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/**
 * A piece of SQL that only Postgres understands: a default, a check, a predicate, a type.
 * `sql` is what to write, and `path` the schemas in which its names resolve (empty: everything is qualified already);
 * `canonical` is what Postgres deparses it to with search_path = pg_catalog, null while nobody has asked.
 * Two fragments are the same when their canonical texts (else their texts) are, or what to write for them is.
 */
export interface Fragment {
  readonly sql: string;
  readonly path: readonly string[];
  readonly canonical: string | null;
}

/** Whole numbers of 64 bits stand as decimal text, because data must survive JSON. */
export type Bigint = string;

/** Options as Postgres keeps them (`reloptions`): name → value as text; booleans as "true" / "false". */
export type Options = Readonly<Record<string, string>>;

export interface SequenceOptions {
  readonly start: Bigint;
  readonly increment: Bigint;
  readonly min: Bigint;
  readonly max: Bigint;
  readonly cache: Bigint;
  readonly cycle: boolean;
}

/** `name` null: the one Postgres gives, `<table>_<column>_seq`, in the table's schema. */
export interface Identity {
  readonly generation: "always" | "by default";
  readonly options: SequenceOptions;
  readonly name: QualifiedName | null;
}

/** `name` null: Postgres's own (and on 13 to 17, where the catalog has none, always null). */
export interface NotNull {
  readonly name: string | null;
  readonly noInherit: boolean;
  readonly validated: boolean;
}

export interface Generated {
  readonly expression: Fragment;
  readonly storage: "stored" | "virtual";
}

/** `name` qualified. Options as `name → value`, e.g. siglen of gist_trgm_ops. */
export interface OperatorClass {
  readonly name: QualifiedName;
  readonly options: Options;
}

/**
 * One key of an index: a column or an expression, never both. Collation and operator class are null where they are the
 * default of the column or expression (collation) or of its type and the access method (operator class).
 */
export interface IndexKey {
  readonly column: string | null;
  readonly expression: Fragment | null;
  readonly collation: QualifiedName | null;
  readonly operatorClass: OperatorClass | null;
  readonly order: "asc" | "desc";
  readonly nulls: "first" | "last";
  /** Of an expression; null: the server's default. */
  readonly statistics: number | null;
}

/** What rows are told apart by. Its keys have neither order nor options of operator classes. */
export interface PartitionKey {
  readonly strategy: "range" | "list" | "hash";
  readonly keys: readonly IndexKey[];
}

/** What primary keys and unique constraints share: the index beneath. */
export interface KeyAttributes {
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly deferrable: Deferrable;
  readonly options: Options;
  readonly tablespace: string | null;
  /** The last column is a range and must not overlap (PostgreSQL 18). */
  readonly withoutOverlaps: boolean;
  readonly partOf: PartOf;
  /** Partitions have it only where they say so; Postgres calls it invalid until all of them do. */
  readonly only: boolean;
}

/** A function by what names it: argument types as format_type shows them, without modifiers. */
export interface FunctionName extends QualifiedName {
  readonly arguments: readonly string[];
}

/** An operator by what names it; null: it has nothing on that side. */
export interface OperatorName extends QualifiedName {
  readonly left: string | null;
  readonly right: string | null;
}
/** Members of an operator class or family; `orderBy`: the family that sorts what it gives, null for a search. */
export interface ClassOperator {
  readonly number: number;
  readonly operator: OperatorName;
  readonly orderBy: QualifiedName | null;
}
export interface ClassFunction {
  readonly number: number;
  readonly types: readonly [left: string, right: string];
  readonly function: FunctionName;
}

/** One attribute of a composite type. `collation` null: the default of the type. */
export interface CompositeAttribute {
  readonly name: string;
  readonly type: Fragment;
  readonly collation: QualifiedName | null;
}
/**
 * The index or constraint of the partitioned table that this one, on a partition, is a part of: it comes and goes with that one.
 * null: it stands by itself. It is of the same kind, but a key can be a part of an index that is no key.
 */
export type PartOf = (OfTable & { readonly kind: "primaryKey" | "unique" | "exclude" | "index" | "foreignKey" }) | null;

export type Deferrable = "not deferrable" | "deferrable" | "initially deferred";
export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";
/** A role by its name, "public": everybody, or whoever is connected when it is said, of whom Postgres keeps the name. */
export type RoleName = string | { readonly whoever: "current_user" | "session_user" };

/** In which sessions a trigger or rule acts: usually in all but those that replicate. */
export type Firing = "enabled" | "disabled" | "replica" | "always";
export type TriggerEvent = "insert" | "update" | "delete" | "truncate";

/** A value that is compared but never shown. null: said without one; whichever is there. */
export interface Secret {
  readonly secret: string | null;
}
/** Options of foreign data wrappers and what stands on them, in order, which is never compared. */
export type ForeignOptions = Readonly<Record<string, string | Secret>>;
export type PublishedChange = "insert" | "update" | "delete" | "truncate";
export type Persistence = "permanent" | "unlogged";

/** An argument of a function or procedure, or a column of `returns table`, in order. */
export interface Argument {
  readonly name: string | null;
  readonly mode: "in" | "out" | "inout" | "variadic" | "table";
  readonly type: Fragment;
  readonly default: Fragment | null;
}
/** What is run. `text`: as the language takes it, verbatim; `symbol`: of a library; `sql`: parsed at once, `return …` or `begin atomic …`. */
export type Body =
  { readonly text: string } | { readonly library: string; readonly symbol: string } | { readonly sql: Fragment };

/** What functions and procedures share. */
export interface RoutineAttributes {
  readonly arguments: readonly Argument[];
  readonly language: string;
  readonly body: Body;
  readonly security: "invoker" | "definer";
  /** Settings for the time of a call, as `pg_proc.proconfig` keeps them; names in lower case. */
  readonly settings: Options;
  /** Types whose transforms are used. */
  readonly transforms: readonly Fragment[];
}
export interface AggregateState {
  readonly sfunc: QualifiedName;
  readonly type: Fragment;
  /** About how many bytes a state takes; 0: not said */
  readonly space: number;
  readonly finalfunc: QualifiedName | null;
  readonly finalExtra: boolean;
  readonly finalModify: "read_only" | "shareable" | "read_write";
  readonly initial: string | null;
}
/** Identity of a routine: its input types as Postgres shows them, without modifiers. */
type Routine = QualifiedName & { readonly arguments: readonly string[] };
/** Attributes of a role; passwords are never looked at. `connectionLimit` -1: none; `validUntil` null: for ever. */
export interface RoleOptions {
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createDb: boolean;
  readonly createRole: boolean;
  readonly inherit: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  readonly connectionLimit: number;
  readonly validUntil: string | null;
}

export type Privilege =
  | "select"
  | "insert"
  | "update"
  | "delete"
  | "truncate"
  | "references"
  | "trigger"
  | "maintain"
  | "usage"
  | "create"
  | "execute"
  | "connect"
  | "temporary";
/** All in Postgres's order; `grantable` are those of them that come with grant option. */
export interface PrivilegeSet {
  readonly privileges: readonly Privilege[];
  readonly grantable: readonly Privilege[];
}

type OfMethod = { readonly schema: string; readonly name: string; readonly method: string };
type OfTable = { readonly schema: string; readonly table: string; readonly name: string };

export interface Objects {
  schema: { id: { readonly name: string }; attributes: Record<never, never> };
  /** `version` null: whichever is there. */
  extension: {
    id: { readonly name: string };
    attributes: { readonly schema: string; readonly version: string | null };
  };
  enum: { id: QualifiedName; attributes: { readonly labels: readonly string[] } };
  domain: {
    id: QualifiedName;
    attributes: {
      readonly type: Fragment;
      readonly notNull: boolean;
      /** Of the not null (PostgreSQL 18); null: as Postgres would call it, or whichever is there. */
      readonly notNullName: string | null;
      readonly default: Fragment | null;
      /** null: the default of the base type */
      readonly collation: QualifiedName | null;
    };
  };
  domainCheck: {
    id: { readonly schema: string; readonly domain: string; readonly name: string };
    attributes: { readonly expression: Fragment; readonly validated: boolean };
  };
  /** Attributes in order; the order of those that stay is never changed. */
  composite: { id: QualifiedName; attributes: { readonly attributes: readonly CompositeAttribute[] } };
  /** A part of a composite type, for what is said of it by name; all else of it is the type's. */
  typeAttribute: {
    id: { readonly schema: string; readonly type: string; readonly name: string };
    attributes: Record<never, never>;
  };
  range: {
    id: QualifiedName;
    attributes: {
      readonly subtype: Fragment;
      /** null: the default of the subtype */
      readonly operatorClass: QualifiedName | null;
      /** null: the default of the subtype */
      readonly collation: QualifiedName | null;
      readonly canonical: FunctionName | null;
      readonly subtypeDiff: FunctionName | null;
      /** null: there are none before PostgreSQL 14 */
      readonly multirange: QualifiedName | null;
    };
  };
  collation: {
    id: QualifiedName;
    attributes: {
      readonly provider: "libc" | "icu" | "builtin";
      /** Of icu and builtin; Postgres may spell it otherwise than it was written. null: of libc. */
      readonly locale: Fragment | null;
      /** Of libc. */
      readonly lcCollate: string | null;
      readonly lcCtype: string | null;
      readonly deterministic: boolean;
      /** Of icu (PostgreSQL 16). */
      readonly rules: string | null;
    };
  };
  /** Extended statistics; may live in another schema than their table. */
  statistics: {
    id: QualifiedName;
    attributes: {
      readonly table: QualifiedName;
      /** Empty: those on a single expression have none of these. */
      readonly kinds: readonly ("ndistinct" | "dependencies" | "mcv")[];
      /** By name: Postgres keeps them in the table's order. */
      readonly columns: readonly string[];
      readonly expressions: readonly Fragment[];
      /** null: the server's default */
      readonly target: number | null;
    };
  };
  textSearchParser: {
    id: QualifiedName;
    attributes: {
      readonly start: FunctionName;
      readonly gettoken: FunctionName;
      readonly end: FunctionName;
      readonly headline: FunctionName | null;
      readonly lextypes: FunctionName;
    };
  };
  textSearchTemplate: {
    id: QualifiedName;
    attributes: { readonly init: FunctionName | null; readonly lexize: FunctionName };
  };
  textSearchDictionary: {
    id: QualifiedName;
    attributes: { readonly template: QualifiedName; readonly options: Options };
  };
  textSearchConfiguration: {
    id: QualifiedName;
    attributes: {
      readonly parser: QualifiedName;
      /** Name of a sort of token → the dictionaries that are asked, in order. */
      readonly mappings: Readonly<Record<string, readonly QualifiedName[]>>;
    };
  };
  /** Of the whole database. `binary`: without a function. */
  cast: {
    id: { readonly from: string; readonly to: string };
    attributes: {
      readonly method: "function" | "binary" | "inout";
      readonly function: FunctionName | null;
      readonly context: "explicit" | "assignment" | "implicit";
    };
  };
  operator: {
    id: OperatorName;
    attributes: {
      readonly function: FunctionName;
      readonly commutator: QualifiedName | null;
      readonly negator: QualifiedName | null;
      readonly restrict: QualifiedName | null;
      readonly join: QualifiedName | null;
      readonly hashes: boolean;
      readonly merges: boolean;
    };
  };
  operatorFamily: {
    id: OfMethod;
    /** Members that belong to no class. */
    attributes: { readonly operators: readonly ClassOperator[]; readonly functions: readonly ClassFunction[] };
  };
  operatorClass: {
    id: OfMethod;
    attributes: {
      readonly type: string;
      readonly default: boolean;
      readonly family: QualifiedName;
      /** null: the type itself */
      readonly storage: string | null;
      readonly operators: readonly ClassOperator[];
      readonly functions: readonly ClassFunction[];
    };
  };
  conversion: {
    id: QualifiedName;
    attributes: {
      readonly source: string;
      readonly target: string;
      readonly function: FunctionName;
      readonly default: boolean;
    };
  };
  /** Of the whole database. */
  language: {
    id: { readonly name: string };
    attributes: {
      readonly trusted: boolean;
      readonly handler: FunctionName;
      readonly inline: FunctionName | null;
      readonly validator: FunctionName | null;
    };
  };
  /** Of the whole database. */
  accessMethod: {
    id: { readonly name: string };
    attributes: { readonly type: "table" | "index"; readonly handler: FunctionName };
  };
  /** Of the whole database. */
  transform: {
    id: { readonly type: string; readonly language: string };
    attributes: { readonly fromSql: FunctionName | null; readonly toSql: FunctionName | null };
  };
  sequence: {
    id: QualifiedName;
    attributes: SequenceOptions & {
      readonly type: "smallint" | "integer" | "bigint";
      readonly persistence: Persistence;
    };
  };
  /** `owned by`: an object of its own, so that sequence → column → sequence is no cycle. Absent: owned by none. */
  sequenceOwner: { id: QualifiedName; attributes: { readonly column: OfTable } };
  table: {
    id: QualifiedName;
    attributes: {
      readonly persistence: Persistence;
      readonly options: Options;
      readonly tablespace: string | null;
      /** Access method; "heap" unless said otherwise. */
      readonly using: string;
      /** Parents in order. */
      readonly inherits: readonly QualifiedName[];
      /** null: it holds its rows itself. */
      readonly partitionBy: PartitionKey | null;
      /** Where its rows are, of a foreign table; null: here. */
      readonly server: string | null;
      /** Of a foreign table. */
      readonly foreignOptions: ForeignOptions;
    };
  };
  /**
   * That a table is a partition of another: an object of its own, so that attaching and detaching is making and dropping it, when
   * everything of both tables is as it must be. `bound` as Postgres shows it: `FOR VALUES IN (1)`, `DEFAULT`.
   */
  partition: { id: QualifiedName; attributes: { readonly of: QualifiedName; readonly bound: Fragment } };
  column: {
    id: OfTable;
    attributes: {
      readonly type: Fragment;
      readonly notNull: NotNull | null;
      readonly default: Fragment | null;
      readonly identity: Identity | null;
      readonly generated: Generated | null;
      /** null: the default of the type */
      readonly collation: QualifiedName | null;
      /** null: the default of the type */
      readonly storage: "plain" | "external" | "extended" | "main" | null;
      readonly compression: "pglz" | "lz4" | null;
      readonly statistics: number | null;
      /** n_distinct, n_distinct_inherited */
      readonly options: Options;
      /** Of a foreign table's column. */
      readonly foreignOptions: ForeignOptions;
      /** false: comes from a parent table only, and stands here because something of it differs from the parent's. */
      readonly local: boolean;
    };
  };
  primaryKey: { id: OfTable; attributes: KeyAttributes };
  unique: { id: OfTable; attributes: KeyAttributes & { readonly nullsNotDistinct: boolean } };
  foreignKey: {
    id: OfTable;
    attributes: {
      readonly columns: readonly string[];
      readonly references: QualifiedName;
      readonly referencedColumns: readonly string[];
      readonly match: "simple" | "full";
      readonly onUpdate: ReferentialAction;
      readonly onDelete: ReferentialAction;
      /** Columns of `on delete set null (…)` or `set default (…)`; empty: all. */
      readonly onDeleteColumns: readonly string[];
      readonly deferrable: Deferrable;
      readonly validated: boolean;
      readonly enforced: boolean;
      /** The last column pair is a range with PERIOD (PostgreSQL 18). */
      readonly period: boolean;
      readonly partOf: PartOf;
    };
  };
  check: {
    id: OfTable;
    attributes: {
      readonly expression: Fragment;
      readonly noInherit: boolean;
      readonly validated: boolean;
      readonly enforced: boolean;
    };
  };
  exclude: {
    id: OfTable;
    attributes: {
      readonly method: string;
      readonly elements: readonly { readonly key: IndexKey; readonly operator: QualifiedName }[];
      readonly include: readonly string[];
      readonly where: Fragment | null;
      readonly deferrable: Deferrable;
      readonly options: Options;
      readonly tablespace: string | null;
      readonly partOf: PartOf;
    };
  };
  index: {
    id: OfTable;
    attributes: {
      readonly unique: boolean;
      readonly nullsNotDistinct: boolean;
      readonly method: string;
      readonly keys: readonly IndexKey[];
      readonly include: readonly string[];
      readonly where: Fragment | null;
      readonly options: Options;
      readonly tablespace: string | null;
      readonly partOf: PartOf;
      /** Partitions have it only where they say so; Postgres calls it invalid until all of them do. */
      readonly only: boolean;
    };
  };
  /** An object of its own: an index must exist before it, and the table before the index. Absent: the default. */
  replicaIdentity: {
    id: QualifiedName;
    attributes: { readonly mode: "full" | "nothing" | "index"; readonly index: string | null };
  };
  /** An object of its own, because it is switched on when the table's policies are there. Absent: neither. */
  rowSecurity: { id: QualifiedName; attributes: { readonly enabled: boolean; readonly forced: boolean } };
  policy: {
    id: OfTable;
    attributes: {
      readonly permissive: boolean;
      readonly command: "all" | "select" | "insert" | "update" | "delete";
      /** In order of their names, which means nothing. */
      readonly roles: readonly RoleName[];
      readonly using: Fragment | null;
      readonly check: Fragment | null;
    };
  };
  /** On a table or a view, which is in the id's `table`. */
  trigger: {
    id: OfTable;
    attributes: {
      /** A constraint trigger, which waits as constraints do; null: an ordinary one. */
      readonly constraint: { readonly deferrable: Deferrable; readonly from: QualifiedName | null } | null;
      readonly timing: "before" | "after" | "instead of";
      /** In this order: insert, update, delete, truncate. */
      readonly events: readonly TriggerEvent[];
      /** `update of`; empty: of any column. */
      readonly columns: readonly string[];
      readonly level: "row" | "statement";
      readonly oldTable: string | null;
      readonly newTable: string | null;
      readonly when: Fragment | null;
      readonly function: QualifiedName;
      readonly arguments: readonly string[];
      readonly firing: Firing;
    };
  };
  /** On a table or a view, which is in the id's `table`. */
  rule: {
    id: OfTable;
    attributes: {
      readonly event: "insert" | "update" | "delete";
      readonly where: Fragment | null;
      readonly instead: boolean;
      /** Statements; null: nothing. */
      readonly actions: Fragment | null;
      readonly firing: Firing;
    };
  };
  /** The name of a base type, from which on functions can be made that take and give it; alone: a type that nobody has defined yet. */
  shellType: { id: QualifiedName; attributes: Record<never, never> };
  /** What a base type is: C functions of somebody's own say how its values are read and written. */
  baseType: {
    id: QualifiedName;
    attributes: {
      readonly input: FunctionName;
      readonly output: FunctionName;
      readonly receive: FunctionName | null;
      readonly send: FunctionName | null;
      readonly typmodIn: FunctionName | null;
      readonly typmodOut: FunctionName | null;
      readonly analyze: FunctionName | null;
      readonly subscript: FunctionName | null;
      /** Bytes; null: it varies. */
      readonly internalLength: number | null;
      readonly byValue: boolean;
      readonly alignment: "char" | "int2" | "int4" | "double";
      readonly storage: "plain" | "extended" | "external" | "main";
      /** One character. */
      readonly category: string;
      readonly preferred: boolean;
      readonly default: string | null;
      /** Type of the elements, of one that is made of several of the same. */
      readonly element: string | null;
      readonly delimiter: string;
      readonly collatable: boolean;
    };
  };
  /** `of`: what a typed table has its columns from; an object of its own, so that they can change together. */
  typedTable: { id: QualifiedName; attributes: { readonly type: QualifiedName } };
  /** `cluster on`: an object of its own, as the replica identity is; of a table or a materialized view. */
  cluster: { id: QualifiedName; attributes: { readonly index: string } };
  function: {
    id: Routine;
    attributes: RoutineAttributes & {
      /** Also where output arguments say it all. */
      readonly returns: { readonly type: Fragment; readonly set: boolean };
      readonly volatility: "volatile" | "stable" | "immutable";
      readonly strict: boolean;
      readonly leakproof: boolean;
      readonly parallel: "unsafe" | "restricted" | "safe";
      readonly cost: string;
      /** "0" unless it returns a set. */
      readonly rows: string;
      /** The planner's support function. */
      readonly support: QualifiedName | null;
      readonly window: boolean;
    };
  };
  procedure: { id: Routine; attributes: RoutineAttributes };
  aggregate: {
    id: Routine;
    attributes: {
      readonly arguments: readonly Argument[];
      readonly kind: "normal" | "ordered" | "hypothetical";
      /** How many of the arguments are not aggregated; 0 for a normal one. */
      readonly direct: number;
      readonly state: AggregateState;
      /** How it works in a window that moves. */
      readonly moving: { readonly state: AggregateState; readonly inverse: QualifiedName } | null;
      readonly combine: QualifiedName | null;
      readonly serialize: QualifiedName | null;
      readonly deserialize: QualifiedName | null;
      readonly sortOperator: QualifiedName | null;
      readonly parallel: "unsafe" | "restricted" | "safe";
    };
  };
  /** What of this database's changes others may subscribe to. Its members are objects of their own. */
  publication: {
    id: { readonly name: string };
    attributes: {
      readonly allTables: boolean;
      readonly publish: readonly PublishedChange[];
      readonly viaPartitionRoot: boolean;
      /** PostgreSQL 18; "none" before. */
      readonly generatedColumns: "none" | "stored";
    };
  };
  publicationTable: {
    id: { readonly publication: string; readonly schema: string; readonly table: string };
    attributes: {
      /** Sorted by name, because their order means nothing. null: all. */
      readonly columns: readonly string[] | null;
      readonly where: Fragment | null;
    };
  };
  publicationSchema: {
    id: { readonly publication: string; readonly schema: string };
    attributes: Record<never, never>;
  };
  eventTrigger: {
    id: { readonly name: string };
    attributes: {
      /** ddl_command_start, ddl_command_end, table_rewrite, sql_drop, login (PostgreSQL 17) */
      readonly event: string;
      /** Command tags in order; empty: all. */
      readonly tags: readonly string[];
      readonly function: QualifiedName;
      readonly firing: Firing;
    };
  };
  foreignDataWrapper: {
    id: { readonly name: string };
    attributes: {
      readonly handler: QualifiedName | null;
      readonly validator: QualifiedName | null;
      readonly options: ForeignOptions;
    };
  };
  server: {
    id: { readonly name: string };
    attributes: {
      readonly wrapper: string;
      readonly type: string | null;
      readonly version: string | null;
      readonly options: ForeignOptions;
    };
  };
  /** `user`: a role, or "public" for everybody who has none of their own. */
  userMapping: {
    id: { readonly server: string; readonly user: string };
    attributes: { readonly options: ForeignOptions };
  };
  subscription: {
    id: { readonly name: string };
    attributes: {
      readonly connection: string | Secret;
      readonly publications: readonly string[];
      readonly enabled: boolean;
      /** null: none */
      readonly slot: string | null;
      readonly synchronousCommit: string;
      readonly binary: boolean;
      readonly streaming: "off" | "on" | "parallel";
      readonly twoPhase: boolean;
      readonly disableOnError: boolean;
      readonly passwordRequired: boolean;
      readonly runAsOwner: boolean;
      readonly origin: string;
      readonly failover: boolean;
    };
  };
  view: {
    id: QualifiedName;
    attributes: {
      readonly query: Fragment;
      readonly options: Options;
      /** Defaults of columns, which inserts through the view take. */
      readonly defaults: Readonly<Record<string, Fragment>>;
    };
  };
  materializedView: {
    id: QualifiedName;
    attributes: {
      readonly query: Fragment;
      readonly options: Options;
      readonly using: string;
      readonly tablespace: string | null;
      /** Columns of which something is otherwise than usual; null: the default of the type. */
      readonly columns: Readonly<
        Record<
          string,
          {
            readonly storage: "plain" | "external" | "extended" | "main" | null;
            readonly compression: "pglz" | "lz4" | null;
            readonly statistics: number | null;
            readonly options: Options;
          }
        >
      >;
    };
  };
  /** Reference data of a table, by what its primary key holds; of each row the columns that are declared. */
  rows: {
    id: QualifiedName;
    attributes: {
      readonly key: readonly string[];
      readonly rows: Readonly<Record<string, Readonly<Record<string, Fragment>>>>;
    };
  };
  /** SQL that makes something, and SQL that takes it away (null: nothing does). */
  sqlBlock: {
    id: { readonly name: string };
    attributes: { readonly create: Fragment; readonly drop: Fragment | null };
  };
  /** Absent: whoever makes it owns it; of a live thing, the role that is connected. */
  owner: { id: { readonly target: Id<TargetKind> }; attributes: { readonly role: string } };
  /**
   * What a role may do with a thing, as far as it is not what Postgres gives it anyway. `grantee` "public": everybody, null: the owner,
   * whoever that is. `grantor` null: the owner.
   */
  grant: {
    id: { readonly target: Id<TargetKind>; readonly grantee: string | null; readonly grantor: string | null };
    attributes: PrivilegeSet;
  };
  /** What is granted on things that `role` makes from then on. `inSchema` null: in all schemas, in place of what Postgres gives anyway. */
  defaultPrivilege: {
    id: {
      readonly role: string;
      readonly inSchema: string | null;
      readonly things: "tables" | "sequences" | "functions" | "types" | "schemas" | "large objects";
      /** As of a grant; null: the role itself. */
      readonly grantee: string | null;
    };
    attributes: PrivilegeSet;
  };
  securityLabel: {
    id: { readonly target: Id<TargetKind>; readonly provider: string };
    attributes: { readonly label: string };
  };
  /** This database itself, whatever it is called. It is there without saying; only what is said of it is an object. */
  database: { id: Record<never, never>; attributes: Record<never, never> };
  /**
   * A constraint that no kind stands for: a not null (PostgreSQL 18), what is beneath a constraint trigger. It is never an object,
   * only what is said of it is.
   */
  constraint: {
    id: { readonly schema: string; readonly of: "table" | "domain"; readonly host: string; readonly name: string };
    attributes: Record<never, never>;
  };
  /** The target goes when the extension goes. */
  extensionDependence: {
    id: { readonly target: Id<TargetKind>; readonly extension: string };
    attributes: Record<never, never>;
  };
  comment: { id: { readonly target: Id<TargetKind> }; attributes: { readonly text: string } };
  /** Roles belong to the whole server. `options` null: whatever they are, they are not the project's. */
  role: { id: { readonly name: string }; attributes: { readonly options: RoleOptions | null } };
  /** `role` is granted to `member`. `inherit` null before PostgreSQL 16, where the member itself says it; `set` is true there. */
  membership: {
    id: { readonly role: string; readonly member: string };
    attributes: { readonly admin: boolean; readonly inherit: boolean | null; readonly set: boolean };
  };
  /** What a session starts with: of a role, of a role in this database only, or (role null) of everybody in this database. */
  setting: {
    id: { readonly role: string | null; readonly inDatabase: boolean; readonly name: string };
    attributes: { readonly value: string };
  };
}

export type Kind = keyof Objects;
/** Kinds that only say something of another thing, their target. */
export type Saying = "comment" | "owner" | "grant" | "securityLabel" | "extensionDependence";
export type TargetKind = Exclude<Kind, Saying>;
export type Id<K extends Kind = Kind> = { readonly [P in K]: { readonly kind: P } & Objects[P]["id"] }[K];
export type Attributes<K extends Kind> = Objects[K]["attributes"];
export type AttributeName<K extends Kind> = keyof Attributes<K> & string;

/**
 * One object. `needs`: what must exist before it, over and above its parent (a type, a sequence in a default, the columns
 * of a check); never compared. `mentions`: what comes first where that is possible, but could come later (a function's
 * body speaks of it); absent on what nobody has looked into. `implicitName`: its name was not said but computed; it then matches a live object by
 * definition, whatever that one's name is. `implied`: nobody said it, the table has it from a parent.
 */
export type DbObject<K extends Kind = Kind> = {
  readonly [P in K]: {
    readonly id: Id<P>;
    readonly attributes: Attributes<P>;
    readonly needs: readonly Id[];
    readonly mentions?: readonly Id[];
    readonly implicitName?: true;
    readonly implied?: true;
    readonly hints?: Hints;
    readonly facts?: Facts;
  };
}[K];

/** What Postgres tells of an object and nobody says: known of a live one, and of a wanted one that it was asked about; never compared. */
export type Facts = Readonly<Record<string, string>>;
/** Of what Postgres, or an extension, says of its own: it is no object of anybody's. */
export const ofPostgres: Facts = { ofPostgres: "true" };
export const isOfPostgres = (o: DbObject): boolean => o.facts?.["ofPostgres"] !== undefined;

/** Intent that a diff cannot see. Inert unless the change it speaks of is in the plan. */
export interface Hints {
  /** column: how to convert when the type changes */
  readonly using?: Fragment;
  /** column: value for existing rows */
  readonly backfill?: Fragment;
  /** column: what `using` and `backfill` may read of the database as it was, or is to be */
  readonly reads?: readonly Id[];
  /** enum: dropped label → the label that takes over its rows */
  readonly replacements?: Readonly<Record<string, string>>;
  /** view: names given to the columns of its query, which Postgres writes into the query */
  readonly columns?: readonly string[];
  /** its text means other things when tables under it get other columns (`select *`) */
  readonly followsColumns?: true;
  /** materialized view: made without rows */
  readonly noData?: true;
  /** function, procedure: its body speaks of what is nowhere declared, a temporary table say */
  readonly unchecked?: true;
  /** function, procedure: what its body in quotes calls and declares, as [schema or "", name], as far as Postgres looks it up when it is made */
  readonly looksUp?: {
    readonly functions: readonly (readonly [string, string])[];
    readonly types: readonly (readonly [string, string])[];
  };
  /** function, procedure: operators in its body, as [schema or "", name] */
  readonly operators?: readonly (readonly [string, string])[];
  /** function, procedure: schemas in which names in its body resolve */
  readonly path?: readonly string[];
  /** the old name, for kinds that have one; enum labels in `labelWas` (new → old) */
  readonly was?: string;
  /** Secrets (names of options, "connection") whose values the text gave; no other value of a secret is ever written. */
  readonly secrets?: readonly string[];
  readonly labelWas?: Readonly<Record<string, string>>;
}
