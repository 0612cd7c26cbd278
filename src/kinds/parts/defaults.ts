/** Defaults, which can name nothing: Postgres knows no row when it takes one. */
import type { FragmentNode, Name, TypeNode } from "../../../grammar/nodes.ts";
import { isKind } from "../../model/database.ts";
import { nearest, problem } from "../../problems.ts";
import { literal, qualified } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { typeText } from "./types.ts";

/** Functions that give another value each time; they are often a default, and people name them without calling them. */
export const changing: ReadonlySet<string> = new Set(
  "now clock_timestamp statement_timestamp transaction_timestamp timeofday random gen_random_uuid uuid_generate_v4 uuidv4 uuidv7 txid_current pg_current_xact_id".split(
    " ",
  ),
);
/** Words that are values without brackets. */
const values =
  "current_timestamp current_date current_time current_user current_role localtimestamp localtime session_user".split(
    " ",
  );
const quotes = /^[‘’‚‛“”„‟](.*)[‘’‚‛“”„‟]$/u;

/** Reports columns that a default names, and says what may be meant. `type`: of what the default is. */
export function refuseColumns(f: FragmentNode, declare: Declare, type: TypeNode | null = null): void {
  if (/^default$/i.test(f.text)) {
    declare.report(
      problem("fragment-syntax", f.span, "`default` is no value.", { help: "What has no default says none." }),
    );
    return;
  }
  const curly = quotes.exec(f.text)?.[1];
  if (curly !== undefined) {
    const fix = literal(curly).trimStart();
    declare.report(
      problem("fragment-syntax", f.span, "These are no quotes to Postgres.", {
        help: `A text stands in straight single quotes: ${fix}.`,
        fix,
      }),
    );
    return;
  }
  for (const n of declare.uses(f, new Set()).names) {
    const meant = n.span.start === f.span.start && n.span.end === f.span.end ? meantBy(n, type, declare) : null;
    const text = `A text stands in single quotes: ${literal(n.text).trimStart()}.`;
    declare.report(
      problem("unknown-column", n.span, `A default cannot name columns, as ${n.text} would be one.`, {
        help:
          meant === null
            ? `${text} What follows from other columns is generated (…).`
            : `Did you mean ${meant}? ${text}`,
      }),
    );
  }
}

/** Reports a default that is no label of the enum that it is to be of. `needs`: what its type needs; known when all is declared (rank 0). */
export function refuseStrangeLabel(
  f: FragmentNode,
  { needs, type }: ReturnType<Declare["type"]>,
  declare: Declare,
): void {
  const label = /^\s*'((?:[^']|'')*)'\s*$/.exec(f.text)?.[1]?.replaceAll("''", "'");
  const of = needs.find((n) => n.kind === "enum");
  if (label === undefined || of?.kind !== "enum" || typeText(type).endsWith("]")) return;
  declare.afterwards(0, () => {
    const found = declare.declared(of);
    if (!found || !isKind(found, "enum") || found.attributes.labels.includes(label)) return;
    const near = nearest(label, found.attributes.labels);
    declare.report(
      problem("unknown-object", f.span, `The enum ${qualified(of)} has no label ${literal(label).trim()}.`, {
        help: near === null ? "Declare it, or correct the default." : `Did you mean ${near}?`,
        ...(near === null ? {} : { fix: literal(near).trim() }),
      }),
    );
  });
}

/** A call without its brackets, or a word with a slip of the pen. */
function meantBy(n: Name, type: TypeNode | null, declare: Declare): string | null {
  const word = n.text;
  const called = declare.called({ schema: null, name: n, span: n.span }, 0).length > 0;
  if (called || changing.has(word)) return `${word}()`;
  const isBool = type !== null && ["bool", "boolean"].includes(type.name.text.toLowerCase());
  if (isBool) return nearest(word, ["true", "false"]);
  // Short ones are near to what is a text.
  const near = nearest(word, [...values, ...[...changing].filter((c) => c.length > 8)]);
  return near !== null && changing.has(near) ? `${near}()` : near;
}
