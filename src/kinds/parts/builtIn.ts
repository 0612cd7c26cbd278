/** What Postgres itself has under a name, in pg_catalog, which comes first where a text says no schema. */
import type { ForeignName } from "../../model/database.ts";

/** The extension that every database starts with. */
export const alwaysThere = "plpgsql";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const parsers = words("default");
const templates = words("simple synonym ispell thesaurus snowball");
/** Names by the version that brought them. */
type Since = readonly (readonly [since: number, names: ReadonlySet<string>])[];
/** Those of snowball_create.sql of 13 to 18. */
const stemmers: Since = [
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
const collations: Since = [
  [130000, words("default C POSIX ucs_basic")],
  [160000, words("unicode")],
  [170000, words("pg_c_utf8")],
  [180000, words("pg_unicode_fast")],
];
/** Postgres keeps all names that start with pg_ to these. */
const roles: Since = [
  [
    130000,
    words(
      "pg_execute_server_program pg_monitor pg_read_all_settings pg_read_all_stats pg_read_server_files pg_signal_backend " +
        "pg_stat_scan_tables pg_write_server_files",
    ),
  ],
  [140000, words("pg_database_owner pg_read_all_data pg_write_all_data")],
  [150000, words("pg_checkpoint")],
  [160000, words("pg_create_subscription pg_use_reserved_connections")],
  [170000, words("pg_maintain")],
  [180000, words("pg_signal_autovacuum_worker")],
];
export const builtInRoles: readonly string[] = roles.flatMap(([, all]) => [...all]);
/** The version that brought a role of Postgres's own. */
export const roleSince = (name: string): number | undefined => roles.find(([, all]) => all.has(name))?.[0];

const has = (all: Since, name: string, version: number): boolean =>
  all.some(([since, names]) => version >= since && names.has(name));

/** Whether every server of the version has it. Of collations that come with an operating system nothing is known here. */
export function isBuiltIn(what: ForeignName["what"], name: string, version: number): boolean {
  switch (what) {
    case "textSearchParser":
      return parsers.has(name);
    case "textSearchTemplate":
      return templates.has(name);
    case "textSearchDictionary":
      return name === "simple" || (name.endsWith("_stem") && has(stemmers, name.slice(0, -5), version));
    case "textSearchConfiguration":
      return name === "simple" || has(stemmers, name, version);
    case "collation":
      return has(collations, name, version);
    case "role":
      return has(roles, name, version);
    // Of operator classes and families each access method has its own.
    case "operatorClass":
    case "operatorFamily":
    case "type":
    case "function":
    case "operator":
    case "table":
      return false;
  }
}

/** Functions that take one row of whatever table, so that `t.count` may be a call. Some are not in every major. */
const ofAnyRow = words(
  "any_out any_value anycompatible_out anycompatiblenonarray_out anyelement_out anynonarray_out array_agg concat count cume_dist " +
    "dense_rank first_value hash_record json_agg json_agg_strict json_build_array json_build_object jsonb_agg jsonb_agg_strict " +
    "jsonb_build_array jsonb_build_object lag last_value lead max min mode num_nonnulls num_nulls percent_rank pg_collation_for " +
    "pg_column_compression pg_column_size pg_column_toast_chunk_id pg_restore_attribute_stats pg_restore_relation_stats pg_typeof " +
    "quote_literal quote_nullable rank record_out record_send row_to_json to_json to_jsonb",
);
export const takesAnyRow = (name: string): boolean => ofAnyRow.has(name);

/** A table of Postgres's own, which comes before any other of its name. */
export const isOfCatalog = ([written, name]: readonly [schema: string, name: string, ...rest: unknown[]]): boolean =>
  written === "pg_catalog" || written === "information_schema" || (!written && name.startsWith("pg_"));
