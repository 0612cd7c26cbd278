/** The SQL parser, libpg_query. */
interface RawParse {
  readonly parse_tree: string;
  readonly error: { readonly message: string; readonly cursorpos: number } | null;
}
/** The parser, loaded. */
export interface Emscripten {
  allocate(bytes: Uint8Array, kind: number): number;
  _free(pointer: number): void;
  raw_parse(pointer: number): RawParse;
  raw_parse_plpgsql(pointer: number): { readonly plpgsql_funcs: string; readonly error: RawParse["error"] };
}

export async function load(): Promise<Emscripten> {
  const { default: create } = await import("pg-query-emscripten/pg_query_wasm.js");
  return await new create();
}

/** Parses by way of the heap: the package's own `parse()` leaks the C stack. */
export function onHeap<T>(parser: Emscripten, sql: string, parse: (pointer: number) => T): T {
  const pointer = parser.allocate(Buffer.from(sql + "\0"), 0);
  try {
    return parse(pointer);
  } finally {
    parser._free(pointer);
  }
}
