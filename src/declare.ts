/** Declarations → the database they describe. Fills in what Postgres would: names, schemas, defaults of every option. */
import type { Declaration, DeclarationKind, Declarations } from "../grammar/declarations.ts";
import type { FragmentNode, PlpgsqlNode, QualifiedNode, StatementsNode } from "../grammar/nodes.ts";
import type { DbObject, Fragment, Id, QualifiedName } from "./model/objects.ts";
import { type Database, type ForeignName, type Index, indexOf } from "./model/database.ts";
import { describeId, encode, sameId } from "./model/id.ts";
import { bytes, maxNameBytes } from "./sql.ts";
import { distinct, problem, type Problem, type Span } from "./problems.ts";
import { type Analyser, type Analysis, openAnalyser, type Source } from "./fragments/index.ts";
import { declareFile, declareMember, roomOf } from "./kinds/rooms.ts";
import type { Declare, InTable, ObjectMember } from "./kinds/room.ts";
import { fillParts } from "./kinds/parts/fillParts.ts";
import { wholeType } from "./kinds/parts/baseTypes.ts";
import { makeObjectName } from "./kinds/parts/names.ts";
import { isBuiltIn, isOfCatalog } from "./kinds/parts/builtIn.ts";
import { isUsualOperatorClass } from "./kinds/parts/operatorClasses.ts";
import { home } from "./kinds/parts/home.ts";
import { mentionedIn } from "./kinds/parts/mentioned.ts";
import { Program } from "./kinds/parts/program.ts";
import {
  ofNewExtension,
  twice,
  unknown,
  unknownForeign,
  unknownIn,
  unknownSchemas,
  unknownTable,
  unknownType,
} from "./kinds/parts/unknown.ts";
import { missingColumns, partAt, systemColumns } from "./kinds/parts/queryColumns.ts";
import { linkForeignKeys } from "./kinds/parts/references.ts";
import { complete } from "./kinds/complete.ts";
import { checkTogether } from "./kinds/together.ts";
import { unmodified } from "./kinds/parts/signatures.ts";
import { linkFunctions } from "./kinds/parts/functions.ts";
import { linkBodies, linkOperators, usualOperators } from "./kinds/parts/operators.ts";
import { spellType } from "./kinds/parts/types.ts";

export interface DeclareOptions {
  /** Server version the database is for, e.g. 150018. */
  readonly version: number;
  /** Names of the live database that declarations may refer to without declaring them. */
  readonly foreignNames?: readonly ForeignName[];
  /** Roles whose attributes, memberships and settings are the project's. */
  readonly roles?: true | readonly string[];
  /** What is known of fragments already, by text; what is learnt is added. */
  readonly analyses?: Map<string, Analysis>;
}

export interface Declared {
  readonly database: Database;
  readonly problems: readonly Problem[];
  /** Where each object was written, by encoded id. */
  readonly places: ReadonlyMap<string, Span>;
  /** Fragments that our parser does not understand; whether they are wrong is Postgres's to say. */
  readonly suspects: readonly {
    readonly node: FragmentNode;
    readonly path: readonly string[];
    /** What makes a statement of it to ask Postgres with. */
    readonly around: readonly [before: string, after: string];
  }[];
}

/**
 * 1. Everything that can be referred to is collected first, because order never matters.
 * 2. Mixins are laid out in the tables that use them, after the table's own members.
 * 3. Names that somebody gave are taken before any name is made up.
 * 4. Each declaration goes through its kind's room; then the ends of foreign keys are compared.
 */
export async function declare(
  declarations: readonly Declaration[],
  { version, foreignNames = [], roles = [], analyses = new Map() }: DeclareOptions,
): Promise<Declared> {
  const analyser = await openAnalyser(fragmentsIn(declarations), analyses);
  const program = new Program(declarations, foreignNames);
  const whole = new Whole(program, version, roles, analyser);
  for (const d of program.laidOut) declareOne(d.kind, d, whole.helper(d));
  whole.finish("before parts are filled");
  whole.fill();
  whole.finish("after");
  const declared = { objects: [...whole.objects.values()] };
  const database = linkFunctions(linkBodies(linkOperators(linkForeignKeys(declared))), (o) =>
    roomOf(o.id.kind).needs(o),
  );
  whole.checkSchemas();
  whole.checkOccupied();
  for (const p of checkTogether(database, (id) => whole.places.get(encode(id)), program.laidOut)) whole.report(p);
  const problems = distinct(whole.problems.filter((p) => !ofNoName.test(p.message)));
  return { database, problems, places: whole.places, suspects: whole.suspects };
}

const declareOne = <K extends Exclude<DeclarationKind, "mixin">>(kind: K, d: Declarations[K], helper: Declare): void =>
  declareFile[kind](d, helper);
const declareOneMember = <K extends ObjectMember["kind"]>(
  kind: K,
  m: Extract<ObjectMember, { kind: K }>,
  table: InTable,
  helper: Declare,
): void => declareMember[kind](m, table, helper);

/** Every fragment of a declaration, wherever it stands. */
function* fragmentsIn(root: unknown): Generator<Source> {
  const stack: unknown[] = [root];
  while (stack.length) {
    const n = stack.pop();
    if (typeof n !== "object" || n === null) continue;
    if (Array.isArray(n)) {
      for (const x of n) stack.push(x);
      continue;
    }
    if (isFragmentNode(n)) yield sourceOf(n);
    else for (const [k, v] of Object.entries(n)) if (k !== "span" && typeof v === "object" && v) stack.push(v);
  }
}
/** A fragment node is its text and its place, and at most its form; names also say whether they are quoted. */
const isFragmentNode = (n: object): n is FragmentNode =>
  "text" in n && "span" in n && (Object.keys(n).length === 2 || ("form" in n && n.form !== null));
const sourceOf = (n: FragmentNode | StatementsNode | PlpgsqlNode): Source =>
  "form" in n ? n : { text: n.text, form: "expression" };

/** A statement that always fails. Postgres reads a whole message before it runs the first statement of it. */
const failing = "select 1 / 0;\n";
/** Work of this rank and above looks at partitions' parts as they are. */
const onFilled = 5;
const none: ReadonlySet<string> = new Set();
/** Where a name is empty (a placeholder without a value), that is told already. */
const ofNoName = /(?:^|[\s.(])""(?=[\s.,)])/;

class Whole {
  readonly objects = new Map<string, DbObject>();
  readonly places = new Map<string, Span>();
  readonly problems: Problem[] = [];
  readonly suspects: Declared["suspects"][number][] = [];
  #whole: Index | null = null;
  readonly #later: { readonly rank: number; readonly work: () => void }[] = [];
  readonly #version: number;
  readonly #analyser: Analyser;
  readonly #roles: true | readonly string[];
  readonly #program: Program;

  constructor(program: Program, version: number, roles: true | readonly string[], analyser: Analyser) {
    this.#program = program;
    this.#roles = roles;
    this.#version = version;
    this.#analyser = analyser;
    this.problems.push(...program.problems);
  }

  report(p: Problem): void {
    this.problems.push(p);
  }
  #everything(): Index {
    return indexOf(complete({ objects: [...this.objects.values()] }));
  }
  finish(when: "before parts are filled" | "after"): void {
    const due = this.#later.filter(({ rank }) => rank >= onFilled === (when === "after"));
    for (const { work } of due.sort((a, b) => a.rank - b.rank)) work();
  }
  /** What a text says of partitions' parts becomes what they are. */
  fill(): void {
    const blank = [...this.objects.values()];
    const { database, problems } = fillParts({ objects: blank }, (id) => this.places.get(encode(id)));
    for (const p of problems) this.report(p);
    if (database.objects.every((o, i) => o === blank[i])) return;
    this.objects.clear();
    for (const [i, o] of database.objects.entries()) {
      const at = this.places.get(encode(blank[i]!.id));
      this.objects.set(encode(o.id), o);
      if (at) this.places.set(encode(o.id), at);
    }
  }

  /** Every schema that something lives in is declared; public and Postgres's own are there without saying. So are servers. */
  checkSchemas(): void {
    const at = (o: DbObject): Span | undefined => this.places.get(encode(o.id));
    for (const find of [unknownSchemas, unknownForeign])
      for (const p of find(this.objects, (o) => roomOf(o.id.kind).needs(o), at)) this.report(p);
  }

  checkOccupied(): void {
    const occupied = new Map<string, DbObject>();
    for (const o of this.objects.values()) {
      const told = new Set<DbObject>([o]);
      for (const n of roomOf(o.id.kind).occupies(o)) {
        const other = occupied.get(n);
        const at = this.places.get(encode(o.id));
        if (other && at && !told.has(other))
          this.report(
            problem("duplicate-name", at, `${describeId(o.id)} and ${describeId(other.id)} cannot have the same name.`),
          );
        if (other) told.add(other);
        occupied.set(n, o);
      }
    }
  }

  helper(d: Program["laidOut"][number]): Declare {
    const { schema, table: tableName } = home(d);
    const path = this.#program.outside.path(schema);
    const tableColumns = this.#program.columns(d);
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
      check(f, "form" in f ? ["prepare schemac_ask as ", ""] : ["prepare schemac_ask as select (", "\n)"]);
      return fragment;
    };
    const check = (node: FragmentNode, [before, after]: readonly [string, string]): void => {
      const { form } = sourceOf(node);
      // What stands in no quotes of ours is only read: the message fails before its second statement.
      const head = form === "plpgsql" || ("late" in node && node.late) ? before : failing + before;
      const { error, tooDeep } = this.#analyser.analyse(sourceOf(node));
      if (tooDeep) this.report(problem("nesting-too-deep", node.span, "This is nested deeper than SQL can be read."));
      if (error) this.suspects.push({ node, path, around: [head, after] });
    };
    const outside = (what: ForeignName["what"], n: QualifiedNode): QualifiedName => {
      if (n.schema) return { schema: n.schema.text, name: n.name.text };
      if (isBuiltIn(what, n.name.text, this.#version)) return { schema: "pg_catalog", name: n.name.text };
      const key = `${what} ${n.name.text}`;
      const found =
        this.#program.find(this.#program.things.get(key), null, schema) ??
        this.#program.find(this.#program.outside.names.get(key), null, schema);
      return { schema: found?.schema ?? "pg_catalog", name: n.name.text };
    };
    const sought = (
      n: Omit<QualifiedNode, "span">,
      span: Span,
      lists: Parameters<Program["among"]>[0],
      what: ForeignName["what"] | null,
    ): Parameters<typeof unknownIn>[2] => ({
      ...{ schema: n.schema?.text ?? null, name: n.name.text, span, path },
      known: this.#program.among(lists, what),
    });
    // An extension's tables have no declaration, but can be referred to where they exist.
    const schemaOfTable = (n: QualifiedNode): string | undefined => {
      const wanted = [n.schema?.text ?? null, n.name.text, schema] as const;
      return this.#program.table(...wanted) ?? this.#program.unseenTable(...wanted);
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
      amend: (id, at, change) => {
        const key = encode(id);
        const next = change(this.objects.get(key) ?? null);
        if (next === null) this.objects.delete(key);
        else {
          this.objects.set(key, next);
          if (!this.places.has(key)) this.places.set(key, at);
        }
      },
      afterwards: (rank, work) => void this.#later.push({ rank, work }),
      declared: (id) => this.objects.get(encode(id)) ?? null,
      all: () => this.objects.values(),
      whole: () => (this.#whole ??= this.#everything()),
      path,
      report: (p) => this.report(p),
      own: (n) => ({ schema: n.schema?.text ?? schema, name: helper.name(n.name) }),
      hasTable: (n) => schemaOfTable(n) !== undefined,
      table: (n) => {
        const found = schemaOfTable(n);
        if (found === undefined) {
          const view = this.#program.find(this.#program.views.get(n.name.text), n.schema?.text ?? null, schema);
          this.report(unknownTable(sought(n, n.span, [this.#program.tables], "table"), view !== undefined));
        }
        return { schema: found ?? n.schema?.text ?? schema, name: n.name.text };
      },
      extensionsOfTable: (t) => this.#program.extensionsOfTable(t),
      primaryKey: (t) => this.#program.primaryKey(t),
      columnsOf: (t) => this.#program.columnsOfTable(t),
      named: (n) => {
        const found = this.#program.named(n.schema?.text ?? null, n.name.text, schema);
        const { tables, views, types, sequences } = this.#program;
        if (!found.length)
          this.report(unknownIn("unknown-table", "object", sought(n, n.span, [tables, views, types, sequences], null)));
        return found;
      },
      fragment: makeFragment,
      check,
      routineId: (routine) => this.#program.routineId(routine),
      functionNamed: (n, usual) => {
        const written = n.schema?.text ?? null;
        const found = this.#program.functionNamed(written, n.name.text, schema);
        const unknown = found.schema === null && usual !== undefined && !usual.has(n.name.text);
        const extension = unknown ? this.#program.extensionsWith(written, n.name.text, schema) : null;
        // Without a schema it is one of Postgres's own wherever those are not all known.
        if (!found.known && (written === null ? unknown && this.#program.isWhole : this.#program.isCertain(written))) {
          const span = { ...n.name.span, start: (n.schema ?? n.name).span.start };
          this.report(unknownIn("unknown-object", "function", sought(n, span, [this.#program.routines], "function")));
        }
        if (extension?.needs.length && extension.schema === null) this.report(ofNewExtension(n.name.text, n.name.span));
        const fallback = extension?.needs.length ? (extension.schema ?? schema) : unknown ? schema : "pg_catalog";
        return {
          name: { schema: found.schema ?? fallback, name: n.name.text },
          needs: extension ? extension.needs : found.needs,
        };
      },
      extensionsWith: (n) => this.#program.extensionsWith(n.schema?.text ?? null, n.name.text, schema),
      language: (name) => this.#program.language(name),
      called: (n, count) => this.#program.called([[n.schema?.text ?? "", n.name.text, count]], schema),
      type: (t, of = "column") => {
        let live = false;
        if (of === "routine") t = { ...t, modifiers: [], fields: null };
        const spelled = spellType(
          t,
          (written, text) => {
            const known = this.#program.type(written, text, schema);
            live = known?.live ?? false;
            return known ?? null;
          },
          of,
        );
        if (spelled.problem) this.report(spelled.problem);
        if (spelled.known) {
          // What only the live database knows is written as the text says it, so that what is declared does not depend on it.
          const sql = of === "routine" ? unmodified(spelled.sql) : spelled.sql;
          const type: Fragment = live
            ? { sql: spellType(t, () => null).sql, path, canonical: spelled.certain ? sql : null }
            : { sql, path: spelled.certain ? [] : path, canonical: spelled.certain ? sql : null };
          return { type, needs: spelled.needs ? [spelled.needs] : [], serial: spelled.serial };
        }
        if (!this.#program.outside.newExtensions.length)
          this.report(
            unknownType(
              sought(t, { ...t.name.span, start: (t.schema ?? t.name).span.start }, [this.#program.types], "type"),
              spelled.candidates,
            ),
          );
        return {
          type: { sql: spelled.sql, path, canonical: null },
          needs: this.#program.outside.newExtensions,
          serial: null,
        };
      },
      uses: (f, columns, { rows = [], table: on = tableName ?? undefined, beside = none, then = false } = {}) => {
        const analysis = this.#analyser.analyse(sourceOf(f));
        const lacking = then ? [] : missingColumns(f, analysis.columns, this.#program, schema, [columns, beside]);
        for (const p of lacking) this.report(p);
        const used = new Set<string>();
        let wholeRow = false;
        for (const reference of analysis.columns) {
          const [first = "", second] = reference.parts;
          const ofRow = rows.includes(first) && reference.parts.length === 2;
          if (ofRow && second === "*") wholeRow = true;
          if (rows.length && (!ofRow || second === "*")) continue;
          const column = (ofRow || first === on) && second !== undefined ? second : first;
          if (columns.has(column)) used.add(column);
          else if (
            columns.size &&
            !helper.open &&
            // In a query of its own a name may be of one of its tables.
            (ofRow || (!analysis.tables.length && reference.parts.length === 1 && column !== on)) &&
            !systemColumns.has(column)
          ) {
            this.report(unknown("unknown-column", "column", column, partAt(f, reference.at, ofRow ? 1 : 0), columns));
          }
        }
        const needs: Id[] = [];
        for (const [written, text] of analysis.types) {
          const known = this.#program.type(written || null, text, schema);
          if (known?.needs) needs.push(...wholeType(known.needs));
        }
        for (const [written, text] of analysis.relations)
          needs.push(...this.#program.relation(written || null, text, schema));
        for (const [written, text] of analysis.collations) {
          const found = this.#program.find(this.#program.things.get(`collation ${text}`), written || null, schema);
          if (found) needs.push({ kind: "collation", schema: found.schema, name: found.name });
        }
        const placed = ([written, name, at]: readonly [string, string, number, ...unknown[]]): Span => {
          const start = f.span.start + at;
          return {
            file: f.span.file,
            start,
            end: Math.min(start + (written && `${written}.`).length + name.length, f.span.end),
          };
        };
        const strange = this.#program.strange(analysis.tables, schema);
        if (!then && sourceOf(f).form !== "plpgsql" && !/\bcreate\b/i.test(f.text))
          for (const [written, name, at] of strange)
            if (at >= 0 && this.#program.isCertain(written)) {
              const known = this.#program.among([this.#program.tables, this.#program.views], "table");
              // In a body that Postgres keeps as a text it is no error: a live database can have such a one, and nobody may run it.
              this.report(
                unknownIn("late" in f && f.late ? "missing-in-body" : "unknown-table", "table", {
                  schema: written || null,
                  name,
                  span: placed([written, name, at]),
                  known,
                  path,
                }),
              );
            }
        needs.push(...mentionedIn(analysis, this.#program, schema));
        return {
          columns: [...used],
          needs,
          names: analysis.tables.length
            ? []
            : analysis.columns.map(({ parts, at }) => {
                const last = partAt(f, Math.max(0, at), parts.length - 1);
                return {
                  text: parts.join("."),
                  quoted: false,
                  span: { ...last, start: f.span.start + Math.max(0, at) },
                };
              }),
          columnName: analysis.columnName,
          wholeRow,
          stars: analysis.stars,
          operators: analysis.operators,
          functions: analysis.functions.map(([of, called]) => [of, called]),
          types: analysis.types,
          statements: analysis.statements.map((s) => {
            const blanks = /^\s*/.exec(f.text.slice(s.at))![0].length;
            return { ...s, at: { ...f.span, start: Math.min(f.span.start + s.at + blanks, f.span.end) } };
          }),
          strange,
          lacks: lacking.length > 0,
          references: analysis.columns.map((c) => c.parts),
          tables: analysis.tables,
          reads: (id) => {
            const found = analysis.tables.find(
              (t) => !isOfCatalog(t) && this.#program.read([t], schema).some((n) => sameId(n, id)),
            );
            return found ? { at: placed(found), others: this.#program.elsewhere(id, schema) } : null;
          },
        };
      },
      collation: (n) => outside("collation", n),
      thing: outside,
      operatorClass: (n) =>
        n.schema === null && !isUsualOperatorClass(n.name.text) && this.#program.outside.newSchema !== null
          ? { schema: this.#program.outside.newSchema, name: n.name.text }
          : outside("operatorClass", n),
      operator: (text, on) => {
        const written = /^operator\s*\(\s*(?:("(?:[^"]|"")*"|\w+)\s*\.\s*)?([^)\s]+)\s*\)$/i.exec(text);
        const symbol = written?.[2] ?? text;
        const own = written?.[1]?.replace(/^"|"$/g, "").replaceAll('""', '"');
        const all = this.#program.outside.names.get(`operator ${symbol}`);
        // An operator for just this type comes first, then pg_catalog: what it has of this symbol is meant, whatever an extension adds to it.
        const type =
          on && !on.dimensions.length
            ? this.#program.find(
                this.#program.outside.names.get(`type ${on.name.text}`),
                on.schema?.text ?? null,
                schema,
              )
            : undefined;
        const found =
          all?.find((o) => own === undefined && o.extension !== null && o.extension === type?.extension) ??
          (usualOperators.has(symbol)
            ? undefined
            : (this.#program.find(this.#program.things.get(`operator ${symbol}`), own ?? null, schema) ??
              this.#program.find(all, own ?? null, schema)));
        return { schema: own ?? found?.schema ?? "pg_catalog", name: symbol };
      },
      freeName: (inSchema, first, second, label, space) => {
        for (let i = 0; ; i++) {
          const made = makeObjectName(first, second, i ? `${label}${i}` : label);
          const key = `${inSchema}.${made}`;
          if (this.#program.isTaken(space, key)) continue;
          this.#program.taken[space].add(key);
          return made;
        }
      },
      comment: (target, doc, at) => {
        if (doc === null || doc === "") return;
        helper.add({ id: { kind: "comment", target }, attributes: { text: doc }, needs: [] }, at);
      },
      role: (n) => {
        const strange = this.#program.unknownRole(n, this.#version);
        if (strange) this.report(strange);
        return helper.name(n);
      },
      manages: (role) => this.#roles === true || this.#roles.includes(role),
      name: (n) => {
        checkName(n.text, n.span);
        return n.text;
      },
      member: (m, table) => declareOneMember(m.kind, m, table, helper),
      open: this.#program.isOpen(d),
      columns: () => tableColumns,
    };
    return helper;
  }
}
