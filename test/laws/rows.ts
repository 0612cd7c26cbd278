/** Rows in made-up tables: a few put in before a change, and looked at again after it. */
import type { Connection } from "../../src/run/connection.ts";
import { isKind, same, type Database } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { QualifiedName } from "../../src/model/objects.ts";
import { literal, name, qualified } from "../../src/sql.ts";
import type { Rng } from "./rng.ts";
import { infoOf, type TypeInfo } from "./types.ts";
import { allColumns, of, ownTables, tableOf, type World } from "./world.ts";

/** A value of the type as an SQL expression; null: none that is surely right. */
function value(r: Rng, type: TypeInfo): string | null {
  if (type.enum && !type.element) return literal(r.pick(type.enum.attributes.labels)).trim();
  switch (type.class) {
    case "int":
    case "numeric":
    case "float":
      return String(r.int(50));
    case "text":
      return r.pick(["'a'", "'b'", "'abc'", "'x'", "'Ab C'"]);
    case "bool":
      return r.pick(["true", "false"]);
    case "date":
    case "timestamp":
    case "timestamptz":
      return `'2024-0${1 + r.int(9)}-1${r.int(10)}'`;
    case "interval":
      return `'${1 + r.int(9)} days'`;
    case "uuid":
      return "gen_random_uuid()";
    case "jsonb":
      return r.pick([`'{}'`, `'{"a": 1, "k": "v"}'`]);
    case "bytea":
      return `'\\x0${r.int(10)}'`;
    case "inet":
      return `'10.0.0.${r.int(200)}'`;
    case "array":
      return "'{}'";
    case "range":
      return "'empty'";
    case "point":
      return `'(${r.int(9)},1)'`;
    case "tsvector":
      return "'a b'";
    case "bits":
    case "hstore":
    case "enum":
    case "other":
      return null;
  }
}

const dollar = (body: string): string => `$rows$${body}$rows$`;

/** Puts up to four rows into every table; what the table's own rules refuse stays out. How many there are now. */
export async function fill(connection: Connection, w: World, r: Rng, skip: Skip): Promise<number> {
  const inserts: string[] = [];
  const tables = ownTables(w).filter((t) => !skip(t.id));
  for (const t of [...tables, ...tables])
    for (let n = 2; n > 0; n--) {
      const columns = allColumns(w, t.id).filter((c) => !c.attributes.generated && !c.attributes.identity);
      const insert = (share: number): string => {
        const said = columns.flatMap((c) => {
          const type = infoOf(w, c.attributes.type.sql);
          const key = of(w, "foreignKey").find(
            (k) => k.id.schema === t.id.schema && k.id.table === t.id.name && k.attributes.columns.includes(c.id.name),
          );
          const target = key?.attributes.referencedColumns[key.attributes.columns.indexOf(c.id.name)];
          const v =
            key && target !== undefined
              ? `(select ${name(target)} from ${qualified(key.attributes.references)} limit 1)`
              : type && value(r, type);
          const wanted = c.attributes.notNull !== null ? c.attributes.default === null : r.chance(share);
          return v && wanted ? [{ column: name(c.id.name), v }] : [];
        });
        const what =
          said.length > 0
            ? `(${said.map((s) => s.column).join(", ")}) values (${said.map((s) => s.v).join(", ")})`
            : "default values";
        return `insert into ${qualified(t.id)} ${what}; set constraints all immediate;`;
      };
      // What is refused in full may do with less.
      const less = `begin ${insert(0)} exception when others then null; end;`;
      inserts.push(`begin ${insert(0.6)} exception when others then ${less} end;`);
    }
  if (inserts.length === 0) return 0;
  await connection.query(`do ${dollar(`begin ${inserts.join("\n")} end`)}`);
  const counts = tables.map((t) => `(select count(*) from only ${qualified(t.id)})`);
  return Number((await connection.query(`select (${counts.join(" + ")})::text as n`))[0]?.rows[0]?.["n"]);
}
/** Makes every table there is empty, but those that are passed over, and with them the materialized views on them. */
export async function empty(connection: Connection, skip: Skip): Promise<void> {
  const [found] = await connection.query(
    "select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
      "where c.relkind = 'r' and c.oid >= 16384 and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'schemac')",
  );
  const tables = (found?.rows ?? []).map((t) => ({ schema: t["schema"] ?? "", name: t["name"] ?? "" }));
  const emptied = tables.filter((t) => !skip(t)).map(qualified);
  if (emptied.length > 0) await connection.query(`truncate ${emptied.join(", ")} cascade; ${refreshed}`);
}
/** In the order they were made in, so that one on another comes after it. What cannot be computed stays as it is. */
const refreshed = `do ${dollar(
  "declare v regclass; begin for v in select oid from pg_class where relkind = 'm' and relispopulated and oid >= 16384 order by oid " +
    "loop begin execute format('refresh materialized view %s', v); exception when others then null; end; end loop; end",
)}`;

/** Tables of which either of two databases declares the rows: nobody else writes there. */
export function declaredOf(...databases: readonly Database[]): Skip {
  const all = new Set(databases.flatMap((d) => d.objects.flatMap((o) => (isKind(o, "rows") ? [qualified(o.id)] : []))));
  return (t) => all.has(qualified(t));
}
export type Skip = (table: QualifiedName) => boolean;

/** What stands in the tables whose rows are declared, as far as it is. */
export function declaredRows(d: Database): string | null {
  const queries = d.objects.flatMap((o) => {
    if (!isKind(o, "rows")) return [];
    const columns = [...new Set(Object.values(o.attributes.rows).flatMap((row) => Object.keys(row)))].sort().map(name);
    return [
      `select ${literal(`rows ${qualified(o.id)} `)} || coalesce(string_agg(x, '|' order by x collate "C"), '') as line from (select row(${columns.join(", ")})::text as x from only ${qualified(o.id)}) s`,
    ];
  });
  return queries.length === 0 ? null : queries.join(" union all ");
}

/** What must be in the tables before and after: columns that both databases have, of the same type. */
export function keptRows(a: Database, b: Database, skip: Skip): string | null {
  const after = new Map(b.objects.map((o) => [encode(o.id), o]));
  const tables = new Map<string, { name: string; columns: string[] }>();
  const enums = a.objects.filter((o) => ["enum", "domain", "composite", "range", "baseType"].includes(o.id.kind));
  const changed = enums.some((o) => !same(o.attributes, after.get(encode(o.id))?.attributes));
  for (const o of a.objects) {
    if (!isKind(o, "column") || !o.attributes.local || o.attributes.generated) continue;
    const x = after.get(encode(o.id));
    const table = after.get(encode({ kind: "table", schema: o.id.schema, name: o.id.table }));
    const foreign = table && isKind(table, "table") && table.attributes.server !== null;
    if (
      !x ||
      !isKind(x, "column") ||
      !table ||
      foreign ||
      x.attributes.generated ||
      !same(x.attributes.type, o.attributes.type)
    )
      continue;
    // A label that went may have been replaced in the rows.
    if (changed && o.attributes.type.sql.includes(".")) continue;
    if (skip(tableOf(o))) continue;
    const t = qualified(tableOf(o));
    const entry = tables.get(t) ?? { name: t, columns: [] };
    entry.columns.push(name(o.id.name));
    tables.set(t, entry);
  }
  const queries = [...tables.values()].map(
    (t) =>
      `select ${literal(t.name)} as t, count(*)::text as n, coalesce(string_agg(x, '|' order by x collate "C"), '') as x from (select row(${t.columns.sort().join(", ")})::text as x from only ${t.name}) s`,
  );
  return queries.length === 0 ? null : queries.join(" union all ");
}
