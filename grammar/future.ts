/** What PostgreSQL has and the language does not have yet: each is named once and skipped as a whole. */
import type { IToken } from "chevrotain";

const declarations: Readonly<Record<string, string>> = {};
const members: Readonly<Record<string, string>> = {
  sql: "sql blocks are",
};

/** "views are", where a declaration or member opens with a word that will have a meaning one day; else null. */
export function notYet(first: IToken, inTable: boolean): string | null {
  const known = inTable ? members : declarations;
  const word = first.image.toLowerCase();
  return Object.hasOwn(known, word) ? known[word]! : null;
}
