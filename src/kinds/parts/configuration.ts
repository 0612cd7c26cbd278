/** `set search_path = shop, public` of functions: settings for the time of a call, as pg_proc.proconfig keeps them. */
import type { ConfigurationNode } from "../../../grammar/declarations.ts";
import type { Options } from "../../model/objects.ts";
import { name } from "../../sql.ts";
import { nowhere } from "./nodes.ts";
import { isListOfNames, namesInList, settingName, settingValue } from "./settings.ts";

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
      return [setting, c.values.map((v) => (isListOfNames(setting) ? name(v) : v)).join(", ")];
    }),
  );

const values = (setting: string, value: string): readonly string[] =>
  isListOfNames(setting) ? namesInList(value) : [value];

export const describeConfiguration = (settings: Options): readonly ConfigurationNode[] =>
  Object.entries(settings).map(([setting, value]) => ({
    name: setting,
    values: values(setting, value),
    span: nowhere,
  }));

/** The clauses of a statement, one each. */
export const configurationText = (settings: Options): readonly string[] =>
  Object.entries(settings).map(([setting, value]) => `set ${settingName(setting)} to ${settingValue(setting, value)}`);
