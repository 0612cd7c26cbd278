/** A parsed text, walked once: all that it mentions. */
import { type Analysis, nothing, type Plain } from "./analysis.ts";
import { figure } from "./columnName.ts";
import { guess } from "./guess.ts";
import { type Emscripten, onHeap } from "./parser.ts";
import { at, constant, list, nameIn, strings, text, wholeStatements } from "./parseTree.ts";
import { nowhere, Reading, type Visit } from "./reading.ts";

const prefixes: { readonly [F in Plain]: string } = {
  expression: "select (",
  statements: "",
  atomic: "create function f() begin atomic ",
};
const suffixes: { readonly [F in Plain]: string } = { expression: "\n)", statements: "", atomic: "\n;end" };

/** The parser counts bytes; we count UTF-16 units. Both are the same in a text of ASCII alone; else all places are found at once. */
function placesIn(source: string): (byte: number) => number {
  const size = Buffer.byteLength(source);
  const within = (byte: number): number => Math.min(Math.max(0, byte), size);
  if (size === source.length) return within;
  const units = new Uint32Array(size + 1);
  let [byte, unit] = [0, 0];
  for (const character of source) {
    units[byte] = unit;
    byte += Buffer.byteLength(character);
    unit += character.length;
  }
  units[size] = unit;
  return (at) => units[within(at)]!;
}

/** What a text mentions, read as that form. */
export function analyse(parser: Emscripten, source: string, form: Plain): Analysis {
  if (source.includes("\0")) return { ...nothing, error: { message: "a NUL character", at: source.indexOf("\0") } };
  const prefix = prefixes[form];
  const answer = onHeap(parser, prefix + source + suffixes[form], (p) => parser.raw_parse(p));
  if (answer.error?.message) {
    // cursorpos counts code points from 1.
    const points = [...(prefix + source)];
    const place = points.slice(0, Math.max(0, answer.error.cursorpos - 1)).join("").length - prefix.length;
    const error = { message: answer.error.message, at: Math.max(0, Math.min(place, source.length)) };
    return { ...nothing, error, guessed: guess(parser, source) };
  }
  const tree: unknown = JSON.parse(answer.parse_tree);
  const places = placesIn(source);
  const utf16 = (location: number): number => places(location - prefix.length);
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
      reading.note(level, parts, Number(at(reference, "location") ?? 0));
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
    columns: reading.columns().map((c) => ({
      parts: c.parts,
      at: utf16(c.at),
      of: c.of && c.of.map((t) => [t.schema, t.name] as const),
    })),
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
    tooDeep: false,
  };
}
