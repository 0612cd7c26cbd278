import type { ColumnNode, Declaration, DeclarationKind, Declarations, Member } from "../../grammar/declarations.ts";
import type { AttributeName, DbObject, Fragment, Id, Kind, QualifiedName, TargetKind } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import type { Database, Index, NamedKind, Observation } from "../model/database.ts";
import type { Name, QualifiedNode, FragmentNode, TypeNode, Span } from "../../grammar/nodes.ts";
import type { Problem } from "../problems.ts";
import type { RoutineDeclaration, RoutineKind } from "./parts/signatures.ts";
import type { Said } from "./parts/sayings.ts";

/** Kinds whose drop loses rows or counters. "replace" does not compile for them. */
export type Holder = "table" | "column" | "sequence";

/** What a room may know of the whole plan while it writes statements. */
export interface Context {
  /** Server version number, e.g. 150018. */
  readonly version: number;
  readonly from: Index;
  readonly to: Index;
  /** What was put aside before anything else, by the key of what is made in its place. Absent: nothing. */
  readonly aside?: ReadonlyMap<string, Id>;
}

/** A database some of whose objects have been put aside under other names. */
export interface Apart {
  readonly from: Database;
  /** How that is done, before anything else. */
  readonly first: readonly Action[];
  readonly aside: ReadonlyMap<string, Id>;
  /** What an id was before. */
  readonly original: (id: Id) => Id;
}

/**
 * How changed attributes are brought about in place. `disturbs`: which dependents cannot stay while it happens:
 * "expressions" those that Postgres evaluates or compares by type (checks, generated columns, expression and partial
 * indexes, foreign keys), "everything" also plain indexes, keys and comments, because the object is made anew.
 */
export interface InPlace {
  readonly actions: readonly Action[];
  readonly disturbs: "nothing" | "expressions" | "everything";
  /** What must wait until what belongs to the object is as wanted too. */
  readonly after?: readonly Action[];
  /** What has to be done before anything changes that it stands on: a value that what comes would not take. */
  readonly before?: readonly Action[];
}

/**
 * What is done with an object, piece by piece. "drop" and "park" take its name away, "create" makes it, "alter" changes it in
 * place, "before" and "after" stand around the change of something that a holder is bound to, "discard" drops what was parked.
 */
export type Role = "drop" | "park" | "before" | "create" | "alter" | "after" | "discard";

/**
 * What stands around the change of something that a holder is bound to. `anew`: it is made as wanted, so nothing is left to
 * change in it. `disturbs`: more than the actions themselves tell, because it is a parent's that change it.
 */
export interface Rebound {
  readonly before: readonly Action[];
  readonly after: readonly Action[];
  readonly anew?: boolean;
  readonly disturbs?: "expressions" | "everything";
}

/** How something goes out of the way of one that takes its name, and how it is dropped there. */
export interface Parking {
  readonly aside: readonly Action[];
  readonly drop: readonly Action[];
  /** Rows or columns are of it, so that it stays until they are of the new one, although all that refers to it lets go. */
  readonly inRows: boolean;
}

/** Work on another object that comes first. */
export interface Followed {
  readonly id: Id;
  readonly roles: readonly Role[];
}

/**
 * One rule per attribute, no default. A function shared by several attributes is called once with all that changed.
 * It answers with actions, or "replace" (drop and create), which kinds that hold rows cannot say.
 */
export type Change<K extends Kind> = (
  from: DbObject<K>,
  to: DbObject<K>,
  changed: ReadonlySet<AttributeName<K>>,
  context: Context,
) => InPlace | (K extends Holder ? never : "replace");

/** A row of a catalog query: every column is cast to text in SQL; arrays and records come as JSON text. */
export type Row = Readonly<Record<string, string | null>>;

/** What the session may see. */
export interface Rights {
  /** What subscriptions connect to. */
  readonly connections: boolean;
}
export interface Observe<K extends Kind> {
  /** Catalog, and a condition on it, that must have a row for there to be any; else the query is not sent. Absent: it always is. */
  readonly there?: string;
  /**
   * One set-based query that returns a row per object of the kind, ordered stably. `schemas` is an SQL condition on
   * `n.nspname` (the alias every query uses for pg_namespace) that says which schemas are looked at; extension members
   * are left out. `roles` is one on `r.rolname` (of pg_roles) that says which roles are the project's. Besides what `read` wants it returns `addresses`: JSON array of "classid.objid.objsubid" texts as
   * they stand in pg_depend (a column also has the address of its pg_attrdef).
   */
  readonly sql: (schemas: string, version: number, roles: string, rights: Rights) => string;
  readonly read: (row: Row, version: number, names: CatalogNames) => DbObject<K>;
}
/** What is said of things of other kinds is asked in one query for all kinds of sayings (`sayingsSql`); `read` finds in a row what `readTarget` wants. */
export interface ObserveSayings<K extends Kind> extends Pick<Observe<K>, "read"> {
  readonly said: Said;
}
/** What catalogs keep by number, looked up once for all rooms. Oids and numbers are text. */
export interface CatalogNames {
  readonly column: (relation: string, number: string) => ColumnFacts;
  /** Names of columns; `numbers` as an array of numbers shows itself: `{1,2}` or `1 2`. */
  readonly columns: (relation: string, numbers: string) => readonly string[];
  readonly operatorClass: (oid: string) => OperatorClassFacts;
  readonly collation: (oid: string) => QualifiedName;
}
export interface ColumnFacts {
  readonly name: string;
  /** Oids. */
  readonly collation: string;
  readonly type: string;
}
export interface OperatorClassFacts {
  readonly name: QualifiedName;
  /** Whether it is the one that Postgres takes for this type (by oid; null: unknown) unless told otherwise. */
  readonly isUsual: (type: string | null) => boolean;
}

/** The databases that two objects which meet come from, and the server's version. */
export interface Around {
  readonly live: Index;
  readonly wanted: Index;
  readonly version: number;
}

/** What is said, with where it is said: both databases, who is connected, and whose things are that nobody made. */
export interface Standing extends Pick<Observation, "me" | "owners" | "unsaid" | "version"> {
  readonly from: Index;
  readonly to: Index;
}

export interface Room<K extends Kind> {
  readonly kind: K;
  /** Object whose drop takes this one along without a statement of its own (column → table); null for none. */
  readonly owner: (o: DbObject<K>, all: Index) => Id | null;
  /** What must exist before it by its identity and attributes alone (schema, table, columns of a key). */
  readonly needs: (o: DbObject<K>) => readonly Id[];
  /**
   * Others may stand on it although nothing tells so: it is made before what can wait, and goes last. "others": so they may on things that
   * come with it (an extension's operator classes), whose names are free only when it has gone.
   */
  readonly provides?: "itself" | "others";
  /** Whatever is made may name it at once (a role that default privileges are for): it is made before everything, and goes after everything. */
  readonly surrounds?: true;
  /** Attributes whose change nothing notices that stands on it: what goes need not go before. Absent: none. */
  readonly unnoticed?: readonly AttributeName<K>[];
  /** It acts on other work, or leads out of the database: made after everything else and dropped first. Answers whether it acts. */
  readonly watches?: (o: DbObject<K>) => boolean;
  /** Work that comes first although the object does not need it: on a parent's column, on a table that leaves its parent. Absent: none. */
  readonly follows?: (o: DbObject<K>, role: Role, context: Context) => readonly Followed[];
  /** Objects of the kind that a database holds although nothing is said of them: columns that tables have from parents. Absent: none. */
  readonly implied?: (all: Index) => readonly DbObject<K>[];
  /** Names it occupies: two objects with a name in common cannot exist at once, e.g. "relation shop.orders". */
  readonly occupies: (o: DbObject<K>) => readonly string[];
  /**
   * True when a dependency's change of type disturbs it: Postgres evaluates something in it or compares by type, or forgets
   * something of it when it makes it again by itself.
   */
  readonly evaluates: (o: DbObject<K>) => boolean;
  /** Its texts are worked out for the rows that are there when it is made. */
  readonly worksOut?: true;
  /** Whether a call of it looks names up in the path of its caller, of which Postgres sees nothing before. Absent: never. */
  readonly looksUp?: (o: DbObject<K>) => boolean;
  /** It is kept in tables, not in the catalog, and is read by itself. Absent: it is what `observe` reads. */
  readonly beside?: true;
  readonly observe: Observe<K> | ObserveSayings<K>;
  readonly create: (o: DbObject<K>, context: Context) => readonly Action[];
  readonly drop: (o: DbObject<K>, context: Context) => readonly Action[];
  readonly change: { readonly [A in AttributeName<K>]-?: Change<K> };
  /**
   * For kinds that others can be bound to (types, functions): renames the old one out of the way, so that a new one can take its
   * name. `drop` of the parked one too. null: nothing holds it, so that it can go at once.
   */
  readonly park?: (o: DbObject<K>, to: DbObject<K>, context: Context) => Parking | null;
  /** What it shares with others of which Postgres picks one by how it is called: one that goes is gone, or aside, before another comes. */
  readonly overloads?: (o: DbObject<K>) => string;
  /** It is a part of its owner's rows: what `*` means of the owner follows it. */
  readonly isInRows?: true;
  /** For what has rows from a text: their type, which tells what `*` means of them. */
  readonly rowType?: (o: DbObject<K>) => string;
  /** The one attribute that can follow columns of others (`select *`). Absent: all that are texts can. */
  readonly following?: AttributeName<K>;
  /** For holders: what to do when something it needs is replaced or retyped under it. */
  readonly rebind?: (from: DbObject<K>, to: DbObject<K>, replaced: readonly Id[], context: Context) => Rebound;
  /**
   * For kinds that are made anew with what they need: what stands around the change of something that only a part of one can stand
   * on (a domain's default on a function), so that the rest stays. null: it is made anew. Absent: it always is.
   */
  readonly letsGo?: (
    from: DbObject<K>,
    to: DbObject<K>,
    need: Id,
    context: Context,
  ) => Pick<Rebound, "before" | "after"> | null;
  /** Takes over from the live object what the wanted one leaves open (an extension's version, a not-null's name); absent: nothing is left open. */
  readonly adopt?: (to: DbObject<K>, from: DbObject<K>, around?: Around) => DbObject<K>;
  /** The same, where what its attributes speak of by its id has another one from now on; absent: they speak of nothing so. */
  readonly repoint?: (o: DbObject<K>, become: (id: Id) => Id) => DbObject<K>;
  /**
   * As what it was can come back out of what it became (`from`): parts in the order that Postgres gives them. `context` is of the
   * way back. Absent: as it was.
   */
  readonly comesBack?: (to: DbObject<K>, from: DbObject<K>, context: Context) => DbObject<K>;
  /**
   * For holders: those that cannot become what is wanted, though what they hold can move to others of that name. null: there are
   * none. Absent: there never are.
   */
  readonly setAside?: (from: Database, to: Database, version: number) => Apart | null;
  /** A database with parts of things in the order in which they must be made. Absent: they stand so. */
  readonly arrange?: (to: Database) => Database;
  /** How what `old` holds, which was put aside, moves into the one that was made in its place, when that has what it needs for it. */
  readonly fill?: (old: DbObject<K>, o: DbObject<K>, context: Context) => readonly Action[];
  /** What takes the rows that it holds, or is a part of, when they move; it stays until then. null: they do not move. */
  readonly rowsMoveTo?: (o: DbObject<K>, context: Context) => Id | null;
  /** Why Postgres knows no way from one to the other that keeps what is held (`to` null: it is dropped); null: there is one. Absent: always. */
  readonly refuses?: (from: DbObject<K>, to: DbObject<K> | null, context: Context) => string | null;
  /** An owner that must be made anew before this can be made or changed, because Postgres refuses it in place; null: none. Absent: never. */
  readonly remakes?: (to: DbObject<K>, context: Context) => Id | null;
  /** Objects of the kind that are dropped and made again although nothing of them differs, so that others can change. Absent: none. */
  readonly remade?: (context: Context) => readonly Id<K>[];
  /**
   * What it means that nothing is said of a live one. "another's": it may be somebody else's, with all that belongs to it; it stays,
   * and counts only where something needs it. "as it is": it stays as long as its owner does. Absent: it is to go.
   */
  readonly silence?: "another's" | "as it is";
  /** Whether the config makes this one, of a kind that is another's, the project's: then it counts whatever needs it. Absent: none. */
  readonly managed?: (o: DbObject<K>) => boolean;
  /** The wanted ones as Postgres keeps them where they are; the same list where nothing is different. Absent: as they are said. */
  readonly asKept?: (all: readonly DbObject<K>[], around: Standing) => readonly DbObject<K>[];
  /** Whether a wanted one says only what is so anyway. Absent: never. */
  readonly tellsNothing?: (o: DbObject<K>, around: Standing) => boolean;
  /** What is to be done about what comes with an object of another kind that was made or changed (`old`), directly after it. Absent: nothing. */
  readonly greets?: (made: DbObject, old: DbObject | null, context: Context) => readonly Action[];
  /** All objects of the kind → declarations, for kinds that many objects share one of. Absent: each describes itself. */
  readonly gather?: (all: readonly DbObject<K>[], describe: Describe) => readonly Declaration[];
  /** Objects → declarations; see `Describe`. Members of a table are described by the table's room through `members`. */
  readonly describe: (o: DbObject<K>, describe: Describe) => Described;
}

/** What an object becomes in text: a declaration at file level, a member of its table, or a part of what its owner says. */
export type Described =
  | { readonly at: "file"; readonly declaration: Declaration }
  | { readonly at: "member"; readonly member: Member }
  | { readonly at: "owner" };

/** Helps rooms to describe: siblings, names, comments. Written once in import.ts. */
export interface Describe {
  readonly all: Index;
  readonly version: number;
  /** Objects that belong to this id (columns, constraints, indexes of a table; checks of a domain), in order. */
  readonly children: (id: Id) => readonly DbObject[];
  /** The children that describe themselves as members, in order. */
  readonly members: (id: Id) => readonly Member[];
  /** Text of the comment on it; null: none. */
  readonly comment: (id: Id<TargetKind>) => string | null;
}

/** Helps rooms to declare: resolve names, make fragments, add objects, report problems. Written once in declare.ts. */
export interface Declare {
  readonly version: number;
  /** Schema that unqualified names of this declaration live in. */
  readonly schema: string;
  readonly add: (o: DbObject, at: Span) => void;
  /** Puts something in the place of what is declared under this id already (null: nothing); null takes it out. */
  readonly amend: (id: Id, at: Span, change: (old: DbObject | null) => DbObject | null) => void;
  /** Work that needs all that is declared: done when everything is, that of lower rank first; from 5 on when partitions' parts are as they are. */
  readonly afterwards: (rank: number, work: () => void) => void;
  readonly declared: (id: Id) => DbObject | null;
  readonly all: () => Iterable<DbObject>;
  /** All that is declared and what tables have without saying it, for work of rank 5 and above, which only adds sayings. */
  readonly whole: () => Index;
  /** Schemas in which names resolve, the first one first. */
  readonly path: readonly string[];
  readonly report: (p: Problem) => void;
  /** schema.name of a thing declared or made here; the schema is the declaration's own unless written. */
  readonly own: (n: QualifiedNode) => QualifiedName;
  /** Resolves a reference to a table, searching own schema, public, then the schemas of extensions; reports unknown ones. */
  readonly table: (n: QualifiedNode) => QualifiedName;
  /** Whether there is one that such a reference means. */
  readonly hasTable: (n: QualifiedNode) => boolean;
  /** What such a table must wait for when nobody declares it: the extensions that it is of. */
  readonly extensionsOfTable: (table: QualifiedName) => readonly Id[];
  /** Columns of a declared table's primary key; none when it has none or is unknown. */
  readonly primaryKey: (table: QualifiedName) => readonly string[];
  /** Columns of a declared table; empty for what is no table of ours. */
  readonly columnsOf: (table: QualifiedName) => ReadonlyMap<string, ColumnNode>;
  /** Everything that is declared under this name; reports one that nothing has. */
  readonly named: (n: QualifiedNode) => readonly Id[];
  readonly fragment: (f: FragmentNode) => Fragment;
  /** Reports what is wrong in a text that is no fragment (a function's body); Postgres is asked with what is put around it. */
  readonly check: (f: FragmentNode, around: readonly [before: string, after: string]) => void;
  readonly routineId: (d: RoutineDeclaration) => Id<RoutineKind>;
  /**
   * A function that is named without its arguments, with what it may be. One that nobody knows is Postgres's own; where `usual` lists
   * Postgres's own, any other is of the declaration's schema.
   */
  readonly functionNamed: (
    n: Pick<QualifiedNode, "schema" | "name">,
    usual?: ReadonlySet<string>,
  ) => {
    readonly name: QualifiedName;
    readonly needs: readonly Id[];
  };
  /**
   * The extensions that have a function of this name, or (those that the live database does not have yet, `unseen`) may have it; none:
   * no extension has it. `schema`: where it is then; null: that depends on whose it is.
   */
  readonly extensionsWith: (n: Pick<QualifiedNode, "schema" | "name">) => {
    readonly schema: string | null;
    readonly needs: readonly Id[];
    readonly unseen: boolean;
  };
  /** The extension that brings a language. */
  readonly language: (name: string) => readonly Id[];
  /** Functions that a call by this name, with so many arguments, may mean. */
  readonly called: (n: QualifiedNode, count: number) => readonly Id[];
  /** Canonical type text where certain (built-in and declared types), with what it needs. Reports unknown types. */
  readonly type: (
    t: TypeNode,
    of?: "column" | "routine",
  ) => {
    readonly type: Fragment;
    readonly needs: readonly Id[];
    readonly serial: "smallint" | "integer" | "bigint" | null;
  };
  /** What a fragment or a query mentions: columns (of the table given), and ids of types, sequences … it needs. `table`: its name, where it is not the one being declared. */
  readonly uses: (
    f: FragmentNode,
    columns: ReadonlySet<string>,
    around?: {
      /** Names under which rows of the table stand in it, as `old` and `new` do. */
      readonly rows?: readonly string[];
      readonly table?: string;
      /** Names that stand for something else in it, as a routine's arguments do. */
      readonly beside?: ReadonlySet<string>;
      /** It is run once, and may read what the database had until then. */
      readonly then?: boolean;
    },
  ) => {
    readonly columns: readonly string[];
    readonly needs: readonly Id[];
    /** What can only be columns, wherever they are: all names of an expression that reads no tables. */
    readonly names: readonly Name[];
    /** The parts of each name that may be a column's. */
    readonly references: readonly (readonly string[])[];
    /** Tables and the like that it reads, as [schema or "", name, place, columns that it may mean of them]. */
    readonly tables: readonly (readonly [string, string, number, readonly string[]])[];
    /** The name Postgres would give an index column of this expression; null: "expr". */
    readonly columnName: string | null;
    /** It says all columns of one of `rows`: `old.*`. */
    readonly wholeRow: boolean;
    /** It says `*` or the like. */
    readonly stars: boolean;
    /** Operators in it, as [schema or "", name]: which one is meant follows from types, so they are no needs. */
    readonly operators: readonly (readonly [string, string])[];
    /** Functions that it calls and types that it names, as [schema or "", name]. */
    readonly functions: readonly (readonly [string, string])[];
    readonly types: readonly (readonly [string, string])[];
    /** The statements that the text is, where it is of those: their nodes and sorts of object in the parser's words, and what they make. */
    readonly statements: readonly {
      readonly node: string;
      readonly object: string;
      readonly at: Span;
      readonly makes: readonly [schema: string, name: string] | null;
    }[];
    /** Tables that are nowhere, as [schema or "", name, where or -1]. */
    readonly strange: readonly (readonly [schema: string, name: string, at: number, columns: readonly string[]])[];
    /** It names columns that the tables which it reads do not have. */
    readonly lacks: boolean;
    /** Where the text reads this, and what has its name in other schemas of the path; null: it does not. */
    readonly reads: (
      id: Id<"view" | "materializedView">,
    ) => { readonly at: Span; readonly others: readonly QualifiedName[] } | null;
  };
  /** Whether the table being declared may have more columns: a mixin or a parent of it is nowhere, which is told there. */
  readonly open: boolean;
  /** Column nodes of the table being declared by name, those of its parents and mixins included. */
  readonly columns: () => ReadonlyMap<string, ColumnNode>;
  readonly collation: (n: QualifiedNode) => QualifiedName;
  /** Something of this kind by name, declared or of the live database; else it is pg_catalog's. */
  readonly thing: (kind: NamedKind, n: QualifiedNode) => QualifiedName;
  readonly operatorClass: (n: QualifiedNode) => QualifiedName;
  /** The operator of this symbol; `on` is the type of the column that it compares. */
  readonly operator: (text: string, on: TypeNode | null) => QualifiedName;
  /** A free name by Postgres's own rule: makeObjectName(n1, n2, label) with collision suffixes (see kinds/parts/names.ts). */
  readonly freeName: (
    schema: string,
    first: string,
    second: string | null,
    label: string,
    space: "relation" | "constraint" | "statistics",
  ) => string;
  readonly comment: (target: Id<TargetKind>, doc: string | null, at: Span) => void;
  /** The role's name; reports one that is neither declared nor there. */
  readonly role: (n: Name) => string;
  /** Whether what a role is (attributes, memberships, settings) is the project's. */
  readonly manages: (role: string) => boolean;
  /** The name's text; reports one over 63 bytes. */
  readonly name: (n: Name) => string;
  /** Declares a member through its own room. */
  readonly member: (m: ObjectMember, table: InTable) => void;
}

/** Declaration → objects, per kind of declaration. */
export type DeclareFile<K extends DeclarationKind> = (d: Declarations[K], declare: Declare) => void;
/** One form of a declaration that has several. */
export type DeclareForm<K extends DeclarationKind, F extends string> = (
  d: Extract<Declarations[K], { form: F }>,
  declare: Declare,
) => void;
/** Member of a table → objects. `columns`: the table's column nodes by name, its parents' and mixins' included. */
export interface InTable {
  readonly table: QualifiedName;
  readonly columns: ReadonlyMap<string, ColumnNode>;
  /** There may be others: a materialized view's columns come from its query, a table's from a parent that is nowhere. */
  readonly open?: true;
}
export type ObjectMember = Exclude<Member, { kind: "inherits" | "comment" | "notNull" }>;
export type DeclareMember<K extends ObjectMember["kind"]> = (
  m: Extract<ObjectMember, { kind: K }>,
  table: InTable,
  declare: Declare,
) => void;
