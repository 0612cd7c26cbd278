/** The names that Postgres makes up, by its own algorithms, and what helps to make up ours. `taken` says whether a name is in use already. */
import { bytes, maxNameBytes } from "../../sql.ts";

/** The longest start of a text, in whole characters, of at most so many bytes (pg_mbcliplen). */
export function clip(text: string, most: number): string {
  if (bytes(text) <= most) return text;
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += bytes(character);
    if (length > most) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Enough of a text to tell a few thousand names apart, in at most 15 letters and digits. */
export function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b + text.charCodeAt(i), 0x5bd1e995) ^ (b >>> 15);
  }
  return [a, b].map((n) => (n >>> 0).toString(36)).join("_");
}

/** makeObjectName in indexcmds.c: `first_second_label`, the longer of the first two cut until the whole has 63 bytes. */
export function makeObjectName(first: string, second: string | null, label: string | null): string {
  const room = maxNameBytes - (second === null ? 0 : 1) - (label === null ? 0 : bytes(label) + 1);
  let one = bytes(first);
  let two = second === null ? 0 : bytes(second);
  while (one + two > room)
    if (one > two) one--;
    else two--;
  return [clip(first, one), second === null ? null : clip(second, two), label].filter((s) => s !== null).join("_");
}

/** ChooseRelationName and ChooseConstraintName: the label is numbered until the name is free. */
export function chooseName(
  first: string,
  second: string | null,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let i = 0; ; i++) {
    const made = makeObjectName(first, second, i === 0 ? label : `${label}${i}`);
    if (!taken(made)) return made;
  }
}

/** ChooseIndexColumnNames: names of an index's columns, included ones too; a repeated one is numbered. `null`: an expression without a name. */
export function indexColumnNames(keys: readonly (string | null)[]): readonly string[] {
  const out: string[] = [];
  for (const key of keys) {
    const own = key ?? "expr";
    let made = own;
    for (let i = 1; out.includes(made); i++) made = clip(own, maxNameBytes - String(i).length) + String(i);
    out.push(made);
  }
  return out;
}

/** ChooseIndexNameAddition and ChooseForeignKeyConstraintNameAddition: joined by `_` until 64 bytes are reached. */
export function nameAddition(names: readonly string[]): string {
  let out = "";
  for (const n of names) {
    if (out !== "") out += "_";
    out += n;
    if (bytes(out) > maxNameBytes) break;
  }
  return out;
}

/** makeMultirangeTypeName: "range" in the name becomes "multirange", else that is put behind it. */
export function multirangeName(range: string): string {
  const at = range.indexOf("range");
  return at < 0
    ? `${clip(range, maxNameBytes - 11)}_multirange`
    : clip(`${range.slice(0, at)}multi${range.slice(at)}`, maxNameBytes);
}

/** What Postgres calls a constraint or index at first, before it looks whether the name is free. */
export const impliedNames = {
  primaryKey: (table: string): string => makeObjectName(table, null, "pkey"),
  unique: (table: string, columns: readonly string[]): string =>
    makeObjectName(table, nameAddition(indexColumnNames(columns)), "key"),
  exclude: (table: string, columns: readonly (string | null)[]): string =>
    makeObjectName(table, nameAddition(indexColumnNames(columns)), "excl"),
  index: (table: string, columns: readonly (string | null)[]): string =>
    makeObjectName(table, nameAddition(indexColumnNames(columns)), "idx"),
  foreignKey: (table: string, columns: readonly string[]): string =>
    makeObjectName(table, nameAddition(columns), "fkey"),
  /** `columns`: those that the expression uses; the name holds one only when it is the only one. */
  check: (table: string, columns: readonly string[]): string =>
    makeObjectName(table, columns.length === 1 ? columns[0]! : null, "check"),
  notNull: (table: string, column: string): string => makeObjectName(table, column, "not_null"),
  sequence: (table: string, column: string): string => makeObjectName(table, column, "seq"),
} as const;
