/** What the declarations of a whole program can refer to: found before anything is declared, because order never matters. */
import type {
  ColumnNode,
  Declaration,
  Member,
  MixinDeclaration,
  PartitionDeclaration,
  TableDeclaration,
} from "../../../grammar/declarations.ts";
import type { Name, QualifiedNode } from "../../../grammar/nodes.ts";
import type { ForeignName, NamedKind } from "../../model/database.ts";
import type { Id, QualifiedName } from "../../model/objects.ts";
import { nearest, problem, type Problem } from "../../problems.ts";
import { name as quoteName } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { argumentType, type RoutineDeclaration, routineId, type RoutineKind, takes } from "./signatures.ts";
import { isTable, ownName } from "./home.ts";
import { Columns } from "./columns.ts";
import { isBuiltIn, isOfCatalog } from "./builtIn.ts";
import { multirangeName } from "./names.ts";
import { Outside } from "./outside.ts";
import { twice, unknown, unknownRole } from "./unknown.ts";

/** Something with a name in a schema; `needs`: the object behind it, null where we have none. */
export interface Known {
  readonly schema: string;
  readonly name: string;
  readonly needs: Id | null;
  /** True for what the live database has and nobody declares (an extension's type). */
  readonly live?: true;
}

const searchKinds = {
  configuration: "textSearchConfiguration",
  dictionary: "textSearchDictionary",
  parser: "textSearchParser",
  template: "textSearchTemplate",
} as const;

/**
 * Names by schema. Mixins are laid out in `laidOut`, after the table's own members; a schema that opens several files
 * stands there once.
 */
export class Program {
  readonly laidOut: readonly Exclude<Declaration, MixinDeclaration>[];
  readonly problems: Problem[] = [];
  /** By name, one entry for each schema that holds one of that name. */
  readonly types = new Map<string, Known[]>();
  readonly sequences = new Map<string, Known[]>();
  readonly tables = new Map<
    string,
    { readonly schema: string; declaration: TableDeclaration | PartitionDeclaration }[]
  >();
  /** Views and materialized views. */
  readonly views = new Map<string, Known[]>();
  /** Functions and procedures. */
  readonly routines = new Map<string, { readonly schema: string; readonly declaration: RoutineDeclaration }[]>();
  readonly outside: Outside;
  /** Names that somebody gave, as schema.name. */
  readonly taken = { relation: new Set<string>(), constraint: new Set<string>(), statistics: new Set<string>() };
  /** Lists of names among which one of this space must be free. */
  isTaken(space: keyof Program["taken"], key: string): boolean {
    const { relation, constraint, statistics } = this.taken;
    const spaces = { relation: [relation, constraint], constraint: [constraint], statistics: [statistics] };
    return spaces[space].some((list) => list.has(key));
  }
  /** What is declared of other kinds, by kind and name. */
  readonly things = new Map<string, Known[]>();
  readonly #roles = new Set<string>();
  readonly #mixins = new Map<string, MixinDeclaration>();
  readonly #columns = new Columns(
    (n, schema) => this.find(this.tables.get(n.name.text), n.schema?.text ?? null, schema)?.declaration,
    (mixin) => this.#mixins.has(mixin),
  );

  constructor(declarations: readonly Declaration[], foreign: readonly ForeignName[]) {
    this.outside = new Outside(declarations, foreign);
    const mixins = this.#mixins;
    for (const d of declarations) this.#collect(d, mixins);
    const laid = new Map<Declaration, TableDeclaration | PartitionDeclaration>();
    this.laidOut = this.#oncePerSchema(declarations).map((d) => {
      if (d.kind !== "table" || !d.mixins.length) return d;
      const out = this.#layOut(d, mixins);
      laid.set(d, out);
      return out;
    });
    for (const list of this.tables.values())
      for (const t of list) t.declaration = laid.get(t.declaration) ?? t.declaration;
    for (const d of this.laidOut) if (isTable(d)) this.#takeNames(d);
  }

  #collect(d: Declaration, mixins: Map<string, MixinDeclaration>): void {
    switch (d.kind) {
      case "enum":
      case "domain": {
        const own = ownName(d.name, d.schema);
        push(this.types, own.name, { ...own, needs: { kind: d.kind, ...own } });
        break;
      }
      case "typeDefinition": {
        const own = ownName(d.name, d.schema);
        // What it is follows from functions that need its name.
        const needs = { kind: d.form === "base" ? "shellType" : d.form, ...own } as const;
        push(this.types, own.name, { ...own, needs });
        if (d.form === "range") {
          const said = d.properties.multirange?.value;
          const named = {
            schema: said?.schema?.text ?? own.schema,
            name: said?.name.text ?? multirangeName(own.name),
          };
          push(this.types, named.name, { ...named, needs });
        }
        break;
      }
      case "collationDefinition":
        this.#name("collation", d);
        break;
      case "textSearch":
        this.#name(searchKinds[d.form], d);
        break;
      case "operatorDefinition":
        if (d.form === "operator") {
          const name = { text: d.symbol.text, quoted: true, span: d.symbol.span };
          this.#name("operator", { name: { schema: d.symbol.schema, name, span: d.symbol.span }, schema: d.schema });
        } else this.#name(d.form === "class" ? "operatorClass" : "operatorFamily", d);
        break;
      case "sequence": {
        const own = ownName(d.name, d.schema);
        push(this.sequences, own.name, { ...own, needs: { kind: d.kind, ...own } });
        this.taken.relation.add(`${own.schema}.${own.name}`);
        break;
      }
      case "table":
      case "partition": {
        const own = ownName(d.name, d.schema);
        push(this.tables, own.name, { schema: own.schema, declaration: d });
        push(this.types, own.name, { ...own, needs: { kind: "table", ...own } });
        this.taken.relation.add(`${own.schema}.${own.name}`);
        break;
      }
      case "function":
      case "procedure":
      case "aggregate": {
        const own = ownName(d.name, d.schema);
        push(this.routines, own.name, { schema: own.schema, declaration: d });
        break;
      }
      case "view":
      case "materializedView": {
        const own = ownName(d.name, d.schema);
        push(this.views, own.name, { ...own, needs: { kind: d.kind, ...own } });
        if (d.kind === "materializedView") this.#takeMemberNames(own.schema, d.members);
        this.taken.relation.add(`${own.schema}.${own.name}`);
        break;
      }
      case "mixin":
        if (mixins.has(d.name.text)) this.problems.push(twice(d.name.span, `mixin ${quoteName(d.name.text)}`));
        mixins.set(d.name.text, d);
        break;
      case "role":
        this.#roles.add(d.name.text);
        break;
      case "schema":
      case "extension":
      case "owner":
      case "grant":
      case "revoke":
      case "defaultPrivileges":
      case "securityLabel":
      case "database":
      case "cast":
      case "conversion":
      case "language":
      case "accessMethod":
      case "transform":
      case "publication":
      case "eventTrigger":
      case "foreignDataWrapper":
      case "server":
      case "userMapping":
      case "subscription":
      case "rows":
      case "sql":
        break;
    }
  }

  #name(kind: NamedKind, d: { readonly name: QualifiedNode; readonly schema: Name | null }): void {
    const own = ownName(d.name, d.schema);
    push(this.things, `${kind} ${own.name}`, { ...own, needs: null });
  }

  /** A schema is declared once, with the one comment that somebody gave it. Mixins are no objects. */
  #oncePerSchema(declarations: readonly Declaration[]): readonly Exclude<Declaration, MixinDeclaration>[] {
    const kept = new Map<string, Declaration>();
    for (const d of declarations) {
      if (d.kind !== "schema") continue;
      const other = kept.get(d.name.text);
      if (other && d.doc !== null && other.doc !== null && other.doc !== d.doc)
        this.problems.push(
          problem("duplicate-name", d.span, `Schema ${quoteName(d.name.text)} has another comment elsewhere.`),
        );
      if (!other || (other.doc === null && d.doc !== null)) kept.set(d.name.text, d);
    }
    return declarations.flatMap((d) =>
      d.kind === "mixin" || (d.kind === "schema" && kept.get(d.name.text) !== d) ? [] : [d],
    );
  }

  #layOut(d: TableDeclaration, mixins: ReadonlyMap<string, MixinDeclaration>): TableDeclaration {
    const members: Member[] = [...d.members];
    for (const m of d.mixins) {
      const mixin = mixins.get(m.text);
      if (mixin) members.push(...mixin.members);
      else this.problems.push(unknown("unknown-mixin", "mixin", m.text, m.span, mixins.keys()));
    }
    return { ...d, members };
  }

  #takeNames(d: TableDeclaration | PartitionDeclaration): void {
    this.#takeMemberNames(ownName(d.name, d.schema).schema, d.members);
  }
  #takeMemberNames(schema: string, members: readonly Member[]): void {
    for (const m of members)
      for (const c of m.kind === "column" ? m.constraints : [m]) {
        if (!("name" in c) || !c.name || c.kind === "policy" || c.kind === "rule") continue;
        if (c.kind === "trigger" && !c.constraint) continue;
        if (c.kind === "statistics") {
          this.taken.statistics.add(`${c.name.schema?.text ?? schema}.${c.name.name.text}`);
          continue;
        }
        const key = `${schema}.${c.name.text}`;
        if (c.kind !== "check" && c.kind !== "foreignKey" && c.kind !== "notNull" && c.kind !== "trigger")
          this.taken.relation.add(key);
        if (c.kind !== "index") this.taken.constraint.add(key);
      }
  }

  /** The entry in the schema that is written, else in the first of the path. */
  find<T extends { readonly schema: string }>(
    all: readonly T[] | undefined,
    written: string | null,
    schema: string,
  ): T | undefined {
    return this.outside.find(all, written, schema);
  }

  /** The type's entry, declared or of the live database; every table and view is the type of its rows. */
  type(written: string | null, text: string, schema: string): Known | undefined {
    const declared =
      this.find(this.types.get(text), written, schema) ?? this.find(this.views.get(text), written, schema);
    if (declared) return declared;
    const table = this.find(this.tables.get(text), written, schema);
    if (table) return { schema: table.schema, name: text, needs: { kind: "table", schema: table.schema, name: text } };
    const live =
      this.find(this.outside.names.get(`type ${text}`), written, schema) ??
      this.find(this.outside.names.get(`table ${text}`), written, schema);
    return (
      live && {
        schema: live.schema,
        name: live.name,
        live: true,
        needs: live.extension === null ? null : { kind: "extension", name: live.extension },
      }
    );
  }

  /** The schema of a table that is declared, or of a kind without a declaration yet in the live database. */
  table(written: string | null, text: string, schema: string): string | undefined {
    return (
      this.find(this.tables.get(text), written, schema) ??
      this.find(this.outside.names.get(`table ${text}`), written, schema)
    )?.schema;
  }

  /** The schema of a table that one of the extensions may bring which are not there yet; a name like a declared one's is a slip of the pen. */
  unseenTable(written: string | null, text: string, schema: string): string | undefined {
    if (!this.outside.newExtensions.length || nearest(text, this.tables.keys()) !== null) return undefined;
    return written ?? this.outside.likely(schema) ?? undefined;
  }

  /** The extensions that a table is of which nobody declares, as far as anybody knows. */
  extensionsOfTable(t: QualifiedName): readonly Id[] {
    if (this.tables.get(t.name)?.some((x) => x.schema === t.schema)) return [];
    const known = this.outside.names.get(`table ${t.name}`)?.find((x) => x.schema === t.schema);
    if (known) return known.extension === null ? [] : [{ kind: "extension", name: known.extension }];
    return this.unseenTable(t.schema, t.name, t.schema) === undefined ? [] : this.outside.newExtensions;
  }

  /** Column nodes by name, with those of parents; empty for what is no table. */
  columns(d: Declaration): ReadonlyMap<string, ColumnNode> {
    return this.#columns.of(d);
  }

  /** Whether a table may have columns of what is nowhere, which is told where it is named. */
  isOpen(d: Declaration): boolean {
    return isTable(d) && !this.#columns.areAll(d);
  }

  /** What a text reads: tables with those of their columns that it may mean, and views. */
  read(
    tables: readonly (readonly [schema: string, name: string, at: number, columns: readonly string[]])[],
    schema: string,
  ): readonly Id[] {
    return tables.flatMap(([written, name, , said]): readonly Id[] => {
      const view = this.find(this.views.get(name), written || null, schema)?.needs;
      if (view) return [view];
      const table = this.find(this.tables.get(name), written || null, schema);
      if (!table) return [];
      const columns = [...this.columns(table.declaration).keys()].filter((c) => said.includes("*") || said.includes(c));
      return [
        { kind: "table", schema: table.schema, name },
        ...columns.map((c) => ({ kind: "column", schema: table.schema, table: name, name: c }) as const),
      ];
    });
  }

  /** The columns of what a query reads; null: it is no declared table, or has columns from what is not declared. */
  columnsRead([written, name]: readonly [schema: string, name: string], schema: string): Iterable<string> | null {
    const table = this.find(this.tables.get(name), written || null, schema);
    if (!table || this.find(this.views.get(name), written || null, schema)) return null;
    return this.#columns.areAll(table.declaration) ? this.columns(table.declaration).keys() : null;
  }

  /** Whether a function may be meant that takes a row, or a cast of one. */
  mayTakeRow(name: string): boolean {
    return (
      ["function", "type"].some((what) => this.outside.names.has(`${what} ${name}`)) ||
      this.routines.has(name) ||
      this.types.has(name)
    );
  }

  /** Columns of a declared table by its name; empty for what is none. */
  columnsOfTable(t: QualifiedName): ReadonlyMap<string, ColumnNode> {
    const found = this.tables.get(t.name)?.find((x) => x.schema === t.schema);
    return found ? this.columns(found.declaration) : new Map<string, ColumnNode>();
  }

  /** Everything that is declared under a name, in the schema that is written or the first of the path that has one. */
  named(written: string | null, name: string, schema: string): readonly Id[] {
    const table = this.find(this.tables.get(name), written, schema);
    const others = [this.views, this.types, this.sequences].flatMap(
      (all) => this.find(all.get(name), written, schema)?.needs ?? [],
    );
    return [...(table ? [{ kind: "table", schema: table.schema, name } as const] : []), ...others];
  }

  /** The sequence, view or table of a name. */
  relation(written: string | null, name: string, schema: string): readonly Id[] {
    const table = this.find(this.tables.get(name), written, schema);
    const other = [this.sequences, this.views].flatMap((all) => this.find(all.get(name), written, schema)?.needs ?? []);
    return table ? [...other, { kind: "table", schema: table.schema, name }] : other;
  }

  /** Tables and views of the same name in other schemas of the path. */
  elsewhere(own: QualifiedName, schema: string): readonly QualifiedName[] {
    const all = [...(this.tables.get(own.name) ?? []), ...(this.views.get(own.name) ?? [])];
    return this.outside
      .path(schema)
      .flatMap((s) => (s !== own.schema && all.some((x) => x.schema === s) ? [{ schema: s, name: own.name }] : []));
  }

  readonly #routineIds = new Map<RoutineDeclaration, Id<RoutineKind>>();
  routineId(d: RoutineDeclaration): Id<RoutineKind> {
    let id = this.#routineIds.get(d);
    if (!id) {
      const own = ownName(d.name, d.schema);
      const resolve = (written: string | null, text: string): Known | null =>
        this.type(written, text, own.schema) ?? null;
      id = routineId(d, own, (t) => argumentType(t, resolve, this.outside.newSchema));
      this.#routineIds.set(d, id);
    }
    return id;
  }

  /** Functions and procedures that calls may mean: of the name, in the first schema that has one with so many arguments. */
  called(calls: readonly (readonly [schema: string, name: string, count: number])[], schema: string): readonly Id[] {
    return calls.flatMap(([written, name, count]) => {
      const all = this.routines.get(name)?.filter((r) => takes(r.declaration, count));
      const first = this.find(all, written || null, schema);
      return first ? all!.filter((r) => r.schema === first.schema).map((r) => this.routineId(r.declaration)) : [];
    });
  }

  /** The functions that a name without arguments may mean, and where they are; not `known`: nobody here knows them. */
  functionNamed(
    written: string | null,
    name: string,
    schema: string,
  ): { readonly known: boolean; readonly schema: string | null; readonly needs: readonly Id[] } {
    const all = this.routines.get(name);
    const own = this.find(all, written, schema);
    if (own)
      return {
        known: true,
        schema: own.schema,
        needs: all!.filter((r) => r.schema === own.schema).map((r) => this.routineId(r.declaration)),
      };
    const foreign = this.find(this.outside.names.get(`function ${name}`), written, schema);
    const extension = foreign?.extension ?? null;
    return {
      known: foreign !== undefined,
      schema: written ?? foreign?.schema ?? null,
      needs: extension === null ? [] : [{ kind: "extension", name: extension }],
    };
  }

  /** As `Declare.extensionsWith`. */
  extensionsWith(written: string | null, name: string, schema: string): ReturnType<Declare["extensionsWith"]> {
    const known = this.find(this.outside.names.get(`function ${name}`), written, schema);
    return known?.extension == null
      ? { schema: written ?? this.outside.likely(schema), needs: this.outside.newExtensions, unseen: true }
      : { schema: known.schema, needs: [{ kind: "extension", name: known.extension }], unseen: false };
  }

  /** What a language is an extension of. */
  language(name: string): readonly Id[] {
    return this.outside.extensions.has(name) ? [{ kind: "extension", name }] : [];
  }

  /** Tables that are read and are nowhere: neither declared, nor Postgres's own, nor of the live database. */
  strange<T extends readonly [schema: string, name: string, ...rest: unknown[]]>(
    tables: readonly T[],
    schema: string,
  ): readonly T[] {
    return tables.filter((t) => {
      const [written, name] = t;
      if (isOfCatalog(t)) return false;
      const anywhere = [this.tables, this.views, this.sequences].some((m) =>
        this.find<{ readonly schema: string }>(m.get(name), written || null, schema),
      );
      return !anywhere && !this.find(this.outside.names.get(`table ${name}`), written || null, schema);
    });
  }

  /** Whether what is declared is all there is: no new extension and no block of SQL brings anything. */
  get isWhole(): boolean {
    return (this.#isWhole ??= !this.outside.newExtensions.length && !this.laidOut.some((d) => d.kind === "sql"));
  }
  #isWhole: boolean | null = null;

  /** Whether all that a schema holds is declared: it is the project's, for it or something in it is declared. */
  isCertain(schema: string): boolean {
    return this.isWhole && (this.#schemas ??= new Set(this.#ownSchemas())).has(schema);
  }
  #schemas: ReadonlySet<string> | null = null;
  *#ownSchemas(): Generator<string> {
    for (const d of this.laidOut) if (d.kind === "schema") yield d.name.text;
    for (const all of [this.tables, this.views, this.types, this.sequences, this.routines])
      for (const list of all.values()) for (const { schema } of list) yield schema;
  }

  /** Columns of a declared table's primary key, its own or that of a table that it is a partition of; empty when it has none. */
  primaryKey(t: QualifiedName): readonly string[] {
    // Partitions of each other are an error of the text, which is told elsewhere.
    const seen = new Set<unknown>();
    let table = this.tables.get(t.name)?.find((x) => x.schema === t.schema);
    while (table && !seen.has(table)) {
      seen.add(table);
      const d = table.declaration;
      for (const m of d.members) {
        const key = m.kind === "column" ? m.constraints.find((c) => c.kind === "primaryKey") : m;
        if (key?.kind === "primaryKey") return m.kind === "column" ? [m.name.text] : key.columns.map((c) => c.text);
      }
      if (d.kind !== "partition") break;
      table = this.find(this.tables.get(d.parent.name.text), d.parent.schema?.text ?? null, table.schema);
    }
    return [];
  }

  /** Null for the name of a role that is declared, or there. */
  unknownRole({ text, span }: Name, version: number): Problem | null {
    const there = this.outside.names.has(`role ${text}`) || isBuiltIn("role", text, version);
    if (there || this.#roles.has(text)) return null;
    const all = [...this.#roles, ...[...this.outside.namesOf("role")].map(({ name }) => name)];
    return unknownRole(text, span, all);
  }

  /** Everything of these lists that somebody might have meant, with what the live database has of others'. */
  among(
    lists: readonly ReadonlyMap<string, readonly { readonly schema: string }[]>[],
    what: ForeignName["what"] | null = null,
  ): readonly QualifiedName[] {
    const declared = lists.flatMap((m) => [...m].flatMap(([name, all]) => all.map(({ schema }) => ({ schema, name }))));
    return what === null ? declared : [...declared, ...this.outside.namesOf(what)];
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
