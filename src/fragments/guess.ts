/** Names in a text that the parser does not understand, because its server's language is newer. */
import type { Analysis } from "./analysis.ts";
import { type Emscripten, onHeap, type Token } from "./parser.ts";

/** Behind these stands what is read or written; behind a comma or a bracket it may. */
const before: ReadonlySet<string> = new Set(
  "FROM JOIN INTO UPDATE USING ONLY TABLE LATERAL_P ASCII_44 ASCII_40".split(" "),
);
const [dot, bracket] = ["ASCII_46", "ASCII_40"];

/**
 * What may be tables (with every name of the text as a column that may be meant), functions and types, as [schema or "", name]. More
 * than there are: what nobody declares is none.
 */
export function guess(parser: Emscripten, source: string): NonNullable<Analysis["guessed"]> {
  const tokens = onHeap(parser, source, (p) => {
    const list = parser.raw_scan(p).tokens;
    const all = Array.from({ length: list.size() }, (_, i) => list.get(i));
    list.delete();
    return all.filter((t) => !t.token_kind.endsWith("_COMMENT"));
  });
  const names = tokens.map(nameOf);
  const words = [...new Set(names.filter((n) => n !== null)), ...(tokens.some((t) => t.text === "*") ? ["*"] : [])];
  const out = {
    tables: new Map<string, Named>(),
    functions: new Map<string, Named>(),
    types: new Map<string, Named>(),
  };
  for (let i = 0; i < tokens.length; i++) {
    const first = names[i];
    if (first === null || first === undefined) continue;
    const prior = tokens[i - 1]?.token_kind ?? "";
    const second = tokens[i + 1]?.token_kind === dot ? names[i + 2] : null;
    const named: Named = typeof second === "string" ? [first, second] : ["", first];
    if (typeof second === "string") i += 2;
    const key = JSON.stringify(named);
    if (tokens[i + 1]?.token_kind === bracket) out.functions.set(key, named);
    if (prior === "TYPECAST") out.types.set(key, named);
    else if (before.has(prior)) out.tables.set(key, named);
  }
  return {
    tables: [...out.tables.values()].map(([schema, name]) => [schema, name, -1, words]),
    functions: [...out.functions.values()],
    types: [...out.types.values()],
  };
}
type Named = readonly [schema: string, name: string];

/** null: no name. */
function nameOf({ text, token_kind, keyword_kind }: Token): string | null {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  return token_kind === "IDENT" || (keyword_kind !== "NO_KEYWORD" && keyword_kind !== "RESERVED_KEYWORD")
    ? text.toLowerCase()
    : null;
}
