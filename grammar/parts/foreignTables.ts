/** `foreign table … server films options (schema_name 'public')`: what a table or partition says of where its rows are. */
import type { PartitionCstChildren, TableCstChildren } from "../cst.ts";
import type { TableDeclaration } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";
import { foreignOptions, foreignOptionsText } from "./foreignOptions.ts";

export const foreignTableRules: Rules = {
  rules(p) {
    p.rule("onServer", () => {
      p.take(0, kw("server"));
      p.take(0, Name, "name");
    });
  },
};

type Foreign = Pick<TableDeclaration, "server" | "foreignOptions">;

/** A foreign table has a server, and is stored nowhere here; no other has any of that. */
export function foreign(c: TableCstChildren | PartitionCstChildren, span: Span, l: Lower): Foreign {
  l.onceNode(c.onServer, "server");
  const isForeign = c.k_foreign !== undefined;
  const wrong = (what: string, help: string): void => l.report("syntax", span, what, { help });
  if (isForeign && c.onServer === undefined)
    wrong("a foreign table names its server", "write `server` and its name after the table's name");
  if (!isForeign && c.onServer !== undefined)
    wrong("only a foreign table is on a server", "write `foreign` before it, or take the server away");
  if (!isForeign && c.foreignOptions !== undefined)
    wrong("only a foreign table has `options (…)`", "storage options of a table stand in `with (…)`");
  const stored = "withOptions" in c ? c.withOptions : "options" in c ? c.options : undefined;
  if (isForeign)
    for (const [clause, word] of [
      [c.k_using, "using"],
      [c.inTablespace, "tablespace"],
      [stored, "with (…)"],
      [c.partitionKey, "partition by"],
    ] as const)
      if (clause !== undefined) wrong(`a foreign table has no \`${word}\``, "its rows are elsewhere; take it away");
  return {
    server: c.onServer === undefined ? null : l.name(c.onServer[0]!.children.name[0]!),
    foreignOptions: foreignOptions(c.foreignOptions, l),
  };
}

/** ` server films options (…)`, or "" of an ordinary table. */
export const foreignText = (d: Foreign, p: Print): string =>
  (d.server === null ? "" : ` server ${p.name(d.server)}`) + foreignOptionsText(d.foreignOptions, p);
/** The word before `table` or `partition`. */
export const sortText = (d: Pick<TableDeclaration, "server" | "unlogged">): string =>
  d.server !== null ? "foreign " : d.unlogged ? "unlogged " : "";
