/** Names: `name`, `"Name"`, `schema.name`. */
import type { IToken } from "chevrotain";
import type { QualifiedCstNode } from "../cst.ts";
import type { RoleNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Name, QualifiedNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import { afterIndexWords, afterKeyWords, Dot, memberWords, Name as NameToken } from "../tokens.ts";

export const nameRules: Rules = {
  rules(p) {
    p.rule(
      "qualified",
      () => {
        p.take(0, NameToken, "part");
        p.opt(0, () => {
          p.take(0, Dot);
          p.take(1, NameToken, "part");
        });
      },
      "placed",
    );
  },
};

export function qualified(node: QualifiedCstNode, l: Lower): QualifiedNode {
  const [first, second] = node.children.part;
  const schema = second === undefined ? null : l.name(first!);
  return { schema, name: l.name(second ?? first!), span: l.at(node) };
}

export const quoted = (text: string): string => '"' + text.replaceAll('"', '""') + '"';
/** Needs no quotes wherever a name is all that can stand: it folds to itself and no letter in it is a surprise. */
const plain = /^[\p{Ll}\p{Lo}_][\p{Ll}\p{Lo}\p{Nd}_$]*$/u;
const none: readonly string[] = [];

/** Words that would be read otherwise, by the place in which a name stands. */
const special = {
  any: none,
  /** opens a line of a table */
  column: [...memberWords, "not"],
  /** in brackets after `primary key`, `->` and the like */
  listed: ["period"],
  /** after `constraint`, where `trigger` begins one */
  constraint: ["trigger"],
  /** among the members of a publication */
  published: ["table", "tables", "all"],
  /** after `execute` */
  executed: ["function"],
  index: afterIndexWords,
  operatorClass: afterKeyWords,
  type: ["was", "in", "array", "national", "out", "inout", "variadic", "setof"],
  /** of a function; the words that a type goes on with cannot come second */
  argument: ["in", "out", "inout", "variadic", "national", "interval"],
  /** what something is said of, without a word that says what it is */
  target:
    "aggregate collation conversion database domain event foreign function language materialized procedure publication schema sequence server statistics subscription table text type view".split(
      " ",
    ),
  grantee: ["owner"],
} as const satisfies Record<string, readonly string[]>;
export type NamePlace = keyof typeof special;

export const isPlain = (text: string): boolean => plain.test(text);
/** A name's text with the quotes it needs in this place. */
export const nameText = (text: string, place: NamePlace = "any"): string =>
  plain.test(text) && !(special[place] as readonly string[]).includes(text) ? text : quoted(text);

export type WriteName = (n: Name, place?: NamePlace) => string;
export const qualifiedText = (n: QualifiedNode, write: WriteName, place?: NamePlace): string =>
  n.schema === null ? write(n.name, place) : write(n.schema, place) + "." + write(n.name);

/** Words that mean a role without being its name, where they stand without quotes. */
const roleWords: ReadonlyMap<string, RoleNode["word"]> = new Map([
  ["public", "public"],
  ["current_user", "current_user"],
  ["current_role", "current_user"],
  ["session_user", "session_user"],
]);
export function role(token: IToken, l: Lower): RoleNode {
  const word = roleWords.get(token.image.toLowerCase()) ?? null;
  const name = l.name(token, word !== null);
  return { word, name: word === null ? name : { ...name, text: word } };
}
export const roleText = (r: RoleNode, write: WriteName): string =>
  r.word ?? (roleWords.has(r.name.text) ? quoted(r.name.text) : write(r.name));
