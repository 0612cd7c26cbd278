/** Storage parameters: `with (…)` of tables and indexes, and the options of columns and operator classes. */
import type { OptionNode } from "../../../grammar/nodes.ts";
import type { Options } from "../../model/objects.ts";
import { literal, name } from "../../sql.ts";
import { nowhere } from "./nodes.ts";

const booleans: Readonly<Record<string, string>> = {
  on: "true",
  true: "true",
  yes: "true",
  "1": "true",
  off: "false",
  false: "false",
  no: "false",
  "0": "false",
};
/** Those that Postgres reads as true or false, however they were written. */
const booleanOptions = new Set([
  "autovacuum_enabled",
  "user_catalog_table",
  "vacuum_truncate",
  "toast.autovacuum_enabled",
  "toast.vacuum_truncate",
  "deduplicate_items",
  "fastupdate",
  "autosummarize",
  "security_barrier",
  "security_invoker",
]);

/** The value as we keep it: what Postgres reads the same is the same text. */
export function optionValue(option: string, value: string): string {
  const lower = value.toLowerCase();
  if (booleanOptions.has(option)) return booleans[lower] ?? value;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) && Number.isFinite(Number(value)))
    return String(Number(value));
  return /^[A-Za-z]+$/.test(value) ? lower : value;
}

/** `["fillfactor=90"]` as the catalog keeps them, as JSON or null. Their order is kept, because Postgres shows it; it is never compared. */
export function readOptionList(json: string | null | undefined, prefix = ""): Options {
  if (json === null || json === undefined) return {};
  return Object.fromEntries(
    (JSON.parse(json) as string[]).map((entry) => {
      const at = entry.indexOf("=");
      const option = prefix + entry.slice(0, at);
      return [option, optionValue(option, entry.slice(at + 1))];
    }),
  );
}

/** An option without a value is switched on. */
export const declareOptionList = (nodes: readonly OptionNode[]): Options =>
  Object.fromEntries(nodes.map((o) => [o.name, optionValue(o.name, o.value ?? "true")]));

export const describeOptionList = (options: Options): readonly OptionNode[] =>
  Object.entries(options).map(([option, value]) => ({ name: option, value, span: nowhere }));

const optionName = (option: string): string => option.split(".").map(name).join(".");
const optionText = (value: string): string =>
  /^-?\d+(\.\d+)?$|^(true|false)$/.test(value) ? value : literal(value).trim();

/** `fillfactor = 90, toast.autovacuum_enabled = false`; "" when there are none. */
export const optionList = (options: Options): string =>
  Object.entries(options)
    .map(([option, value]) => `${optionName(option)} = ${optionText(value)}`)
    .join(", ");

/** ` with (fillfactor = 90)`, with a blank before it; "" when there are none. */
export const withOptions = (options: Options): string => {
  const list = optionList(options);
  return list === "" ? "" : ` with (${list})`;
};

/**
 * `set (…)` and `reset (…)`: what leads from one to the other. Postgres keeps what is not set in its place and puts what is set
 * behind it (transformRelOptions in reloptions.c), so everything after the first that differs is set again: pg_dump shows the order.
 */
export function optionChanges(from: Options, to: Options): readonly string[] {
  const reset = Object.keys(from).filter((option) => !Object.hasOwn(to, option));
  const wanted = Object.entries(to);
  if (!reset.length && wanted.every(([option, value]) => from[option] === value)) return [];
  const kept = Object.keys(from).filter((option) => Object.hasOwn(to, option));
  let stays = 0;
  for (let i = 0; i < kept.length; i++) {
    const next = wanted[stays];
    if (next && kept[i] === next[0] && from[next[0]] === next[1]) stays++;
  }
  const set = Object.fromEntries(wanted.slice(stays));
  return [
    ...(Object.keys(set).length ? [`set (${optionList(set)})`] : []),
    ...(reset.length ? [`reset (${reset.map(optionName).join(", ")})`] : []),
  ];
}
