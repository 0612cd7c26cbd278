/**
 * This folder owns the SQL parser (libpg_query, PostgreSQL 16's grammar). It orders, names and explains; it never
 * decides whether two fragments are the same, and what it cannot parse is no error until Postgres says so.
 */
import { analyse } from "./analyse.ts";
import { type Analysis, nothing, type Source, textKey } from "./analysis.ts";
import { type Emscripten, load, ParserBroke } from "./parser.ts";
import { analysePlpgsql } from "./plpgsql.ts";

export type { Analysis, Source } from "./analysis.ts";

export interface Analyser {
  /** Answers at once; the text was announced when the analyser was opened. */
  analyse(source: Source): Analysis;
}

/** An analyser with the parser loaded, unless every text is in `known` already; what it learns is added to `known`. */
export async function openAnalyser(texts: Iterable<Source>, known: Map<string, Analysis>): Promise<Analyser> {
  let parser: Emscripten | null = null;
  for (const source of texts) {
    const key = textKey(source);
    if (known.has(key)) continue;
    parser ??= await load();
    try {
      known.set(
        key,
        source.form === "plpgsql"
          ? analysePlpgsql(parser, source.head ?? "", source.text)
          : analyse(parser, source.text, source.form),
      );
    } catch (error) {
      if (!(error instanceof ParserBroke)) throw error;
      parser = null;
      known.set(key, { ...nothing, tooDeep: true });
    }
  }
  return {
    analyse: (source) => {
      const found = known.get(textKey(source));
      if (!found) throw new Error("a fragment was not announced to the analyser");
      return found;
    },
  };
}
