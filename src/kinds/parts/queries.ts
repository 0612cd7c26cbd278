/** What views and materialized views have in common: a query, and columns that follow from it. */
import type { Name, StatementsNode } from "../../../grammar/nodes.ts";
import type { DbObject, Fragment, Hints, Id } from "../../model/objects.ts";
import { problem } from "../../problems.ts";
import { name, names, qualified } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { readable } from "./text.ts";

/** A query as pg_get_viewdef shows it, without the semicolon. */
export function viewQuery(shown: string): Fragment {
  const canonical = shown.trim().replace(/;$/, "").trimEnd();
  return { sql: readable(canonical), path: [], canonical };
}

/** SQL of the columns that a query gives: JSON array of [name, type, collation]. */
export const columnFacts = (oid: string): string => `coalesce((
    select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::text) order by a.attnum)
    from pg_attribute a where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped), '[]')::text`;

type Fact = readonly [name: string, type: string, collation: string];
export const columnsOfQuery = (o: DbObject): readonly Fact[] | null =>
  o.facts?.["columns"] === undefined ? null : (JSON.parse(o.facts["columns"]) as Fact[]);
export const columnNames = (o: DbObject): readonly string[] => (columnsOfQuery(o) ?? []).map(([n]) => n);

/** Whether Postgres takes the wanted query in place: the columns that are there stay, new ones come after them. Unknown counts as no. */
export function extendsColumns(from: DbObject, to: DbObject): boolean {
  const [was, is] = [columnsOfQuery(from), columnsOfQuery(to)];
  return was !== null && is !== null && was.every((c, i) => c.every((x, k) => x === is[i]?.[k]));
}

/** ` (a, b)`: the names that were said for the columns of the query; "" where none were. */
export const columnsSaid = (o: DbObject): string => {
  const said = o.hints?.columns ?? [];
  return said.length ? ` (${names(said)})` : "";
};

/** What a declared query needs, and what is said beside it that a diff cannot see. */
export function viewColumns(
  d: {
    readonly query: StatementsNode;
    readonly columns: readonly { readonly name: Name }[];
    readonly was: Name | null;
  },
  id: Id<"view" | "materializedView">,
  declare: Declare,
): { readonly needs: readonly Id[]; readonly hints: { readonly hints?: Hints } } {
  const uses = declare.uses(d.query, new Set());
  const [first, second] = uses.statements;
  if (first && (second ?? first.node !== "SelectStmt"))
    declare.report(
      problem("fragment-syntax", (second ?? first).at, "A view is made of one query, which writes nothing.", {
        help: "Write one that opens with select, values, table or with.",
      }),
    );
  const itself = uses.reads(id);
  if (itself)
    declare.report(
      problem("unknown-table", itself.at, `${name(id.name)} is this view itself, which cannot read itself.`, {
        help: itself.others.length
          ? `Say ${itself.others.map(qualified).join(" or ")}.`
          : "Name a table or another view.",
      }),
    );
  const columns = d.columns.map((c) => declare.name(c.name));
  for (const [i, c] of d.columns.entries())
    if (columns.indexOf(c.name.text) < i)
      declare.report(
        problem("duplicate-name", c.name.span, `The column ${name(c.name.text)} is there twice.`, {
          help: "Remove one of them.",
        }),
      );
  const hints: Hints = {
    ...(columns.length ? { columns } : {}),
    ...(uses.stars ? { followsColumns: true } : {}),
    ...(d.was ? { was: d.was.text } : {}),
  };
  return { needs: uses.needs, hints: Object.keys(hints).length ? { hints } : {} };
}
