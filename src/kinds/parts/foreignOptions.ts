/**
 * Options of foreign data wrappers, servers and user mappings. A value that is a secret is never copied out of a database: it is
 * written only where the text gave it.
 */
import type { ForeignOptionNode } from "../../../grammar/declarations.ts";
import type { DbObject, ForeignOptions, Id, Secret } from "../../model/objects.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { secretWords } from "../../model/secrets.ts";
import { problem } from "../../problems.ts";
import { literal, name } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { nameNode, nowhere } from "./nodes.ts";

const secret = new RegExp(`(${secretWords})$`, "i");
/** Whether an option of this name holds a secret. */
export const isSecret = (option: string): boolean => secret.test(option);

/** Of `pg_user_mappings`: whether this user is shown the options. */
export const seesMapping = (alias: string): string =>
  `(select rolsuper from pg_roles where rolname = current_user) or ${alias}.umoptions is not null or ${alias}.usename = current_user`;

/** `["host=a"]` as the catalog keeps them, as JSON or null. */
export function readForeignOptions(list: string | null | undefined): ForeignOptions {
  if (list == null) return {};
  return Object.fromEntries(
    (JSON.parse(list) as string[]).map((entry) => {
      const at = entry.indexOf("=");
      const [option, value] = [entry.slice(0, at), entry.slice(at + 1)];
      return [option, isSecret(option) ? { secret: value } : value];
    }),
  );
}

interface WithOptions {
  readonly id: Id;
  readonly attributes: { readonly options: ForeignOptions };
  readonly hints?: DbObject["hints"];
}

/** A foreign table, or a column of one, as what has options. */
export const foreignPart = (o: DbObject<"table"> | DbObject<"column">): WithOptions => ({
  id: o.id,
  attributes: { options: o.attributes.foreignOptions },
  ...(o.hints ? { hints: o.hints } : {}),
});
/** Whether its rows are elsewhere. */
export function isForeign(table: Id<"table">, all: Index): boolean {
  const o = all.get(encode(table));
  return o !== undefined && isKind(o, "table") && o.attributes.server !== null;
}
/** What the text leaves open of its options is as it is. */
export function adoptForeignPart(
  to: DbObject<"table"> | DbObject<"column">,
  from: DbObject<"table"> | DbObject<"column">,
): ForeignOptions {
  return adoptOptions(foreignPart(to), foreignPart(from)).attributes.options;
}

/** The value to write; null: it is a secret that the text did not give. */
const known = (o: WithOptions, option: string): string | null =>
  sayable(o.attributes.options[option] ?? "", o.hints?.secrets?.includes(option) ?? false);
/** What may be written of a value: a secret only where the text gave it. */
export const sayable = (value: string | Secret, given: boolean): string | null =>
  typeof value === "string" ? value : given ? value.secret : null;

const unknown = (o: WithOptions, option: string): Hazard => ({
  code: "lossy",
  on: o.id,
  detail: `The value of ${option} is a secret that no text gives, so it is left out.`,
});

/** ` options (…)` of a CREATE, and what it leaves out. */
export function createOptions(o: WithOptions): { readonly text: string; readonly hazards: readonly Hazard[] } {
  const all = Object.keys(o.attributes.options);
  const list = all.flatMap((option) => {
    const value = known(o, option);
    return value === null ? [] : [`${name(option)} ${literal(value).trim()}`];
  });
  return {
    text: list.length ? ` options (${list.join(", ")})` : "",
    hazards: all.filter((option) => known(o, option) === null).map((option) => unknown(o, option)),
  };
}

/** ALTER … OPTIONS; one that comes before those that are there already takes them out and puts them in after it. */
export function changeOptions(
  from: WithOptions,
  to: WithOptions,
  alter: string,
  action: MakeAction,
): readonly Action[] {
  const [was, is] = [from.attributes.options, to.attributes.options];
  const hazards: Hazard[] = [];
  const changes: string[] = [];
  for (const option of Object.keys(was)) if (!Object.hasOwn(is, option)) changes.push(`drop ${name(option)}`);
  const kept = Object.keys(was).filter((option) => Object.hasOwn(is, option));
  const added = Object.keys(is).filter((option) => !Object.hasOwn(was, option));
  const writable = (option: string): boolean => known(to, option) !== null;
  const [order, wanted] = [[...kept, ...added], Object.keys(is)];
  const first = wanted.findIndex((option, i) => order[i] !== option);
  const again = added.length && first >= 0 && kept.every(writable) ? wanted.slice(first) : [];
  for (const option of again) if (kept.includes(option)) changes.push(`drop ${name(option)}`);
  for (const option of wanted) {
    const value = known(to, option);
    const fresh = again.includes(option) || added.includes(option);
    if (!fresh && same(was[option], is[option])) continue;
    if (value === null) hazards.push(unknown(to, option));
    else changes.push(`${fresh ? "add" : "set"} ${name(option)} ${literal(value).trim()}`);
  }
  return changes.length || hazards.length
    ? [action(changes.length ? `${alter} options (${changes.join(", ")})` : "", { hazards })].filter(
        (a) => a.sql !== "",
      )
    : [];
}
type MakeAction = (sql: string, more: { readonly hazards: readonly Hazard[] }) => Action;

export const isOpen = (value: string | Secret): boolean => typeof value !== "string" && value.secret === null;

/** What the text leaves open is as it is, and is left out where it is not there: nobody has a value for it. */
export function adoptOptions<O extends WithOptions>(to: O, from: WithOptions): O {
  if (!Object.values(to.attributes.options).some(isOpen)) return to;
  const options = Object.fromEntries(
    Object.entries(to.attributes.options).flatMap(([k, v]) => {
      const value = isOpen(v) ? from.attributes.options[k] : v;
      return value === undefined ? [] : [[k, value]];
    }),
  );
  return { ...to, attributes: { ...to.attributes, options } };
}

export const describeForeignOptions = (options: ForeignOptions, place: string): readonly ForeignOptionNode[] =>
  Object.entries(options).map(([option, value]) => ({
    name: nameNode(option),
    ...(typeof value === "string"
      ? { value, placeholder: null }
      : { value: null, placeholder: placeholder(`${place} ${option}`) }),
    span: nowhere,
  }));

/** A placeholder's name that says where it stands. */
export const placeholder = (place: string): string =>
  place.replace(/[^A-Za-z0-9_.-]+/g, "_").replace(/^(?![A-Za-z_])/, "_");

export function declareForeignOptions(
  nodes: readonly ForeignOptionNode[],
  declare: Declare,
): { readonly options: ForeignOptions; readonly secrets: readonly string[] } {
  const options: Record<string, string | Secret> = {};
  const secrets: string[] = [];
  for (const o of nodes) {
    const option = declare.name(o.name);
    if (Object.hasOwn(options, option))
      declare.report(problem("invalid-option", o.span, `The option ${name(option)} is there twice.`));
    options[option] = isSecret(option) ? { secret: o.value } : (o.value ?? "");
    if (isSecret(option) && o.value !== null) secrets.push(option);
    if (o.value === null && !isSecret(option))
      declare.report(
        problem("unknown-placeholder", o.span, `There is no value for \${${o.placeholder}}.`, {
          help: `Give it: -x ${o.placeholder}=…, or in the config.`,
        }),
      );
  }
  return { options, secrets };
}
/** Hints of a declared object. */
export const hintsOf = (
  was: { readonly text: string } | null,
  secrets: readonly string[],
): { readonly hints?: NonNullable<DbObject["hints"]> } =>
  was || secrets.length ? { hints: { ...(was ? { was: was.text } : {}), ...(secrets.length ? { secrets } : {}) } } : {};
