declare module "pg-query-emscripten/pg_query_wasm.js" {
  /** Emscripten's factory; the package has no types of its own. */
  interface PgQuery {
    allocate(bytes: Uint8Array | { readonly length: number; readonly slice: true }, kind: number): number;
    _free(pointer: number): void;
    raw_scan(pointer: number): {
      readonly tokens: {
        size(): number;
        delete(): void;
        get(i: number): { readonly text: string; readonly token_kind: string; readonly keyword_kind: string };
      };
    };
    raw_parse(pointer: number): {
      readonly parse_tree: string;
      readonly error: { readonly message: string; readonly cursorpos: number } | null;
    };
    raw_parse_plpgsql(pointer: number): {
      readonly plpgsql_funcs: string;
      readonly error: { readonly message: string; readonly cursorpos: number } | null;
    };
  }
  const create: new () => Promise<PgQuery>;
  export default create;
}
