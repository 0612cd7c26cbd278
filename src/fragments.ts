/**
 * The one module that owns the SQL parser (libpg_query, PostgreSQL 16's grammar). It orders, names and explains; it never
 * decides whether two fragments are the same, and what it cannot parse is no error until Postgres says so.
 */

/** What a fragment mentions. Plain data, so that it can be cached by text. */
export interface Analysis {
  /** Column references in order: their parts ("*" for all), and where in the fragment (UTF-16). */
  readonly columns: readonly { readonly parts: readonly string[]; readonly at: number }[];
  /** Types of casts, as [schema or "", name]. */
  readonly types: readonly (readonly [string, string])[];
  /** String arguments of nextval(), currval(), setval() and of casts to regclass. */
  readonly relations: readonly string[];
  /**
   * Tables, views and the like that are read or written, as [schema or "", name, where in the fragment or -1]; not what the text
   * itself defines (`with x as …`).
   */
  readonly tables: readonly (readonly [string, string, number])[];
  /** Functions that are called, as [schema or "", name, number of arguments]. */
  readonly functions: readonly (readonly [string, string, number])[];
  /** `*`, or a join whose columns are not said: what it means follows the columns of its tables. */
  readonly stars: boolean;
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

/** Walks into parsed JSON; undefined where the way ends. */
function at(node: unknown, ...keys: readonly string[]): unknown {
  let n = node;
  for (const key of keys) n = typeof n === "object" && n !== null && key in n ? n[key as keyof typeof n] : undefined;
  return n;
}
const list = (node: unknown): readonly unknown[] => (Array.isArray(node) ? node : []);
const text = (node: unknown): string => (typeof node === "string" ? node : "");
/** The parts of a name: a list of String nodes. */
const strings = (nodes: unknown): string[] =>
  list(nodes).flatMap((n) => (at(n, "String") ? [text(at(n, "String", "sval"))] : []));
/** A string constant's value. */
const constant = (node: unknown): string | undefined =>
  at(node, "A_Const", "sval") ? text(at(node, "A_Const", "sval", "sval")) : undefined;

const nothing = {
  columns: [],
  types: [],
  relations: [],
  tables: [],
  functions: [],
  stars: false,
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
  const tables = new Map<string, readonly [string, string, number]>();
  const functions = new Map<string, readonly [string, string, number]>();
  const defined = new Set<string>();
  let stars = false;
  const stack: unknown[] = [tree];
  while (stack.length) {
    const n = stack.pop();
    const reference = at(n, "ColumnRef");
    if (reference) {
      const parts = list(at(reference, "fields")).map((f) => (at(f, "A_Star") ? "*" : text(at(f, "String", "sval"))));
      stars ||= parts.includes("*");
      columns.push({ parts, at: utf16(Number(at(reference, "location") ?? 0)) });
    }
    // A type's own node, wherever it stands: a cast, a column's definition, an argument.
    const type = at(n, "typemod") === undefined ? [] : strings(at(n, "names"));
    if (type.length) types.set(type.join("."), [type.at(-2) ?? "", type.at(-1)!]);
    const cast = strings(at(n, "TypeCast", "typeName", "names"));
    const relation = cast.at(-1) === "regclass" ? constant(at(n, "TypeCast", "arg")) : undefined;
    if (relation !== undefined) relations.add(relation);
    const call = at(n, "FuncCall");
    if (call) {
      const name = strings(at(call, "funcname"));
      const first = constant(list(at(call, "args"))[0]);
      if (["nextval", "currval", "setval"].includes(name.at(-1) ?? "") && first !== undefined) relations.add(first);
      const count = list(at(call, "args")).length;
      functions.set(`${name.join(".")}/${count}`, [name.at(-2) ?? "", name.at(-1) ?? "", count]);
    }
    // What INSERT, UPDATE and DELETE change stands there without a node of its own.
    const table = text(at(n, "relname"));
    if (table) {
      const schema = text(at(n, "schemaname"));
      const key = `${schema}.${table}`;
      if (!tables.has(key)) tables.set(key, [schema, table, utf16(Number(at(n, "location") ?? 0))]);
    }
    const cte = text(at(n, "CommonTableExpr", "ctename"));
    if (cte) defined.add(`.${cte}`);
    stars ||= at(n, "JoinExpr", "isNatural") === true;
    if (typeof n === "object" && n !== null)
      for (const v of Object.values(n).reverse()) if (typeof v === "object" && v) stack.push(v);
  }
  // The single target of `select ( … )`.
  const select = at(list(at(tree, "stmts"))[0], "stmt", "SelectStmt");
  const target = at(list(at(select, "targetList"))[0], "ResTarget", "val");
  return {
    columns,
    types: [...types.values()],
    relations: [...relations],
    tables: [...tables].flatMap(([key, t]) => (defined.has(key) ? [] : [t])),
    functions: [...functions.values()],
    stars,
    columnName: form === "expression" ? (figure(target)?.name ?? null) : null,
    error: null,
  };
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
  return {
    ...nothing,
    // Places within a body are not known, and nobody asks for them.
    columns: parts.flatMap((p) => p.columns.map((c) => ({ parts: c.parts, at: 0 }))),
    types: pairs(parts.flatMap((p) => p.types)),
    relations: [...new Set(parts.flatMap((p) => p.relations))],
    tables: pairs(parts.flatMap((p) => p.tables.map(([schema, name]) => [schema, name, -1] as const))),
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
