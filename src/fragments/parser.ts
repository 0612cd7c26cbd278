/** The SQL parser, libpg_query. */
interface RawParse {
  readonly parse_tree: string;
  readonly error: { readonly message: string; readonly cursorpos: number } | null;
}
export interface Token {
  readonly text: string;
  readonly token_kind: string;
  readonly keyword_kind: string;
}
/** The parser, loaded. */
export interface Emscripten {
  raw_scan(pointer: number): { readonly tokens: { size(): number; get(i: number): Token; delete(): void } };
  allocate(bytes: Uint8Array | { readonly length: number; readonly slice: true }, kind: number): number;
  _free(pointer: number): void;
  raw_parse(pointer: number): RawParse;
  raw_parse_plpgsql(pointer: number): { readonly plpgsql_funcs: string; readonly error: RawParse["error"] };
}

/** Where `allocate` takes room. */
const [heap, stack] = [0, 1];
/**
 * What a parser's own stack gets. The package's has 64 KB and no guard: a sum of 700 operands writes over the parser's data. In
 * this one Node's stack, of about 1 MB, always ends first, and says so.
 */
const stackBytes = 4 << 20;

export async function load(): Promise<Emscripten> {
  const { default: create } = await import("pg-query-emscripten/pg_query_wasm.js");
  const parser: Emscripten = await new create();
  const top = parser.allocate(new Uint8Array(stackBytes), heap) + stackBytes;
  const here = parser.allocate(new Uint8Array(0), stack);
  // The package lets nobody set the stack's pointer, but takes of it whatever length it is told of.
  parser.allocate({ length: here - (top & ~15), slice: true }, stack);
  return parser;
}

/** The parser broke on a text that is nested too deep for it. It must not be used any more. */
export class ParserBroke extends Error {}

/** Parses by way of the heap: the package's own `parse()` leaks the C stack. */
export function onHeap<T>(parser: Emscripten, sql: string, parse: (pointer: number) => T): T {
  const pointer = parser.allocate(Buffer.from(sql + "\0"), heap);
  let parsed: T;
  try {
    parsed = parse(pointer);
  } catch (error) {
    throw new ParserBroke("the SQL parser broke", { cause: error });
  }
  parser._free(pointer);
  return parsed;
}
