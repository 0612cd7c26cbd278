/** Plain SQL for tables with their columns. */
import { isKind } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { DbObject, QualifiedName } from "../../src/model/objects.ts";
import { ordered } from "./render-code.ts";
import {
  bracketed,
  by,
  foreignOptions,
  type InSchema,
  list,
  options,
  q,
  qq,
  sequenceOptions,
  table,
} from "./render-text.ts";
import { families, columnsAt, foreignTables, of, ownColumns, ownTables, tableById, type World } from "./world.ts";

/** Their types and servers are there. */
export function renderTables(w: World, inSchema: InSchema): void {
  for (const t of ordered([...ownTables(w), ...foreignTables(w)])) {
    inSchema(t.id.schema, head(w, t));
    for (const c of ownColumns(w, t.id)) alterColumn(w, t, c, inSchema);
  }
  for (const t of families(w)) {
    const { strategy, keys } = t.attributes.partitionBy!;
    const columns = columnsAt(w, t.id).map((c) => column(w, c));
    inSchema(
      t.id.schema,
      `create table ${qq(t.id)} (${columns.join(", ")}) partition by ${strategy} (${list(keys.map((k) => k.column ?? ""))})`,
    );
  }
  for (const p of of(w, "partition")) {
    const own = tableById(w, { schema: p.id.schema, name: p.id.name });
    const { server, foreignOptions: given, options: set } = own?.attributes ?? {};
    const elsewhere = server == null ? "" : `foreign `;
    const where = server == null ? options(set ?? {}) : ` server ${q(server)}${foreignOptions(given ?? {})}`;
    inSchema(
      p.id.schema,
      `create ${elsewhere}table ${qq(p.id)} partition of ${qq(p.attributes.of)} ${p.attributes.bound.sql}${where}`,
    );
  }
}

function head(w: World, t: DbObject<"table">): string {
  const a = t.attributes;
  const typed = typeOf(w, t);
  const columns = ownColumns(w, t.id)
    .filter((c) => c.attributes.local)
    .map((c) => (typed ? `${q(c.id.name)} with options${columnRules(c)}` : column(w, c)));
  const bracket = typed && columns.length === 0 ? "" : ` (${columns.join(", ")})`;
  if (a.server !== null)
    return `create foreign table ${qq(t.id)}${bracket} server ${q(a.server)}${foreignOptions(a.foreignOptions)}`;
  return (
    `create ${a.persistence === "unlogged" ? "unlogged " : ""}table ${qq(t.id)}${by(typed && `of ${qq(typed)}`)}${bracket}` +
    by(a.inherits.length > 0 && `inherits (${a.inherits.map(qq).join(", ")})`) +
    by(a.using !== "heap" && `using ${q(a.using)}`) +
    options(a.options) +
    by(a.tablespace !== null && `tablespace ${q(a.tablespace)}`)
  );
}
function typeOf(w: World, t: DbObject<"table">): QualifiedName | null {
  const o = w.objects.get(encode({ kind: "typedTable", schema: t.id.schema, name: t.id.name }));
  return o && isKind(o, "typedTable") ? o.attributes.type : null;
}

/** What CREATE TABLE does not say of a column. */
function alterColumn(w: World, t: DbObject<"table">, c: DbObject<"column">, inSchema: InSchema): void {
  const a = c.attributes;
  const alter = (sql: string): void =>
    inSchema(c.id.schema, `alter table only ${qq(t.id)} alter column ${q(c.id.name)} ${sql}`);
  // A column that a parent has too takes the parent's default where it has none of its own.
  if (t.attributes.inherits.length > 0 && !a.generated && !a.identity)
    alter(a.default ? `set default ${bracketed(a.default)}` : "drop default");
  if (a.storage) alter(`set storage ${a.storage}`);
  if (a.compression && typeOf(w, t)) alter(`set compression ${a.compression}`);
  if (a.statistics !== null) alter(`set statistics ${a.statistics}`);
  if (Object.keys(a.options).length > 0) alter(`set${options(a.options, "")}`);
}

function column(w: World, c: DbObject<"column">): string {
  const a = c.attributes;
  return (
    `${q(c.id.name)} ${a.type.sql}` +
    foreignOptions(a.foreignOptions) +
    by(w.major >= 14 && a.compression && `compression ${a.compression}`) +
    by(a.collation && `collate ${qq(a.collation)}`) +
    columnRules(c)
  );
}
function columnRules(c: DbObject<"column">): string {
  const { notNull: n, default: initial, identity, generated } = c.attributes;
  const name = identity?.name ? `sequence name ${qq(identity.name)} ` : "";
  return (
    by(
      n &&
        n.validated &&
        `${n.name === null ? "" : `constraint ${q(n.name)} `}not null${n.noInherit ? " no inherit" : ""}`,
    ) +
    by(initial && `default ${bracketed(initial)}`) +
    by(identity && `generated ${identity.generation} as identity (${name}${sequenceOptions(identity.options)})`) +
    by(generated && `generated always as ${bracketed(generated.expression)} ${generated.storage}`)
  );
}

/** NOT NULL constraints that are not valid can only be added to a table that is there. */
export function lateNotNulls(w: World): readonly string[] {
  return of(w, "column").flatMap((c) => {
    const n = c.attributes.notNull;
    if (!n || n.validated) return [];
    const named = n.name === null ? "" : `constraint ${q(n.name)} `;
    return [
      `alter table ${table(c.id)} add ${named}not null ${q(c.id.name)}${n.noInherit ? " no inherit" : ""} not valid`,
    ];
  });
}
