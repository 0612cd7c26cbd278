/** Publications. What is published changes in place; from all tables to some, or back, the publication is made anew. */
import type { PublicationMemberNode } from "../../grammar/declarations.ts";
import type { DbObject, PublishedChange } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { literal, name, names } from "../sql.ts";
import { nearest, problem } from "../problems.ts";
import { action, quietly } from "./parts/action.ts";
import { address, text, truth, made } from "./parts/catalog.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { truthValue } from "./parts/options.ts";
import { managedPublication, membersOf } from "./parts/publications.ts";
import type { Change, Declare, DeclareFile, Room } from "./room.ts";

type Publication = DbObject<"publication">;

const changes = ["insert", "update", "delete", "truncate"] as const;

/** What `with (…)` says, all that differs from what Postgres takes by itself; `said`: these at least. */
function settings(o: Publication, said: ReadonlySet<string>): string {
  const { publish, viaPartitionRoot, generatedColumns } = o.attributes;
  return [
    publish.length < changes.length || said.has("publish") ? [`publish = ${literal(publish.join(", "))}`] : [],
    viaPartitionRoot || said.has("viaPartitionRoot") ? [`publish_via_partition_root = ${viaPartitionRoot}`] : [],
    generatedColumns !== "none" || said.has("generatedColumns")
      ? [`publish_generated_columns = ${generatedColumns}`]
      : [],
  ]
    .flat()
    .join(", ");
}
const change: Change<"publication"> = (_, to, changed) =>
  quietly(action(`alter publication ${name(to.id.name)} set (${settings(to, changed)})`));

export const publications: Room<"publication"> = {
  kind: "publication",
  owner: () => null,
  needs: () => [],
  // So that it can be made with its members in one statement.
  follows: (o, role, context) =>
    role === "create"
      ? membersOf(o.id.name, context.to).flatMap((m) =>
          m.needs.map((id) => ({ id, roles: ["create", "alter", "after"] as const })),
        )
      : [],
  occupies: (o) => [`publication ${o.id.name}`],
  evaluates: () => false,
  observe: {
    there: made("pg_publication"),
    sql: (schemas, version) => `
select p.pubname as name, p.puballtables::text as all_tables, p.pubinsert::text as insert, p.pubupdate::text as update,
  p.pubdelete::text as delete, p.pubtruncate::text as truncate, p.pubviaroot::text as via_root,
  ${version >= 180000 ? "p.pubgencols::text" : "'n'"} as generated, ${address("pg_publication", "p.oid")} as addresses
from pg_publication p
where ${managedPublication("p.oid", schemas)}
order by 1`,
    read: (row) => ({
      id: { kind: "publication", name: text(row, "name") },
      attributes: {
        allTables: truth(row, "all_tables"),
        publish: changes.filter((c) => truth(row, c)),
        viaPartitionRoot: truth(row, "via_root"),
        generatedColumns: row["generated"] === "s" ? "stored" : "none",
      },
      needs: [],
    }),
  },
  create: (o, context) => {
    const given = settings(o, new Set());
    const end = given && ` with (${given})`;
    const start = `create publication ${name(o.id.name)}`;
    const sql = `${start}${o.attributes.allTables ? " for all tables" : ""}${end}`;
    if (o.attributes.allTables) return [action(sql)];
    const open = `${start} for${context.version < 150000 ? " table" : ""}`;
    return [action(sql, { head: { of: o.id, open, close: end.trim() } })];
  },
  drop: (o, context) => [
    action(`drop publication ${name(o.id.name)}`, {
      hazards: context.to.has(encode(o.id))
        ? []
        : [
            {
              code: "irreversible",
              on: o.id,
              detail: `Subscribers to the publication ${o.id.name} get an error until it is there again, and miss what changes meanwhile.`,
            },
          ],
    }),
  ],
  change: {
    allTables: () => "replace",
    publish: change,
    viaPartitionRoot: change,
    generatedColumns: change,
  },
  describe: (o, describe) => {
    const { allTables, publish, viaPartitionRoot, generatedColumns } = o.attributes;
    const option = (of: string, value: string) => ({ name: of, value, span: nowhere });
    return {
      at: "file",
      declaration: {
        kind: "publication",
        name: nameNode(o.id.name),
        was: null,
        allTables,
        members: describe.children(o.id).flatMap((m): PublicationMemberNode[] => {
          if (isKind(m, "publicationSchema")) return [{ kind: "schema", schema: nameNode(m.id.schema), span: nowhere }];
          if (!isKind(m, "publicationTable")) return [];
          const { columns, where } = m.attributes;
          return [
            {
              kind: "table",
              table: qualifiedNode({ schema: m.id.schema, name: m.id.table }),
              columns: (columns ?? []).map(nameNode),
              where: where && fragmentNode(where),
              span: nowhere,
            },
          ];
        }),
        options: [
          ...(publish.length < changes.length ? [option("publish", publish.join(", "))] : []),
          ...(viaPartitionRoot ? [option("publish_via_partition_root", "true")] : []),
          ...(generatedColumns === "none" ? [] : [option("publish_generated_columns", generatedColumns)]),
        ],
        doc: describe.comment(o.id),
        schema: null,
        span: nowhere,
      },
    };
  },
};

const optionNames = ["publish", "publish_via_partition_root", "publish_generated_columns"];
const isChange = (word: string): word is PublishedChange => (changes as readonly string[]).includes(word);

export const declarePublication: DeclareFile<"publication"> = (d, declare) => {
  const id = { kind: "publication", name: declare.name(d.name) } as const;
  const attributes = { allTables: d.allTables, ...declareOptions(d.options, declare) };
  declare.add({ id, attributes, needs: [], ...(d.was ? { hints: { was: d.was.text } } : {}) }, d.name.span);
  declare.comment(id, d.doc, d.span);
  const schema = d.members.find((m) => m.kind === "schema");
  if (schema && declare.version < 150000)
    declare.report(
      problem("needs-newer-postgres", schema.span, "Tables of a schema are published from PostgreSQL 15 on."),
    );
  for (const m of d.members) {
    if (m.kind === "schema") {
      declare.add(
        {
          id: { kind: "publicationSchema", publication: id.name, schema: declare.name(m.schema) },
          attributes: {},
          needs: [],
        },
        m.span,
      );
      continue;
    }
    declareTable(m, id.name, declare);
    if (schema && m.columns.length)
      declare.report(
        problem("invalid-option", m.span, "A table's columns cannot be chosen in a publication of whole schemas.", {
          help: "Leave the columns out, or make two publications.",
        }),
      );
  }
};

function declareTable(m: PublicationMemberNode & { kind: "table" }, publication: string, declare: Declare): void {
  const table = declare.table(m.table);
  const known = declare.columnsOf(table);
  const columns = m.columns.map((c) => declare.name(c));
  for (const [i, c] of m.columns.entries())
    if (known.size && !known.has(c.text)) {
      const near = nearest(c.text, known.keys());
      declare.report(
        problem("unknown-column", c.span, `The table ${table.name} has no column called ${name(c.text)}.`, {
          help: near === null ? `Its columns are ${names([...known.keys()])}.` : `Did you mean ${name(near)}?`,
          ...(near === null ? {} : { fix: name(near) }),
        }),
      );
    } else if (columns.indexOf(c.text) < i)
      declare.report(problem("duplicate-name", c.span, `The column ${name(c.text)} is there twice.`));
  if ((m.columns.length || m.where) && declare.version < 150000)
    declare.report(
      problem(
        "needs-newer-postgres",
        m.span,
        "Columns and rows of a published table are chosen from PostgreSQL 15 on.",
      ),
    );
  const uses = m.where && declare.uses(m.where, new Set(known.keys()), { table: table.name });
  declare.add(
    {
      id: { kind: "publicationTable", publication, schema: table.schema, table: table.name },
      attributes: {
        columns: columns.length ? [...columns].sort() : null,
        where: m.where && declare.fragment(m.where),
      },
      needs: [
        ...(uses?.columns ?? []).map(
          (column) => ({ kind: "column", schema: table.schema, table: table.name, name: column }) as const,
        ),
        ...(uses?.needs ?? []),
        ...declare.extensionsOfTable(table),
      ],
    },
    m.span,
  );
}

function declareOptions(
  options: Parameters<DeclareFile<"publication">>[0]["options"],
  declare: Declare,
): Omit<Publication["attributes"], "allTables"> {
  const given = new Map(options.map((o) => [o.name, o]));
  for (const [i, o] of options.entries()) {
    if (!optionNames.includes(o.name)) {
      const near = nearest(o.name, optionNames);
      declare.report(
        problem("invalid-option", o.span, `A publication has no option called ${o.name}.`, {
          help: near === null ? `Its options are ${optionNames.join(", ")}.` : `Did you mean ${near}?`,
        }),
      );
    } else if (options.findIndex((other) => other.name === o.name) < i)
      declare.report(problem("invalid-option", o.span, `The option ${o.name} is there twice.`));
  }
  const publish = given.get("publish");
  const words = publish ? (publish.value ?? "").split(",").map((w) => w.trim().toLowerCase()) : changes;
  const said = words.filter((w) => w !== "");
  for (const w of said)
    if (!isChange(w) && publish)
      declare.report(
        problem("invalid-option", publish.span, `${w} is nothing that a publication publishes.`, {
          help: `It publishes ${changes.join(", ")}.`,
        }),
      );
  const root = given.get("publish_via_partition_root");
  const viaRoot = root ? truthValue(root.value ?? "true") : "false";
  if (root && viaRoot !== "true" && viaRoot !== "false")
    declare.report(problem("invalid-option", root.span, `${root.name} is true or false.`));
  const generated = given.get("publish_generated_columns");
  const stored = generated ? (generated.value ?? "stored").toLowerCase() : "none";
  if (generated && stored !== "none" && stored !== "stored")
    declare.report(problem("invalid-option", generated.span, `${generated.name} is none or stored.`));
  if (generated && declare.version < 180000)
    declare.report(problem("needs-newer-postgres", generated.span, `${generated.name} needs PostgreSQL 18.`));
  return {
    publish: changes.filter((c) => said.includes(c)),
    viaPartitionRoot: viaRoot === "true",
    generatedColumns: stored === "stored" ? "stored" : "none",
  };
}
