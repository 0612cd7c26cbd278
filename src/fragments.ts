/**
 * The one module that owns the SQL parser (libpg_query, PostgreSQL 16's grammar). It orders, names and explains; it never
 * decides whether two fragments are the same, and what it cannot parse is no error until Postgres says so.
 */

import { at, constant, list, nameIn, strings, text, type WholeStatement, wholeStatements } from "./parseTree.ts";

/** What a fragment mentions. Plain data, so that it can be cached by text. */
export interface Analysis {
  /** Column references in order: their parts ("*" for all), and where in the fragment (UTF-16). */
  readonly columns: readonly { readonly parts: readonly string[]; readonly at: number }[];
  /** Types of casts, as [schema or "", name]. */
  readonly types: readonly (readonly [string, string])[];
  /** What nextval(), currval(), setval() and casts to regclass name in their strings, as [schema or "", name]. */
  readonly relations: readonly (readonly [string, string])[];
  /**
   * Tables, views and the like that are read or written, as [schema or "", name, where in the fragment or -1, the columns that it
   * may mean of them ("*" for all)]; not what the text itself defines (`with x as …`).
   */
  readonly tables: readonly (readonly [string, string, number, readonly string[]])[];
  /** Collations, as [schema or "", name]. */
  readonly collations: readonly (readonly [string, string])[];
  /** Operators, as [schema or "", name]. */
  readonly operators: readonly (readonly [string, string])[];
  /** Functions that are called, as [schema or "", name, number of arguments]. */
  readonly functions: readonly (readonly [string, string, number])[];
  /** `*`, or a join whose columns are not said: what it means follows the columns of its tables. */
  readonly stars: boolean;
  /** The statements that a text of those is; none for another. */
  readonly statements: readonly WholeStatement[];
  /** The name Postgres gives an index column of this expression (FigureIndexColname in parse_target.c); null: "expr". */
  readonly columnName: string | null;
  /** The parser's complaint and where in the fragment (0-based, UTF-16); a hint, not a verdict. */
  readonly error: { readonly message: string; readonly at: number } | null;
}

/**
 * What a text is: an expression; one or more whole statements (a view's query, a function's body), also those between `begin
 * atomic` and `end`; a body in plpgsql.
 */
export type Form = "expression" | "statements" | "atomic" | "plpgsql";
/** A text as it stands in a program. `head`: of plpgsql, a statement of which it could be the body. */
export interface Source {
  readonly text: string;
  readonly form: Form;
  readonly head?: string;
}
/** A text of a form, as one key. */
export const textKey = ({ text, form, head }: Source): string =>
  form === "expression" ? text : `${form}\n${head === undefined ? "" : `${head}\n`}${text}`;

export interface Analyser {
  /** Answers at once; the text was announced when the analyser was opened. */
  analyse(source: Source): Analysis;
}

interface RawParse {
  readonly parse_tree: string;
  readonly error: { readonly message: string; readonly cursorpos: number } | null;
}
interface Emscripten {
  allocate(bytes: Uint8Array, kind: number): number;
  _free(pointer: number): void;
  raw_parse(pointer: number): RawParse;
  raw_parse_plpgsql(pointer: number): { readonly plpgsql_funcs: string; readonly error: RawParse["error"] };
}

type Plain = Exclude<Form, "plpgsql">;
const prefixes: { readonly [F in Plain]: string } = {
  expression: "select (",
  statements: "",
  atomic: "create function f() begin atomic ",
};
const suffixes: { readonly [F in Plain]: string } = { expression: "\n)", statements: "", atomic: "\n;end" };

/** An analyser with the parser loaded, unless every text is in `known` already; what it learns is added to `known`. */
export async function openAnalyser(texts: Iterable<Source>, known: Map<string, Analysis>): Promise<Analyser> {
  let parser: Emscripten | null = null;
  for (const source of texts) {
    const key = textKey(source);
    if (known.has(key)) continue;
    parser ??= await load();
    known.set(
      key,
      source.form === "plpgsql"
        ? analysePlpgsql(parser, source.head ?? "", source.text)
        : analyse(parser, source.text, source.form),
    );
  }
  return {
    analyse: (source) => {
      const found = known.get(textKey(source));
      if (!found) throw new Error("a fragment was not announced to the analyser");
      return found;
    },
  };
}

async function load(): Promise<Emscripten> {
  const { default: create } = await import("pg-query-emscripten/pg_query_wasm.js");
  return await new create();
}

/** Parses by way of the heap: the package's own `parse()` leaks the C stack. */
function onHeap<T>(parser: Emscripten, sql: string, parse: (pointer: number) => T): T {
  const pointer = parser.allocate(Buffer.from(sql + "\0"), 0);
  try {
    return parse(pointer);
  } finally {
    parser._free(pointer);
  }
}

const nothing = {
  columns: [],
  types: [],
  relations: [],
  tables: [],
  collations: [],
  operators: [],
  functions: [],
  stars: false,
  statements: [],
  columnName: null,
  error: null,
} satisfies Analysis;

function analyse(parser: Emscripten, source: string, form: Plain): Analysis {
  if (source.includes("\0")) return { ...nothing, error: { message: "a NUL character", at: source.indexOf("\0") } };
  const prefix = prefixes[form];
  const answer = onHeap(parser, prefix + source + suffixes[form], (p) => parser.raw_parse(p));
  if (answer.error?.message) {
    // cursorpos counts code points from 1.
    const points = [...(prefix + source)];
    const place = points.slice(0, Math.max(0, answer.error.cursorpos - 1)).join("").length - prefix.length;
    return { ...nothing, error: { message: answer.error.message, at: Math.max(0, Math.min(place, source.length)) } };
  }
  const tree: unknown = JSON.parse(answer.parse_tree);
  const bytes = Buffer.from(source);
  /** The parser counts bytes of the whole text; we count UTF-16 units of the fragment. */
  const utf16 = (location: number): number =>
    bytes.subarray(0, Math.max(0, location - prefix.length)).toString().length;
  const columns: { parts: string[]; at: number }[] = [];
  const types = new Map<string, readonly [string, string]>();
  const relations = new Set<string>();
  const collations = new Map<string, readonly [string, string]>();
  const operators = new Map<string, readonly [string, string]>();
  const functions = new Map<string, readonly [string, string, number]>();
  const reading = new Reading();
  let stars = false;
  const stack: Visit[] = [{ node: tree, level: nowhere, defined: null }];
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { node: n, level } = visit;
    const reference = at(n, "ColumnRef");
    if (reference) {
      const parts = list(at(reference, "fields")).map((f) => (at(f, "A_Star") ? "*" : text(at(f, "String", "sval"))));
      stars ||= parts.includes("*");
      columns.push({ parts, at: utf16(Number(at(reference, "location") ?? 0)) });
      reading.note(level, parts);
    }
    // A type's own node, wherever it stands: a cast, a column's definition, an argument.
    const type = at(n, "typemod") === undefined ? [] : strings(at(n, "names"));
    if (type.length) types.set(type.join("."), [type.at(-2) ?? "", type.at(-1)!]);
    const cast = strings(at(n, "TypeCast", "typeName", "names"));
    const relation = cast.at(-1) === "regclass" ? constant(at(n, "TypeCast", "arg")) : undefined;
    if (relation !== undefined) relations.add(relation);
    const collation = strings(at(n, "CollateClause", "collname"));
    if (collation.length) collations.set(collation.join("."), [collation.at(-2) ?? "", collation.at(-1)!]);
    const operator = strings(at(n, "A_Expr", "name") ?? at(n, "SubLink", "operName"));
    if (operator.length) operators.set(operator.join("."), [operator.at(-2) ?? "", operator.at(-1)!]);
    const call = at(n, "FuncCall") ?? at(n, "CallStmt", "funccall");
    if (call) {
      const name = strings(at(call, "funcname"));
      const first = constant(list(at(call, "args"))[0]);
      if (["nextval", "currval", "setval"].includes(name.at(-1) ?? "") && first !== undefined) relations.add(first);
      const count = list(at(call, "args")).length;
      functions.set(`${name.join(".")}/${count}`, [name.at(-2) ?? "", name.at(-1) ?? "", count]);
    }
    stars ||= at(n, "JoinExpr", "isNatural") === true;
    if (text(at(n, "relname"))) reading.table(visit, n);
    for (const next of reading.into(visit).reverse()) stack.push(next);
  }
  // The single target of `select ( … )`.
  const select = at(list(at(tree, "stmts"))[0], "stmt", "SelectStmt");
  const target = at(list(at(select, "targetList"))[0], "ResTarget", "val");
  return {
    columns,
    types: [...types.values()],
    relations: [...relations].map(nameIn),
    tables: reading.tables().map((t) => [t.schema, t.name, utf16(t.at), [...t.columns]]),
    collations: [...collations.values()],
    operators: [...operators.values()],
    functions: [...functions.values()],
    stars,
    statements: form === "statements" ? wholeStatements(tree).map((x) => ({ ...x, at: utf16(x.at) })) : [],
    columnName: form === "expression" ? (figure(target)?.name ?? null) : null,
    error: null,
  };
}

/** A table that a text reads or writes, and the columns that it may mean of it. */
interface Read {
  readonly schema: string;
  readonly name: string;
  /** In bytes of the whole text. */
  readonly at: number;
  readonly columns: Set<string>;
}
/** A statement's tables, by what they are called in it (nothing: what is no table); `outer`: the statement around it. */
interface Level {
  readonly outer: Level | null;
  readonly called: Map<string, Read[]>;
}
/** Names that `with` gives to queries, those of the statements around included. */
interface Defined {
  readonly names: ReadonlySet<string>;
  readonly outer: Defined | null;
}
/** A node of the tree, and where it stands. */
interface Visit {
  readonly node: unknown;
  readonly level: Level;
  readonly defined: Defined | null;
}
const nowhere: Level = { outer: null, called: new Map() };
const writing: ReadonlySet<string> = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Which tables' columns a text's names may be: those of the statement that a name stands in, and of the statements around it. */
class Reading {
  readonly #tables = new Map<string, Read>();
  readonly #noted: { readonly level: Level; readonly parts: readonly string[] }[] = [];

  note(level: Level, parts: readonly string[]): void {
    this.#noted.push({ level, parts });
  }

  /** A relation that is named. */
  table({ level, defined }: Visit, n: unknown): void {
    const [schema, name] = [text(at(n, "schemaname")), text(at(n, "relname"))];
    const as = text(at(n, "alias", "aliasname")) || name;
    for (let d = schema ? null : defined; d; d = d.outer) if (d.names.has(name)) return call(level, as);
    const read = this.#read(n);
    // With names of their own, columns are told by their places.
    if (strings(at(n, "alias", "colnames")).length) read.columns.add("*");
    call(level, as, read);
  }
  #read(n: unknown): Read {
    const [schema, name] = [text(at(n, "schemaname")), text(at(n, "relname"))];
    const key = `${schema}.${name}`;
    let read = this.#tables.get(key);
    if (!read) this.#tables.set(key, (read = { schema, name, at: Number(at(n, "location") ?? 0), columns: new Set() }));
    return read;
  }

  /** What is in a node, where it stands. */
  into({ node, level, defined }: Visit): Visit[] {
    if (typeof node !== "object" || node === null) return [];
    return Object.entries(node).flatMap(([key, n]: [string, unknown]): Visit[] => {
      if (typeof n !== "object" || n === null) return [];
      if (writing.has(key) || text(at(n, "op")).startsWith("SETOP_")) return this.#statement(key, n, level, defined);
      const alias = text(at(n, "alias", "aliasname"));
      if (key === "RangeSubselect") {
        call(level, alias);
        // Unless it says `lateral`, it sees nothing of what stands beside it.
        return [{ node: n, level: at(n, "lateral") === true ? level : (level.outer ?? nowhere), defined }];
      }
      if (key === "RangeFunction" || key === "RangeTableFunc") call(level, alias);
      if (key === "JoinExpr") {
        if (at(n, "isNatural") === true) this.note(level, ["*"]);
        for (const column of strings(at(n, "usingClause"))) this.note(level, [column]);
      }
      return [{ node: n, level, defined }];
    });
  }

  #statement(key: string, n: object, outer: Level, around: Defined | null): Visit[] {
    const level: Level = { outer, called: new Map() };
    const ctes = list(at(n, "withClause", "ctes"));
    const names = ctes.map((c) => text(at(c, "CommonTableExpr", "ctename")));
    const defined = ctes.length ? { names: new Set(names), outer: around } : around;
    const recursive = at(n, "withClause", "recursive") === true;
    const before = (i: number): Defined => ({ names: new Set(names.slice(0, i)), outer: around });
    const out: Visit[] = ctes.map((node, i) => ({ node, level: outer, defined: recursive ? defined : before(i) }));
    const target = writing.has(key) ? at(n, "relation") : undefined;
    if (target !== undefined) {
      // What is written is a table, whatever `with` defines; its columns stand there without nodes of their own.
      const read = this.#read(target);
      call(level, text(at(target, "alias", "aliasname")) || read.name, read);
      if (at(n, "onConflictClause")) call(level, "excluded", read);
      // What RETURNING may call the row (PostgreSQL 18).
      call(level, "old", read);
      call(level, "new", read);
      const lists = [
        ...[at(n, "cols"), at(n, "targetList"), at(n, "onConflictClause", "targetList")],
        at(n, "onConflictClause", "infer", "indexElems"),
        ...list(at(n, "mergeWhenClauses")).map((w) => at(w, "MergeWhenClause", "targetList")),
      ];
      for (const column of lists.flatMap(list)) {
        const name = text(at(column, "ResTarget", "name")) || text(at(column, "IndexElem", "name"));
        if (name) read.columns.add(name);
      }
      // INSERT without names is of all columns.
      const inserts = [
        ...(key === "InsertStmt" && at(n, "selectStmt") ? [at(n, "cols")] : []),
        ...list(at(n, "mergeWhenClauses")).flatMap((w) =>
          at(w, "MergeWhenClause", "commandType") === "CMD_INSERT" && list(at(w, "MergeWhenClause", "values")).length
            ? [at(w, "MergeWhenClause", "targetList")]
            : [],
        ),
      ];
      if (inserts.some((columns) => !list(columns).length)) read.columns.add("*");
    }
    for (const [part, node] of Object.entries(n) as [string, unknown][]) {
      if (part === "withClause" || (part === "relation" && target !== undefined)) continue;
      // The query of what INSERT writes does not see the table.
      out.push(...this.into({ node: { [part]: node }, level: part === "selectStmt" ? outer : level, defined }));
    }
    return out;
  }

  tables(): readonly Read[] {
    for (const { level, parts } of this.#noted) for (const read of meant(level, parts)) read.columns.add(parts.at(-1)!);
    return [...this.#tables.values()];
  }
}

function call(level: Level, as: string, ...reads: readonly Read[]): void {
  if (as && level !== nowhere) level.called.set(as, [...(level.called.get(as) ?? []), ...reads]);
}

/** The tables that a name may be a column of. */
function meant(level: Level, parts: readonly string[]): readonly Read[] {
  const [of, column] = [parts.at(-2), parts.at(-1)];
  const around: Level[] = [];
  for (let l: Level | null = level; l; l = l.outer) around.push(l);
  const own = of === undefined ? undefined : around.find((l) => l.called.has(of))?.called.get(of);
  if (own) return own;
  // A row of a trigger or a rule.
  if (of === "old" || of === "new") return [];
  return (column === "*" ? [level] : around).flatMap((l) => [...l.called.values()].flat());
}

/**
 * A body in plpgsql: the types it declares, and all that its statements and expressions mention. Where an error is, this parser
 * tells by line only.
 */
function analysePlpgsql(parser: Emscripten, head: string, source: string): Analysis {
  const wrong = (message: string, line: number): Analysis => ({
    ...nothing,
    error: {
      message,
      at:
        source
          .split("\n")
          .slice(0, line - 1)
          .join("\n").length + (line > 1 ? 1 : 0),
    },
  });
  if (source.includes("\0")) return wrong("a NUL character", 1);
  let tag = "$$";
  for (let i = 0; (source + "$").includes(tag); i++) tag = `$s${i || ""}$`;
  const answer = onHeap(parser, `${head} language plpgsql as ${tag}${source}${tag}`, (p) =>
    parser.raw_parse_plpgsql(p),
  );
  if (answer.error?.message) {
    const line = /near line (\d+)/.exec(String(at(answer.error, "context") ?? ""))?.[1] ?? "1";
    return wrong(answer.error.message, Number(line));
  }
  const tree: unknown = JSON.parse(answer.plpgsql_funcs);
  const parts: Analysis[] = [];
  const seen = new Set<string>();
  const read = (sql: string, form: Plain): void => {
    if (seen.has(form + sql)) return;
    seen.add(form + sql);
    parts.push(analyse(parser, sql, form));
  };
  const stack: unknown[] = [tree];
  while (stack.length) {
    const n = stack.pop();
    const sql = text(at(n, "PLpgSQL_expr", "query"));
    const mode = Number(at(n, "PLpgSQL_expr", "parseMode") ?? 0);
    // An assignment's target is a variable or a part of one.
    if (sql) read(mode > 2 ? sql.replace(/^.*?(?::=|=)/s, "") : sql, mode === 0 ? "statements" : "expression");
    const type = text(at(n, "PLpgSQL_type", "typname")).trim();
    if (type && type !== "UNKNOWN" && type !== "record") read(typeMentioned(type), "expression");
    if (typeof n === "object" && n !== null)
      for (const v of Object.values(n).reverse()) if (typeof v === "object" && v) stack.push(v);
  }
  const pairs = <T extends readonly (string | number)[]>(all: readonly T[]): readonly T[] => [
    ...new Map(all.map((x) => [x.join("."), x])).values(),
  ];
  const tables = new Map<string, readonly [string, string, number, readonly string[]]>();
  for (const [schema, name, , columns] of parts.flatMap((p) => p.tables)) {
    const key = `${schema}.${name}`;
    tables.set(key, [schema, name, -1, [...new Set([...(tables.get(key)?.[3] ?? []), ...columns])]]);
  }
  return {
    ...nothing,
    // Places within a body are not known, and nobody asks for them.
    columns: parts.flatMap((p) => p.columns.map((c) => ({ parts: c.parts, at: 0 }))),
    types: pairs(parts.flatMap((p) => p.types)),
    relations: pairs(parts.flatMap((p) => p.relations)),
    tables: [...tables.values()],
    collations: pairs(parts.flatMap((p) => p.collations)),
    operators: pairs(parts.flatMap((p) => p.operators)),
    functions: pairs(parts.flatMap((p) => p.functions)),
    stars: parts.some((p) => p.stars),
  };
}

/** A declared type as an expression that mentions the same: `t%rowtype` is the type t, `t.c%type` a column of t. */
function typeMentioned(type: string): string {
  const of = /^(.*?)\s*%\s*(rowtype|type)\b/is.exec(type);
  if (!of) return `null::${type}`;
  const name = of[1]!.trim();
  if (of[2]!.toLowerCase() === "rowtype") return `null::${name}`;
  const column = /^(.*)\.\s*("(?:[^"]|"")*"|[^".\s]+)$/s.exec(name);
  return column ? `select ${column[2]!} from ${column[1]!}` : "null";
}

interface Figured {
  readonly name: string;
  /** How sure Postgres is: a cast's or case's own name gives way to that of what is in it. */
  readonly sure: 1 | 2;
}

/** FigureColnameInternal of parse_target.c. */
function figure(n: unknown): Figured | null {
  if (typeof n !== "object" || n === null) return null;
  const [kind, node]: readonly [string?, unknown?] = Object.entries(n)[0] ?? [];
  const named = (name: string | undefined, sure: 1 | 2 = 2): Figured | null => (name ? { name, sure } : null);
  switch (kind) {
    case "ColumnRef":
      return named(strings(at(node, "fields")).at(-1));
    case "A_Indirection":
      return named(strings(at(node, "indirection")).at(-1)) ?? figure(at(node, "arg"));
    case "FuncCall":
      return named(strings(at(node, "funcname")).at(-1));
    case "A_Expr":
      return at(node, "kind") === "AEXPR_NULLIF" ? named("nullif") : null;
    case "TypeCast": {
      const arg = figure(at(node, "arg"));
      return arg && arg.sure > 1 ? arg : named(strings(at(node, "typeName", "names")).at(-1), 1);
    }
    case "CollateClause":
      return figure(at(node, "arg"));
    case "GroupingFunc":
      return named("grouping");
    case "SubLink":
      if (at(node, "subLinkType") === "EXISTS_SUBLINK") return named("exists");
      return at(node, "subLinkType") === "ARRAY_SUBLINK" ? named("array") : null;
    case "CaseExpr": {
      const otherwise = figure(at(node, "defresult"));
      return otherwise && otherwise.sure > 1 ? otherwise : named("case", 1);
    }
    case "A_ArrayExpr":
      return named("array");
    case "RowExpr":
      return named("row");
    case "CoalesceExpr":
      return named("coalesce");
    case "MinMaxExpr":
      return named(at(node, "op") === "IS_LEAST" ? "least" : "greatest");
    case "SQLValueFunction":
      return named(
        text(at(node, "op"))
          .replace(/^SVFOP_/, "")
          .replace(/_N$/, "")
          .toLowerCase(),
      );
    case "XmlExpr":
      return named(text(at(node, "op")).replace(/^IS_/, "").toLowerCase());
    case "XmlSerialize":
      return named("xmlserialize");
    case "JsonObjectConstructor":
      return named("json_object");
    case "JsonArrayConstructor":
      return named("json_array");
  }
  // Every other node has no name of its own, in Postgres too.
  return null;
}
