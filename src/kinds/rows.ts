/** Reference data: rows that the schema says a table holds, told apart by its primary key. They are read by reference.ts. */
import type { DbObject, Fragment, Id } from "../model/objects.ts";
import type { Action, Hazard } from "../model/plan.ts";
import { isKind, same } from "../model/database.ts";
import { nearest, problem } from "../problems.ts";
import { name, names, qualified } from "../sql.ts";
import { action } from "./parts/action.ts";
import { pathOf } from "./parts/fragments.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { type Row, rowKey } from "./parts/rowKey.ts";
import { columnsOfTable } from "./parts/table.ts";
import type { Context, DeclareFile, Room } from "./room.ts";

type Rows = DbObject<"rows">;

const tableOf = (o: Rows): Id<"table"> => ({ kind: "table", schema: o.id.schema, name: o.id.name });
/** Statements of a readable length. */
const together = 100;

function inserts(o: Rows, rows: readonly Row[]): readonly Action[] {
  const byColumns = new Map<string, Row[]>();
  for (const r of rows) {
    const key = JSON.stringify(Object.keys(r));
    byColumns.set(key, [...(byColumns.get(key) ?? []), r]);
  }
  return [...byColumns.values()].flatMap((group) => {
    const columns = Object.keys(group[0]!);
    const out: Action[] = [];
    for (let i = 0; i < group.length; i += together) {
      const some = group.slice(i, i + together);
      const lines = some.map((r) => `(${columns.map((c) => r[c]!.sql).join(", ")})`);
      out.push(
        action(
          `insert into ${qualified(o.id)} (${names(columns)}) overriding system value values\n  ${lines.join(",\n  ")}`,
          { lock: "row exclusive", on: [tableOf(o)], path: pathOf(...some.flatMap((r) => Object.values(r))) },
        ),
      );
    }
    return out;
  });
}
const where = (o: Rows, row: Row): string => o.attributes.key.map((k) => `${name(k)} = ${row[k]!.sql}`).join(" and ");
const write = (o: Rows, sql: string, fragments: readonly Fragment[], hazards: readonly Hazard[] = []): Action =>
  action(sql, { lock: "row exclusive", on: [tableOf(o)], path: pathOf(...fragments), hazards });

function deletes(o: Rows, rows: readonly Row[]): readonly Action[] {
  if (!rows.length) return [];
  const hazard: Hazard = {
    code: "data-loss",
    on: o.id,
    detail: `${rows.length === 1 ? "A row that is" : `${rows.length} rows that are`} not declared ${rows.length === 1 ? "is" : "are"} deleted.`,
  };
  return rows.map((r, i) =>
    write(
      o,
      `delete from ${qualified(o.id)} where ${where(o, r)}`,
      o.attributes.key.map((k) => r[k]!),
      i === 0 ? [hazard] : [],
    ),
  );
}

/** What leads from the rows of one to those of the other. */
function changes(from: Rows, to: Rows): { readonly upserts: readonly Action[]; readonly deletes: readonly Action[] } {
  const [was, is] = [from.attributes.rows, to.attributes.rows];
  const updates = Object.entries(is).flatMap(([key, row]) => {
    const old = was[key];
    if (!old) return [];
    const moved = Object.keys(row).filter((c) => old[c] && !same(old[c], row[c]));
    if (!moved.length) return [];
    return [
      write(
        to,
        `update ${qualified(to.id)} set ${moved.map((c) => `${name(c)} = ${row[c]!.sql}`).join(", ")} where ${where(to, row)}`,
        Object.values(row),
      ),
    ];
  });
  const missing = Object.keys(is).flatMap((key) => (was[key] ? [] : [is[key]!]));
  const surplus = Object.keys(was).flatMap((key) => (is[key] ? [] : [was[key]!]));
  return { upserts: [...updates, ...inserts(to, missing)], deletes: deletes(from, surplus) };
}

export const rows: Room<"rows"> = {
  kind: "rows",
  owner: (o) => tableOf(o),
  needs: (o) => [tableOf(o), ...columnsOfTable(o.id, o.attributes.key)],
  occupies: () => [],
  evaluates: () => false,
  beside: true,
  // Rows that others refer to go after those.
  follows: (o, role, context) =>
    role === "after" || role === "drop"
      ? referring(o, context).map((id) => ({ id, roles: ["after", "drop"] as const }))
      : [],
  observe: {
    // Only of tables of which rows are declared: see reference.ts.
    sql: () => "select null::text as schema where false",
    read: () => {
      throw new Error("rows are not read with the catalog");
    },
  },
  create: (o) => inserts(o, Object.values(o.attributes.rows)),
  drop: (o) => deletes(o, Object.values(o.attributes.rows)),
  change: {
    key: () => ({ actions: [], disturbs: "nothing" }),
    rows: (from, to) => {
      const { upserts, deletes: after } = changes(from, to);
      return { actions: upserts, after, disturbs: "nothing" };
    },
  },
  describe: (o) => {
    const all = Object.values(o.attributes.rows);
    const columns = Object.keys(all[0] ?? {});
    return {
      at: "file",
      declaration: {
        kind: "rows",
        name: qualifiedNode(o.id),
        columns: columns.map(nameNode),
        rows: all.map((r) => ({ values: columns.map((c) => fragmentNode(r[c]!)), span: nowhere })),
        doc: null,
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

/** Rows of tables whose foreign keys refer to these, other than their own. */
const referring = (o: Rows, { from }: Context): readonly Id[] =>
  [...from.values()].flatMap((f) =>
    isKind(f, "foreignKey") &&
    f.attributes.references.schema === o.id.schema &&
    f.attributes.references.name === o.id.name &&
    !(f.id.schema === o.id.schema && f.id.table === o.id.name)
      ? [{ kind: "rows", schema: f.id.schema, name: f.id.table } as const]
      : [],
  );

export const declareRows: DeclareFile<"rows"> = (d, declare) => {
  const table = declare.table(d.name);
  const key = declare.primaryKey(table);
  const known = declare.columnsOf(table);
  const columns = d.columns.map((c) => c.text);
  for (const [i, c] of d.columns.entries()) {
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
    if (r.values.length !== columns.length) {
      const [first] = r.values;
      const bracketed = first && r.values.length === 1 && first.span.start > r.span.start;
      declare.report(
        problem(
          "rows-count",
          r.span,
          `This row has ${r.values.length} ${r.values.length === 1 ? "value" : "values"} for ${columns.length} columns.`,
          {
            help: bracketed ? `A row's values stand without brackets: ${first.text}` : `In order: ${names(columns)}.`,
          },
        ),
      );
      continue;
    }
    for (const v of r.values) called.push(...declare.uses(v, none).needs);
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
