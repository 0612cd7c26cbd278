/** Settings (`set x = 'y'` of roles, databases, functions): their names and values as the catalog keeps them, and as a statement says them. */
import { literal, name } from "../../sql.ts";

/** Lists of names, each of which Postgres quotes for itself (GUC_LIST_QUOTE; variable_is_guc_list_quote of pg_dump). */
const listsOfNames: ReadonlySet<string> = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/** Whether a setting holds a list of names, which the catalog keeps quoted and joined by commas. */
export const isListOfNames = (setting: string): boolean => listsOfNames.has(setting.toLowerCase());

/** The names in a list: `shop, "Mixed, Case"`. */
export function namesInList(value: string): readonly string[] {
  const out: string[] = [];
  const each = /\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/gy;
  for (let m = each.exec(value); m && each.lastIndex <= value.length; m = each.exec(value)) {
    out.push(m[1] === undefined ? (m[2] ?? "") : m[1].replaceAll('""', '"'));
    if (each.lastIndex === value.length && !value.endsWith(",")) break;
  }
  return out;
}

/**
 * Postgres's own settings are the same in any case (the catalog says `TimeZone`). Those with a dot are left as they are: whose
 * module is not loaded, Postgres finds by the letter when it resets them.
 */
export const settingId = (setting: string): string => (setting.includes(".") ? setting : setting.toLowerCase());

/** A value as the catalog keeps it: `'shop,public'` is `shop, public` (flatten_set_variable_args of guc_funcs.c). */
export const keptValue = (setting: string, value: string): string =>
  isListOfNames(setting) ? namesInList(value).map(name).join(", ") : value;

/** A kept value in a statement: `'64MB'`, or `'shop', 'public'` for a list of names. */
export const settingValue = (setting: string, value: string): string =>
  (isListOfNames(setting) ? namesInList(value) : [value]).map((v) => literal(v).trimStart()).join(", ");

/** `work_mem`, or `app."user id"`: each part of a setting's name is a name. */
export const settingName = (text: string): string => text.split(".").map(name).join(".");
