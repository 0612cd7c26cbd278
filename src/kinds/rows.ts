/** Reference data: rows that the schema says a table holds, told apart by its primary key. They are read by src/reference. */
import type { Id } from "../model/objects.ts";
import { isKind, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import type { Action } from "../model/plan.ts";
import { nearest, problem } from "../problems.ts";
import { name, names, qualified } from "../sql.ts";
import { setNotNull, withoutNotNull } from "./parts/columnNotNull.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { expressionsIn } from "./parts/partitionBound.ts";
import { publishedUntold } from "./parts/replicaIdentity.ts";
import { holderOf, type Row, rowKey, type Rows } from "./parts/rowKey.ts";
import { rowsFollow } from "./parts/rowOrder.ts";
import { warnOfChanging } from "./parts/rowsSaid.ts";
import { changes, deletes, inserts } from "./parts/rowWork.ts";
import { columnsOfTable } from "./parts/table.ts";
import { waitsForRows } from "./parts/waitsForRows.ts";
import type { Context, DeclareFile, Room } from "./room.ts";

export const rows: Room<"rows"> = {
  kind: "rows",
  owner: holderOf,
  needs: (o) => [holderOf(o), ...columnsOfTable(o.id, o.attributes.key)],
  occupies: () => [],
  evaluates: () => false,
  beside: true,
  follows: rowsFollow,
  // They stay in their table, whatever is done to what they stand on.
  rebind: () => ({ before: [], after: [] }),
  observe: {
    // Only of tables of which rows are declared: see src/reference.
    sql: () => "select null::text as schema where false",
    read: () => {
      throw new Error("rows are not read with the catalog");
    },
  },
  create: (o, context) => inserts(o, Object.values(o.attributes.rows), context),
  drop: (o, context) => deletes(o, Object.values(o.attributes.rows), context),
  change: {
    key: () => ({ actions: [], disturbs: "nothing" }),
    rows: (from, to, _, context) => {
      const { before, actions, after } = changes(from, to, context);
      return { before, actions, after: [...after, ...notNullAfter(to, context)], disturbs: "nothing" };
    },
  },
  // Where that is so all through the plan.
  refuses: (from, to, context) => {
    const [was, is] = [from.attributes.rows, to?.attributes.rows ?? {}];
    const stays = Object.keys(was).filter((key) => is[key]);
    const done = {
      delete: stays.length < Object.keys(was).length,
      update: stays.some((key) => !same(was[key], is[key])),
    };
    for (const change of ["update", "delete"] as const) {
      const [publication, later] = [context.from, context.to].map((all) => publishedUntold(from.id, change, all));
      if (done[change] && publication && later)
        return `the publication ${name(publication)} tells of each ${change} in ${qualified(from.id)}, and the table has no replica identity that could tell its rows apart`;
    }
    return null;
  },
  describe: (o) => {
    const all = Object.values(o.attributes.rows);
    const columns = columnsOfRows(o);
    return {
      at: "file",
      declaration: {
        kind: "rows",
        name: qualifiedNode(o.id),
        columns: columns.map(nameNode),
        rows: all.map((r) => ({ values: columns.map((c) => fragmentNode(r[c]!)), span: nowhere })),
        doc: null,
        schema: null,
        span: nowhere,
      },
    };
  },
};

/** All declared rows say the same columns. */
const columnsOfRows = (o: Rows): readonly string[] => Object.keys(Object.values(o.attributes.rows)[0] ?? {});

/** What makes columns not null that wait for the rows. */
const notNullAfter = (o: Rows, context: Context): readonly Action[] =>
  columnsOfTable(o.id, columnsOfRows(o)).flatMap((id) => {
    const c = context.to.get(encode(id));
    return c && isKind(c, "column") && waitsForRows(c, context) ? setNotNull(withoutNotNull(c), c, context) : [];
  });

/** What only brackets can hold: several values, and no query. */
const isList = (text: string): boolean => !/^\s*(?:select|with|values)\b/i.test(text) && expressionsIn(text).length > 1;
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

export const declareRows: DeclareFile<"rows"> = (d, declare) => {
  const table = declare.table(d.name);
  const key = declare.primaryKey(table);
  const known = declare.columnsOf(table);
  const columns = d.columns.map((c) => c.text);
  for (const [i, c] of d.columns.entries()) {
    if (known.get(c.text)?.generated)
      declare.report(
        problem("row-value", c.span, `The column ${name(c.text)} is generated: Postgres gives its value.`),
      );
    if (!known.size || known.has(c.text)) {
      if (columns.indexOf(c.text) < i)
        declare.report(problem("duplicate-name", c.span, `The column ${name(c.text)} is there twice.`));
      continue;
    }
    const near = nearest(c.text, known.keys());
    declare.report(
      problem("unknown-column", c.span, `The table ${qualified(table)} has no column called ${name(c.text)}.`, {
        help: near === null ? "Declare it, or correct the name." : `Did you mean ${name(near)}?`,
        ...(near === null ? {} : { fix: name(near) }),
      }),
    );
  }
  // What is misspelt is told, and may be the table with the key, or a column of it.
  if (!declare.hasTable(d.name) || (known.size && columns.some((c) => !known.has(c)))) return;
  if (!key.length || key.some((k) => !columns.includes(k))) {
    declare.report(
      problem(
        "rows-need-key",
        d.name.span,
        key.length
          ? `Rows of ${qualified(table)} must give its primary key: ${names(key)}.`
          : `Rows can be declared of tables with a primary key; ${qualified(table)} has none.`,
        { help: key.length ? "Add what is missing to the columns in brackets." : "Give the table a primary key." },
      ),
    );
    return;
  }
  const all: Record<string, Row> = {};
  const none: ReadonlySet<string> = new Set();
  const called: Id[] = [];
  for (const r of d.rows) {
    const bracketed = r.values.find((v) => isList(v.text));
    if (bracketed || r.values.length !== columns.length) {
      const message = bracketed
        ? `What stands in brackets is one value, and these are ${expressionsIn(bracketed.text).length}.`
        : `This row has ${count(r.values.length, "value")} for ${count(columns.length, "column")}.`;
      const help = bracketed
        ? `A row stands on a line of its own, and without brackets: ${bracketed.text}; one that is a value is row(…).`
        : `In order: ${names(columns)}.`;
      declare.report(problem("rows-count", r.span, message, { help }));
      continue;
    }
    for (const [i, v] of r.values.entries()) {
      called.push(...declare.uses(v, none).needs);
      warnOfChanging(v, known.get(columns[i]!) ?? null, declare);
    }
    const row = Object.fromEntries(r.values.map((v, i) => [columns[i]!, declare.fragment(v)]));
    const own = rowKey(key, row);
    if (Object.hasOwn(all, own))
      declare.report(
        problem("duplicate-name", r.span, "A row with this key is there already.", { help: "Remove one of them." }),
      );
    all[own] = row;
  }
  declare.add(
    {
      id: { kind: "rows", ...table },
      attributes: { key, rows: all },
      needs: [...columnsOfTable(table, [...known.keys()]), ...called],
    },
    d.name.span,
  );
};
