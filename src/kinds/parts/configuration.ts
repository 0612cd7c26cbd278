/** `set search_path = shop, public` of functions: settings for the time of a call, as pg_proc.proconfig keeps them. */
import type { ConfigurationNode } from "../../../grammar/declarations.ts";
import type { Options } from "../../model/objects.ts";
import { literal, name } from "../../sql.ts";
import { nowhere } from "./nodes.ts";

/** Lists of names, each of which Postgres quotes for itself (GUC_LIST_QUOTE; variable_is_guc_list_quote of pg_dump). */
const listsOfNames: ReadonlySet<string> = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

export const readConfiguration = (list: string | null): Options =>
  Object.fromEntries(
    ((JSON.parse(list ?? "[]") as readonly string[] | null) ?? []).map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at).toLowerCase(), entry.slice(at + 1)];
    }),
  );

/** flatten_set_variable_args of guc_funcs.c. */
export const declareConfiguration = (nodes: readonly ConfigurationNode[]): Options =>
  Object.fromEntries(
    nodes.map((c) => {
      const setting = c.name.toLowerCase();
      return [setting, c.values.map((v) => (listsOfNames.has(setting) ? name(v) : v)).join(", ")];
    }),
  );

/** The names in a list: `shop, "Mixed, Case"`. */
function namesIn(value: string): readonly string[] {
  const out: string[] = [];
  const each = /\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/gy;
  for (let m = each.exec(value); m && each.lastIndex <= value.length; m = each.exec(value)) {
    out.push(m[1] === undefined ? (m[2] ?? "") : m[1].replaceAll('""', '"'));
    if (each.lastIndex === value.length && !value.endsWith(",")) break;
  }
  return out;
}
const values = (setting: string, value: string): readonly string[] =>
  listsOfNames.has(setting) ? namesIn(value) : [value];

export const describeConfiguration = (settings: Options): readonly ConfigurationNode[] =>
  Object.entries(settings).map(([setting, value]) => ({
    name: setting,
    values: values(setting, value),
    span: nowhere,
  }));

/** The clauses of a statement, one each. */
export const configurationText = (settings: Options): readonly string[] =>
  Object.entries(settings).map(
    ([setting, value]) =>
      `set ${setting.split(".").map(name).join(".")} to ${values(setting, value)
        .map((v) => literal(v).trim())
        .join(", ")}`,
  );
