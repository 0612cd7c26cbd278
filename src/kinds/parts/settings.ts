/** Settings (`set x = 'y'` of roles, databases): how a value that the catalog keeps as one text is written in a statement. */
import { literal } from "../../sql.ts";

/** Settings that hold a list of names (GUC_LIST_QUOTE), which the catalog keeps quoted and joined by commas. */
const listed = new Set(
  "local_preload_libraries search_path session_preload_libraries shared_preload_libraries temp_tablespaces unix_socket_directories".split(
    " ",
  ),
);

const quote = (text: string): string => literal(text).trimStart();

/** `'64MB'`, or `'shop', 'public'` for a list of names. */
export function settingValue(name: string, value: string): string {
  if (!listed.has(name.toLowerCase())) return quote(value);
  const items = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]*))\s*(?:,|$)/g)]
    .filter((m) => m[0] !== "")
    .map((m) => m[1]?.replaceAll('""', '"') ?? (m[2] ?? "").trim());
  return items.length ? items.map(quote).join(", ") : "''";
}

/** `work_mem`, or `app."user id"`: each part of a setting's name is a name. */
export const settingName = (text: string, name: (n: string) => string): string => text.split(".").map(name).join(".");
