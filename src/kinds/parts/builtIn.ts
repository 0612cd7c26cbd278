/** What Postgres itself has under a name, in pg_catalog, which comes first where a text says no schema. */
import type { ForeignName } from "../../model/database.ts";

/** The extension that every database starts with. */
export const alwaysThere = "plpgsql";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const parsers = words("default");
const templates = words("simple synonym ispell thesaurus snowball");
/** By the major that brought them (snowball_create.sql of 13 to 18). */
const stemmers: readonly (readonly [since: number, languages: ReadonlySet<string>])[] = [
  [
    130000,
    words(
      "arabic danish dutch english finnish french german greek hungarian indonesian irish italian lithuanian nepali norwegian " +
        "portuguese romanian russian spanish swedish tamil turkish",
    ),
  ],
  [140000, words("armenian basque catalan hindi serbian yiddish")],
  [180000, words("estonian")],
];
const collations: readonly (readonly [since: number, names: ReadonlySet<string>])[] = [
  [130000, words("default C POSIX ucs_basic")],
  [160000, words("unicode")],
  [170000, words("pg_c_utf8")],
  [180000, words("pg_unicode_fast")],
];

/** Whether every server of the version has it. Of collations that come with an operating system nothing is known here. */
export function isBuiltIn(what: ForeignName["what"], name: string, version: number): boolean {
  switch (what) {
    case "textSearchParser":
      return parsers.has(name);
    case "textSearchTemplate":
      return templates.has(name);
    case "textSearchDictionary":
      return (
        name === "simple" ||
        stemmers.some(([since, all]) => version >= since && name.endsWith("_stem") && all.has(name.slice(0, -5)))
      );
    case "textSearchConfiguration":
      return name === "simple" || stemmers.some(([since, all]) => version >= since && all.has(name));
    case "collation":
      return collations.some(([since, all]) => version >= since && all.has(name));
    // Of operator classes and families each access method has its own.
    case "operatorClass":
    case "operatorFamily":
    case "type":
    case "function":
    case "operator":
    case "table":
    case "role":
      return false;
  }
}

/** A table of Postgres's own, which comes before any other of its name. */
export const isOfCatalog = ([written, name]: readonly [schema: string, name: string, ...rest: unknown[]]): boolean =>
  written === "pg_catalog" || written === "information_schema" || (!written && name.startsWith("pg_"));
