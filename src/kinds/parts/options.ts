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
/** What Postgres reads as true or false, however it is written; anything else as it is. */
export const truthValue = (value: string): string => booleans[value.toLowerCase()] ?? value;

/**
 * `["fillfactor=90"]` as the catalog keeps them, as JSON or null: each value as somebody wrote it (`0.10`, `off`), for so Postgres shows
 * it again. Their order is kept for the same reason; it is never compared.
 */
export function readOptionList(json: string | null | undefined, prefix = ""): Options {
  if (json === null || json === undefined) return {};
  return Object.fromEntries(
    (JSON.parse(json) as string[]).map((entry) => {
      const at = entry.indexOf("=");
      return [prefix + entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

/** An option without a value is switched on. */
export const declareOptionList = (nodes: readonly OptionNode[]): Options =>
  Object.fromEntries(nodes.map((o) => [o.name, o.value ?? "true"]));

export const describeOptionList = (options: Options): readonly OptionNode[] =>
  Object.entries(options).map(([option, value]) => ({ name: option, value, span: nowhere }));

const optionName = (option: string): string => option.split(".").map(name).join(".");
/** Without quotes where Postgres keeps it to the letter: of `090` it would keep the number. */
const optionText = (value: string): string =>
  /^-?[1-9]\d*(\.\d+)?$|^0(\.\d+)?$|^(true|false)$/.test(value) ? value : literal(value).trim();

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
