/** Declarations → the database they describe. Fills in what Postgres would: names, schemas, defaults of every option. */
import type {
  ColumnNode,
  Declaration,
  DeclarationKind,
  Declarations,
  Member,
  MixinDeclaration,
  TableDeclaration,
} from "../grammar/declarations.ts";
import type { FragmentNode, Name, QualifiedNode } from "../grammar/nodes.ts";
import type { DbObject, Fragment, Id, QualifiedName } from "./model/objects.ts";
import type { Database, ForeignName } from "./model/database.ts";
import { describeId, encode } from "./model/id.ts";
import { bytes, maxNameBytes, name as quoteName } from "./sql.ts";
import { nearest, problem, type Problem, type Span } from "./problems.ts";
import { type Analyser, type Analysis, openAnalyser } from "./fragments.ts";
import { declareFile, declareMember, roomOf } from "./kinds/rooms.ts";
import type { Declare, InTable, ObjectMember } from "./kinds/room.ts";
import { makeObjectName } from "./kinds/parts/names.ts";
import { spellType } from "./kinds/parts/types.ts";
import { checkForeignKeys, linkForeignKeys } from "./kinds/parts/references.ts";

/** Symbols of pg_catalog's operators that an index can stand on. */
const usualOperators = new Set("= <> < <= > >= && -|- << >> &< &> @> <@ ~= |>> <<| &<| |&> >>= <<= ? ?| ?& @@ ~ ~* ^@".split(" "));

export interface DeclareOptions {
  /** Server version the database is for, e.g. 150018. */
  readonly version: number;
  /** Names of the live database that declarations may refer to without declaring them. */
  readonly foreignNames?: readonly ForeignName[];
  /** What is known of fragments already, by text; what is learnt is added. */
  readonly analyses?: Map<string, Analysis>;
}

export interface Declared {
  readonly database: Database;
  readonly problems: readonly Problem[];
  /** Where each object was written, by encoded id. */
  readonly places: ReadonlyMap<string, Span>;
  /** Fragments that our parser does not understand; whether they are wrong is Postgres's to say. */
  readonly suspects: readonly { readonly node: FragmentNode; readonly fragment: Fragment; readonly analysis: Analysis }[];
}

/**
 * 1. Everything that can be referred to is collected first, because order never matters.
 * 2. Mixins are laid out in the tables that use them, after the table's own members.
 * 3. Names that somebody gave are taken before any name is made up.
 * 4. Each declaration goes through its kind's room; then the ends of foreign keys are compared.
 */
export async function declare(
  declarations: readonly Declaration[],
  { version, foreignNames = [], analyses = new Map() }: DeclareOptions,
): Promise<Declared> {
  const analyser = await openAnalyser(fragmentsIn(declarations), analyses);
  const whole = new Whole(declarations, version, foreignNames, analyser);
  for (const d of whole.laidOut) if (d.kind !== "mixin") declareOne(d.kind, d, whole.helper(d));
  const database = linkForeignKeys({ objects: [...whole.objects.values()] });
  whole.checkSchemas();
  whole.checkOccupied();
  for (const p of checkForeignKeys(database, (id) => whole.places.get(encode(id)))) whole.report(p);
  return { database, problems: whole.problems, places: whole.places, suspects: whole.suspects };
}

const declareOne = <K extends Exclude<DeclarationKind, "mixin">>(
  kind: K,
  d: Declarations[K],
  helper: Declare,
): void => declareFile[kind](d, helper);
const declareOneMember = <K extends ObjectMember["kind"]>(
  kind: K,
  m: Extract<ObjectMember, { kind: K }>,
  table: InTable,
  helper: Declare,
): void => declareMember[kind](m, table, helper);

/** Every fragment of a declaration, wherever it stands. */
function* fragmentsIn(root: unknown): Generator<string> {
  const stack: unknown[] = [root];
  while (stack.length) {
    const n = stack.pop();
    if (typeof n !== "object" || n === null) continue;
    if (Array.isArray(n)) {
      for (const x of n) stack.push(x);
      continue;
    }
    if (isFragmentNode(n)) yield n.text;
    else for (const [k, v] of Object.entries(n)) if (k !== "span" && typeof v === "object" && v) stack.push(v);
  }
}
/** A fragment node is its text and its place, and nothing else; names also say whether they are quoted. */
const isFragmentNode = (n: object): n is FragmentNode => "text" in n && "span" in n && Object.keys(n).length === 2;

interface Known {
  readonly schema: string;
  readonly name: string;
  readonly needs: Id | null;
}

const systemColumns = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"]);

class Whole {
  readonly objects = new Map<string, DbObject>();
  readonly places = new Map<string, Span>();
  readonly problems: Problem[] = [];
  readonly suspects: { node: FragmentNode; fragment: Fragment; analysis: Analysis }[] = [];
  readonly laidOut: readonly Declaration[];
  readonly #version: number;
  readonly #analyser: Analyser;
  /** By name, the schemas that hold one of that name. */
  readonly #types = new Map<string, Known[]>();
  readonly #tables = new Map<string, { schema: string; declaration: TableDeclaration }[]>();
  readonly #sequences = new Map<string, Known[]>();
  readonly #foreign = new Map<string, ForeignName[]>();
  /** Extensions that the live database does not have yet: a name nobody knows may come from one of them. */
  readonly #newExtensions: readonly Id[];
  readonly #extensionSchemas: readonly string[];
  readonly #taken = { relation: new Set<string>(), constraint: new Set<string>() };
  readonly #paths = new Map<string, readonly string[]>();

  constructor(declarations: readonly Declaration[], version: number, foreign: readonly ForeignName[], analyser: Analyser) {
    this.#version = version;
    this.#analyser = analyser;
    // An extension that moves takes what it holds along.
    const moved = new Map(declarations.flatMap((d) => (d.kind === "extension" ? [[d.name.text, d.into?.text ?? "public"]] : [])));
    for (const f of foreign) {
      const schema = (f.extension !== null && moved.get(f.extension)) || f.schema;
      push(this.#foreign, `${f.what} ${f.name}`, { ...f, schema });
    }
    const installed = new Set(foreign.map((f) => f.extension));
    const fresh: Id[] = [];
    const schemas = new Set<string>();
    const mixins = new Map<string, MixinDeclaration>();
    for (const d of declarations) {
      switch (d.kind) {
        case "extension":
          schemas.add(d.into?.text ?? "public");
          if (!installed.has(d.name.text)) fresh.push({ kind: "extension", name: d.name.text });
          break;
        case "enum":
        case "domain": {
          const own = this.#own(d.name, d.schema);
          push(this.#types, own.name, { ...own, needs: { kind: d.kind, ...own } });
          break;
        }
        case "sequence": {
          const own = this.#own(d.name, d.schema);
          push(this.#sequences, own.name, { ...own, needs: { kind: d.kind, ...own } });
          this.#taken.relation.add(`${own.schema}.${own.name}`);
          break;
        }
        case "table": {
          const own = this.#own(d.name, d.schema);
          push(this.#tables, own.name, { schema: own.schema, declaration: d });
          this.#taken.relation.add(`${own.schema}.${own.name}`);
          break;
        }
        case "mixin":
          if (mixins.has(d.name.text)) this.report(twice(d.name.span, `mixin ${d.name.text}`));
          mixins.set(d.name.text, d);
          break;
        case "schema":
          break;
      }
    }
    for (const f of foreign) if (f.extension !== null) schemas.add(f.schema);
    this.#newExtensions = fresh;
    this.#extensionSchemas = [...schemas];
    const laid = new Map<Declaration, TableDeclaration>();
    this.laidOut = this.#oncePerSchema(declarations).map((d) => {
      if (d.kind !== "table" || !d.mixins.length) return d;
      const out = this.#layOut(d, mixins);
      laid.set(d, out);
      return out;
    });
    for (const list of this.#tables.values())
      for (const t of list) t.declaration = laid.get(t.declaration) ?? t.declaration;
    for (const d of this.laidOut) if (d.kind === "table") this.#takeNames(d);
  }

  report(p: Problem): void {
    this.problems.push(p);
  }

  #own(n: QualifiedNode, schema: Name | null): QualifiedName {
    return { schema: n.schema?.text ?? schema?.text ?? "public", name: n.name.text };
  }

  /** A schema may open several files; it is declared once, with the one comment that somebody gave it. */
  #oncePerSchema(declarations: readonly Declaration[]): readonly Declaration[] {
    const kept = new Map<string, Declaration>();
    for (const d of declarations) {
      if (d.kind !== "schema") continue;
      const other = kept.get(d.name.text);
      if (other && d.doc !== null && other.doc !== null && other.doc !== d.doc)
        this.report(problem("duplicate-name", d.span, `Schema ${quoteName(d.name.text)} has another comment elsewhere.`));
      if (!other || (other.doc === null && d.doc !== null)) kept.set(d.name.text, d);
    }
    return declarations.filter((d) => d.kind !== "schema" || kept.get(d.name.text) === d);
  }

  #layOut(d: TableDeclaration, mixins: ReadonlyMap<string, MixinDeclaration>): TableDeclaration {
    const members: Member[] = [...d.members];
    for (const m of d.mixins) {
      const mixin = mixins.get(m.text);
      if (mixin) members.push(...mixin.members);
      else this.report(this.#unknown("unknown-mixin", "mixin", m.text, m.span, mixins.keys()));
    }
    return { ...d, members };
  }

  #takeNames(d: TableDeclaration): void {
    const { schema } = this.#own(d.name, d.schema);
    for (const m of d.members)
      for (const c of m.kind === "column" ? m.constraints : [m]) {
        if (!("name" in c) || !c.name) continue;
        const key = `${schema}.${c.name.text}`;
        if (c.kind !== "check" && c.kind !== "foreignKey" && c.kind !== "notNull") this.#taken.relation.add(key);
        if (c.kind !== "index") this.#taken.constraint.add(key);
      }
  }

  /** Own schema, public, then the schemas of extensions. */
  #path(schema: string): readonly string[] {
    let path = this.#paths.get(schema);
    if (!path) this.#paths.set(schema, (path = [...new Set([schema, "public", ...this.#extensionSchemas])]));
    return path;
  }

  /** The first schema of the path that holds the name. */
  #find<T extends { readonly schema: string }>(all: readonly T[] | undefined, written: string | null, schema: string): T | undefined {
    if (!all) return undefined;
    for (const s of written === null ? this.#path(schema) : [written]) {
      const found = all.find((x) => x.schema === s);
      if (found) return found;
    }
    return undefined;
  }

  #unknown(
    code: "unknown-table" | "unknown-type" | "unknown-mixin" | "unknown-column",
    word: string,
    text: string,
    span: Span,
    candidates: Iterable<string>,
  ): Problem {
    const near = nearest(text, candidates);
    return problem(code, span, `There is no ${word} called ${quoteName(text)}.`, {
      help: near === null ? `Declare it, or correct the name.` : `Did you mean ${quoteName(near)}?`,
      ...(near === null ? {} : { fix: quoteName(near) }),
    });
  }

  #columns(d: TableDeclaration, seen = new Set<TableDeclaration>()): Map<string, ColumnNode> {
    seen.add(d);
    const out = new Map<string, ColumnNode>();
    const { schema } = this.#own(d.name, d.schema);
    for (const m of d.members) {
      if (m.kind === "column") out.set(m.name.text, m);
      if (m.kind !== "inherits") continue;
      for (const p of m.parents) {
        const parent = this.#find(this.#tables.get(p.name.text), p.schema?.text ?? null, schema)?.declaration;
        if (parent && !seen.has(parent))
          for (const [k, c] of this.#columns(parent, seen)) if (!out.has(k)) out.set(k, c);
      }
    }
    return out;
  }

  #primaryKey(t: QualifiedName): readonly string[] {
    const d = this.#tables.get(t.name)?.find((x) => x.schema === t.schema)?.declaration;
    for (const m of d?.members ?? []) {
      const key = m.kind === "column" ? m.constraints.find((c) => c.kind === "primaryKey") : m;
      if (key?.kind === "primaryKey") return m.kind === "column" ? [m.name.text] : key.columns.map((c) => c.text);
    }
    return [];
  }

  /** Every schema that something lives in is declared; public and Postgres's own are there without saying. */
  checkSchemas(): void {
    const named = new Set<string>();
    for (const o of this.objects.values())
      for (const need of roomOf(o.id.kind).needs(o)) {
        const key = encode(need);
        if (need.kind !== "schema" || this.objects.has(key) || named.has(key)) continue;
        named.add(key);
        const at = this.places.get(encode(o.id));
        const near = nearest(need.name, [...this.objects.values()].flatMap((x) => (x.id.kind === need.kind ? [x.id.name] : [])));
        if (at)
          this.report(
            problem("unknown-schema", at, `The schema ${quoteName(need.name)} is not declared.`, {
              help: near === null ? `Add a line: schema ${quoteName(need.name)}` : `Did you mean ${quoteName(near)}? Else add a line: schema ${quoteName(need.name)}`,
            }),
          );
      }
  }

  checkOccupied(): void {
    const occupied = new Map<string, DbObject>();
    for (const o of this.objects.values())
      for (const n of roomOf(o.id.kind).occupies(o)) {
        const other = occupied.get(n);
        const at = this.places.get(encode(o.id));
        if (other && at && other !== o)
          this.report(problem("duplicate-name", at, `${describeId(o.id)} and ${describeId(other.id)} cannot have the same name.`));
        occupied.set(n, o);
      }
  }

  helper(d: Declaration): Declare {
    const schema = d.kind === "mixin" ? "public" : (("name" in d && "schema" in d.name ? d.name.schema?.text : undefined) ?? d.schema?.text ?? "public");
    const path = this.#path(schema);
    const tableColumns = d.kind === "table" ? this.#columns(d) : null;
    const tableName = d.kind === "table" ? d.name.name.text : null;
    const checkName = (text: string, span: Span): void => {
      if (bytes(text) > maxNameBytes)
        this.report(
          problem("name-too-long", span, `The name ${text} has ${bytes(text)} bytes; Postgres keeps ${maxNameBytes}.`, {
            help: "Shorten it: Postgres would cut it off silently.",
          }),
        );
    };
    const makeFragment = (f: FragmentNode): Fragment => {
      const fragment: Fragment = { sql: f.text, path, canonical: null };
      const analysis = this.#analyser.analyse(f.text);
      if (analysis.error) this.suspects.push({ node: f, fragment, analysis });
      return fragment;
    };
    const typeNeeds = (written: string | null, text: string): Known | undefined => {
      const declared = this.#find(this.#types.get(text), written, schema);
      if (declared) return declared;
      const foreign = this.#find(this.#foreign.get(`type ${text}`), written, schema);
      return foreign
        ? { ...foreign, needs: foreign.extension === null ? null : { kind: "extension", name: foreign.extension } }
        : undefined;
    };
    const outside = (what: ForeignName["what"], n: QualifiedNode): QualifiedName => {
      if (n.schema) return { schema: n.schema.text, name: n.name.text };
      const found = this.#find(this.#foreign.get(`${what} ${n.name.text}`), null, schema);
      return { schema: found?.schema ?? "pg_catalog", name: n.name.text };
    };
    const helper: Declare = {
      version: this.#version,
      schema,
      add: (o, at) => {
        const key = encode(o.id);
        if (this.objects.has(key)) {
          this.report(twice(at, describeId(o.id)));
          return;
        }
        this.objects.set(key, o);
        this.places.set(key, at);
      },
      report: (p) => this.report(p),
      own: (n) => ({ schema: n.schema?.text ?? schema, name: helper.name(n.name) }),
      table: (n) => {
        // Partitioned, foreign and typed tables have no declaration yet, but can be referred to where they exist.
        const found =
          this.#find(this.#tables.get(n.name.text), n.schema?.text ?? null, schema) ??
          this.#find(this.#foreign.get(`table ${n.name.text}`), n.schema?.text ?? null, schema);
        if (!found) this.report(this.#unknown("unknown-table", "table", n.name.text, n.span, this.#tables.keys()));
        return { schema: found?.schema ?? n.schema?.text ?? schema, name: n.name.text };
      },
      primaryKey: (t) => this.#primaryKey(t),
      fragment: makeFragment,
      type: (t) => {
        const spelled = spellType(t, (written, text) => typeNeeds(written, text) ?? null);
        if (spelled.problem) this.report(spelled.problem);
        if (spelled.known)
          return {
            type: { sql: spelled.sql, path: spelled.certain ? [] : path, canonical: spelled.certain ? spelled.sql : null },
            needs: spelled.needs ? [spelled.needs] : [],
            serial: spelled.serial,
          };
        if (!this.#newExtensions.length)
          this.report(
            this.#unknown("unknown-type", "type", t.name.text, t.name.span, [
              ...this.#types.keys(),
              ...[...this.#foreign.keys()].filter((k) => k.startsWith("type ")).map((k) => k.slice(5)),
              ...spelled.candidates,
            ]),
          );
        return { type: { sql: spelled.sql, path, canonical: null }, needs: this.#newExtensions, serial: null };
      },
      uses: (f, columns) => {
        const analysis = this.#analyser.analyse(f.text);
        const used = new Set<string>();
        for (const reference of analysis.columns) {
          const [first, second] = reference.parts;
          const column = first === tableName && second !== undefined ? second : first!;
          if (columns.has(column)) used.add(column);
          else if (columns.size && reference.parts.length === 1 && column !== tableName && !systemColumns.has(column)) {
            const start = f.span.start + reference.at;
            this.report(
              this.#unknown("unknown-column", "column", column, { file: f.span.file, start, end: Math.min(start + column.length, f.span.end) }, columns),
            );
          }
        }
        const needs: Id[] = [];
        for (const [written, text] of analysis.types) {
          const known = typeNeeds(written || null, text);
          if (known?.needs) needs.push(known.needs);
        }
        for (const text of analysis.relations) {
          const parts = text.split(".").map((p) => p.replace(/^"|"$/g, "").replaceAll('""', '"'));
          const found = this.#find(this.#sequences.get(parts.at(-1)!), parts.length > 1 ? parts.at(-2)! : null, schema);
          if (found?.needs) needs.push(found.needs);
        }
        return { columns: [...used], needs, columnName: analysis.columnName };
      },
      collation: (n) => outside("collation", n),
      operatorClass: (n) => outside("operatorClass", n),
      operator: (text) => {
        const written = /^operator\s*\(\s*(?:("(?:[^"]|"")*"|\w+)\s*\.\s*)?([^)\s]+)\s*\)$/i.exec(text);
        const symbol = written?.[2] ?? text;
        const own = written?.[1]?.replace(/^"|"$/g, "").replaceAll('""', '"');
        // pg_catalog comes first in every path: what it has of this symbol is meant, whatever an extension adds to it.
        const found = usualOperators.has(symbol) ? undefined : this.#find(this.#foreign.get(`operator ${symbol}`), own ?? null, schema);
        return { schema: own ?? found?.schema ?? "pg_catalog", name: symbol };
      },
      freeName: (inSchema, first, second, label, space) => {
        for (let i = 0; ; i++) {
          const made = makeObjectName(first, second, i ? `${label}${i}` : label);
          const key = `${inSchema}.${made}`;
          if (this.#taken.constraint.has(key) || (space === "relation" && this.#taken.relation.has(key))) continue;
          this.#taken[space].add(key);
          return made;
        }
      },
      comment: (target, doc, at) => {
        if (doc === null || doc === "") return;
        helper.add({ id: { kind: "comment", target }, attributes: { text: doc }, needs: [] }, at);
      },
      name: (n) => {
        checkName(n.text, n.span);
        return n.text;
      },
      member: (m, table) => declareOneMember(m.kind, m, table, helper),
      columns: () => tableColumns ?? new Map(),
    };
    return helper;
  }
}

const twice = (span: Span, what: string): Problem =>
  problem("duplicate-name", span, `${what} is declared twice.`, { help: "Remove one of them, or rename it." });

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
