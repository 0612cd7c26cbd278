/** Bodies in plpgsql. */
import { analyse } from "./analyse.ts";
import { type Analysis, nothing, type Plain } from "./analysis.ts";
import { type Emscripten, onHeap } from "./parser.ts";
import { at, list, nameIn, text } from "./parseTree.ts";

/**
 * A body in plpgsql: the types it declares, and all that its statements and expressions mention. Where an error is, this parser
 * tells by line only.
 */
export function analysePlpgsql(parser: Emscripten, head: string, source: string): Analysis {
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
  const ask = (body: string) =>
    onHeap(parser, `${head} language plpgsql as ${tag}${body}${tag}`, (p) => parser.raw_parse_plpgsql(p));
  let body = source;
  let answer = ask(body);
  // It takes variables that are rows for plain ones: a field that is assigned is read as the whole.
  for (let field = unknownField(answer.error); field; field = unknownField(answer.error)) {
    const before = body;
    body = withoutField(body, field);
    if (body === before) break;
    answer = ask(body);
  }
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
  const variables = new Set(
    list(tree)
      .flatMap((f) => list(at(f, "PLpgSQL_function", "datums")))
      .flatMap((d) => Object.values(d ?? {}).map((v: unknown) => text(at(v, "refname")))),
  );
  const stack: unknown[] = [tree];
  while (stack.length) {
    const n = stack.pop();
    const sql = text(at(n, "PLpgSQL_expr", "query"));
    const mode = Number(at(n, "PLpgSQL_expr", "parseMode") ?? 0);
    // An assignment's target is a variable or a part of one.
    if (sql) read(mode > 2 ? sql.replace(/^.*?(?::=|=)/s, "") : sql, mode === 0 ? "statements" : "expression");
    const type = text(at(n, "PLpgSQL_type", "typname")).trim();
    if (type && type !== "UNKNOWN" && type !== "record") read(typeMentioned(type, variables), "expression");
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
    // Places within a body are not known.
    columns: parts.flatMap((p) =>
      p.columns.map((c) => ({ parts: c.parts, at: -1, of: c.parts.some((x) => variables.has(x)) ? null : c.of })),
    ),
    types: pairs(parts.flatMap((p) => p.types)),
    relations: pairs(parts.flatMap((p) => p.relations)),
    tables: [...tables.values()],
    collations: pairs(parts.flatMap((p) => p.collations)),
    operators: pairs(parts.flatMap((p) => p.operators)),
    functions: pairs(parts.flatMap((p) => p.functions)),
    stars: parts.some((p) => p.stars),
  };
}

/** The variable and its field of which the parser complains. */
const unknownField = (
  error: { readonly message: string } | null,
): readonly [variable: string, field: string] | null => {
  const [, variable, field] = /^"([^".]+)\.([^".]+)" is not a known variable$/.exec(error?.message ?? "") ?? [];
  return variable === undefined || field === undefined ? null : [variable, field];
};
/** The text with blanks for the field, so that all places stay. */
const withoutField = (body: string, [variable, field]: readonly [string, string]): string =>
  body.replace(
    /("(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))/gu,
    (whole, first: string, rest: string) =>
      nameIn(first)[1] === variable && nameIn(rest)[1] === field ? first + rest.replace(/[^\n]/gu, " ") : whole,
  );

/** A declared type as an expression that mentions the same: `t%rowtype` is the type t, `t.c%type` a column of t, or a variable c of the block t. */
function typeMentioned(type: string, variables: ReadonlySet<string>): string {
  const of = /^(.*?)\s*%\s*(rowtype|type)\b/is.exec(type);
  if (!of) return `null::${type}`;
  const name = of[1]!.trim();
  if (of[2]!.toLowerCase() === "rowtype") return `null::${name}`;
  const column = /^(.*)\.\s*("(?:[^"]|"")*"|[^".\s]+)$/s.exec(name);
  if (!column) return "null";
  const read = `select ${column[2]!} from ${column[1]!}`;
  return variables.has(nameIn(column[2]!)[1]) ? read : `(${read}), null::${column[1]!}`;
}
