/** Names, many of them nasty. */
import { bytes, maxNameBytes } from "../../src/sql.ts";
import type { Rng } from "./rng.ts";

const plain = (
  "a b c id name title total price note status kind state amount created_at updated_at email user_id order_id parent code " +
  "users orders items products events logs notes tags parts places things visits rooms keys rates"
).split(" ");
const words = (
  "order user select table group check primary constraint unique index policy comment inherits sql row was with null default foreign " +
  "exclude trigger rule partition statistics replica cluster identity generated enum domain sequence schema extension mixin in using on where include " +
  "inherited unlogged value values type array not storage collate references as asc desc end limit true false"
).split(" ");
const nasty = [
  "UserId",
  "camelCase",
  "UPPER",
  "two words",
  " lead",
  "trail ",
  'say "hi"',
  "it's",
  "back`tick",
  "dollar$x",
  "$$",
  "$1",
  "a.b",
  "a..b",
  "ünïcödé",
  "日本語",
  "emoji😀",
  "tab\there",
  "new\nline",
  "cr\r\nlf",
  "\\back\\n",
  "--dash",
  "/* c */",
  "// c",
  "${x}",
  "%s",
  "{",
  "}",
  "(",
  ");",
  "?",
  "->",
  "=",
  "a,b",
  "'",
  '"',
  "0start",
  "_",
  "\u2028",
  "é",
  "é",
  "x".repeat(63),
  "long_name_that_is_cut_" + "y".repeat(41),
  "ä".repeat(31) + "z",
  "x".repeat(60) + "日",
  "mixed Case and 'quotes' \"both\"",
];

/** A name that is not among `taken`. */
export function freshName(rng: Rng, taken: ReadonlySet<string>, calm = 0.6): string {
  for (let i = 0; ; i++) {
    const base = rng.chance(calm) ? rng.pick(plain) : rng.chance(0.5) ? rng.pick(words) : rng.pick(nasty);
    const name = i === 0 ? base : clip(base, maxNameBytes - 3) + String(i + 1);
    if (!taken.has(name)) return name;
  }
}

/** At most n bytes, cut between characters. */
export function clip(name: string, n: number): string {
  let out = "";
  for (const c of name) {
    if (bytes(out + c) > n) break;
    out += c;
  }
  return out;
}

/** Text for comments, labels and string constants. */
export const texts: readonly string[] = [
  "plain",
  "It's here",
  'double "quoted"',
  "back\\slash",
  "two\nlines",
  "ends with newline\n",
  "\n starts with newline",
  "  spaces  ",
  "tab\tinside",
  "cr\r\nlf",
  "日本語 😀",
  "$$ dollar $x$",
  "/* c */ -- d // e",
  "*/",
  "${name} `x`",
  "\u2028\u2029",
  "{ } ( ) [ ]",
  "/// doc",
  "trailing backslash \\",
  "%s %I %L",
  "x".repeat(300),
];
export const labels: readonly string[] = [
  "draft",
  "placed",
  "shipped",
  "sent",
  "done",
  "open",
  "closed",
  "was",
  "3d",
  "Mixed",
  "two words",
  "it's",
  'q"x',
  "日本",
  "-",
  "a,b",
  "->",
  "l".repeat(63),
  "null",
  "true",
  "back\\slash",
  "}",
];
