/** Comments, written once for every kind that can have one. */
import type { DbObject, Id, QualifiedName } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import type { Lock } from "../model/plan.ts";
import { dollar, literal, name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { modelledTable, ofExtension, text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import type { CatalogNames, Room, Row } from "./room.ts";

type Target = DbObject<"comment">["id"]["target"];

/** How COMMENT ON names it. */
function targetText(id: Target): string {
  switch (id.kind) {
    case "schema":
    case "extension":
      return `${id.kind} ${name(id.name)}`;
    case "table":
    case "sequence":
    case "domain":
      return `${id.kind} ${qualified(id)}`;
    case "enum":
      return `type ${qualified(id)}`;
    case "index":
      return `index ${qualified(id)}`;
    case "column":
      return `column ${qualified(tableOf(id))}.${name(id.name)}`;
    case "domainCheck":
      return `constraint ${name(id.name)} on domain ${qualified({ schema: id.schema, name: id.domain })}`;
    case "primaryKey":
    case "unique":
    case "foreignKey":
    case "check":
    case "exclude":
      return `constraint ${name(id.name)} on ${qualified(tableOf(id))}`;
    case "sequenceOwner":
    case "replicaIdentity":
      throw new Error(`a ${id.kind} has no comment`);
  }
}

const tableOf = (id: { readonly schema: string; readonly table: string }): QualifiedName => ({
  schema: id.schema,
  name: id.table,
});

/** What COMMENT ON locks, and how: relations against each other's changes, everything else hardly. */
function lockOf(id: Target): { readonly lock: Lock; readonly on: readonly Id[] } {
  switch (id.kind) {
    case "table":
    case "sequence":
    case "index":
      return { lock: "share update exclusive", on: [id] };
    case "column":
      return { lock: "share update exclusive", on: [{ kind: "table", ...tableOf(id) }] };
    case "primaryKey":
    case "unique":
    case "foreignKey":
    case "check":
    case "exclude":
      return { lock: "access share", on: [{ kind: "table", ...tableOf(id) }] };
    case "schema":
    case "extension":
    case "enum":
    case "domain":
    case "domainCheck":
    case "sequenceOwner":
    case "replicaIdentity":
      return { lock: "none", on: [] };
  }
}

const statement = (target: Target, comment: string | null) =>
  action(
    `comment on ${targetText(target)} is ${comment === null ? "null" : literal(comment).trimStart()}`,
    lockOf(target),
  );

/** What an extension's control file says about it stands there again once nothing else does. */
const restore = (extension: string): string =>
  `do ${dollar(
    `begin execute pg_catalog.format('comment on extension %I is %L', ${literal(extension).trim()}::text, ` +
      `(select comment from pg_catalog.pg_available_extensions where name = ${literal(extension).trim()})); end`,
  )}`;

/** Kinds of targets by their letter in the catalog query. */
const constraintKinds = { p: "primaryKey", u: "unique", f: "foreignKey", c: "check", x: "exclude" } as const;

function readTarget(row: Row, names: CatalogNames): Target {
  const what = text(row, "what");
  const own = text(row, "name");
  const schema = row["schema"] ?? "";
  const table = row["table"] ?? "";
  switch (what) {
    case "schema":
    case "extension":
      return { kind: what, name: own };
    case "enum":
    case "domain":
    case "sequence":
    case "table":
      return { kind: what, schema, name: own };
    case "column":
      return { kind: what, schema, table, name: names.column(text(row, "relation"), text(row, "number")).name };
    case "index":
      return { kind: what, schema, table, name: own };
    case "domainCheck":
      return { kind: what, schema, domain: table, name: own };
    case "p":
    case "u":
    case "f":
    case "c":
    case "x":
      return { kind: constraintKinds[what], schema, table, name: own };
    default:
      throw new Error(`a comment on an unknown kind of object: ${what}`);
  }
}

const catalog = (name: string): string => `'${name}'::regclass`;

export const comments: Room<"comment"> = {
  kind: "comment",
  // An inherited column that stops being different is not dropped, and would not take its comment along.
  owner: (o, all) => {
    const { target } = o.id;
    const on = all.get(encode(target));
    return on && isKind(on, "column") && !on.attributes.local ? { kind: "table", ...tableOf(on.id) } : target;
  },
  needs: (o) => [o.id.target],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    // What Postgres itself says about public, and what an extension's control file says about the extension, is no comment of ours.
    sql: (schemas) => `
select what, schema, "table", name, description as text, at::text as relation, part::text as number, '[]' as addresses from (
  select 'schema' as what, null as schema, null as "table", n.nspname as name, d.description, d.objoid as at, d.objsubid as part
  from pg_description d
  join pg_namespace n on n.oid = d.objoid
  where d.classoid = ${catalog("pg_namespace")} and (${schemas}) and n.oid <> pg_my_temp_schema()
    and not (n.nspname = 'public' and d.description = 'standard public schema') and not ${ofExtension("pg_namespace", "n.oid")}
  union all
  select 'extension', null, null, x.extname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_extension x on x.oid = d.objoid
  join pg_namespace n on n.oid = x.extnamespace
  left join pg_available_extensions() a on a.name = x.extname
  where d.classoid = ${catalog("pg_extension")} and x.extname <> 'plpgsql' and ((${schemas}) or n.nspname = 'pg_catalog')
    and n.oid <> pg_my_temp_schema() and d.description is distinct from a.comment
  union all
  select case t.typtype when 'e' then 'enum' else 'domain' end, n.nspname, null, t.typname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_type t on t.oid = d.objoid
  join pg_namespace n on n.oid = t.typnamespace
  where d.classoid = ${catalog("pg_type")} and t.typtype in ('e', 'd') and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
  union all
  select 'domainCheck', n.nspname, t.typname, k.conname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_constraint k on k.oid = d.objoid
  join pg_type t on t.oid = k.contypid
  join pg_namespace n on n.oid = t.typnamespace
  where d.classoid = ${catalog("pg_constraint")} and k.contype = 'c' and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
  union all
  select k.contype::text, n.nspname, c.relname, k.conname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_constraint k on k.oid = d.objoid
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  where d.classoid = ${catalog("pg_constraint")} and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conislocal and k.conparentid = 0
    and (${schemas}) and ${modelledTable("c")}
  union all
  select case when d.objsubid = 0 then 'table' else 'column' end, n.nspname, c.relname, c.relname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_class c on c.oid = d.objoid
  join pg_namespace n on n.oid = c.relnamespace
  where d.classoid = ${catalog("pg_class")} and (${schemas}) and ${modelledTable("c")}
  union all
  select 'index', n.nspname, c.relname, i.relname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_class i on i.oid = d.objoid
  join pg_index x on x.indexrelid = i.oid
  join pg_class c on c.oid = x.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  where d.classoid = ${catalog("pg_class")} and d.objsubid = 0 and (${schemas}) and ${modelledTable("c")}
    and x.indisvalid and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))
  union all
  select 'sequence', n.nspname, null, c.relname, d.description, d.objoid, d.objsubid
  from pg_description d
  join pg_class c on c.oid = d.objoid
  join pg_namespace n on n.oid = c.relnamespace
  where d.classoid = ${catalog("pg_class")} and d.objsubid = 0 and c.relkind = 'S' and (${schemas})
    and not exists (select from pg_depend p where p.classid = ${catalog("pg_class")} and p.objid = c.oid and (
      p.deptype = 'e' or p.deptype = 'i' and p.refclassid = ${catalog("pg_class")} and p.refobjsubid > 0))
) d
order by d.at, d.part`,
    read: (row, _, names) => ({
      id: { kind: "comment", target: readTarget(row, names) },
      attributes: { text: text(row, "text") },
      needs: [],
    }),
  },
  create: (o) => [statement(o.id.target, o.attributes.text)],
  drop: ({ id: { target } }) => [target.kind === "extension" ? action(restore(target.name)) : statement(target, null)],
  change: { text: (_, to) => quietly(statement(to.id.target, to.attributes.text)) },
  // What it is on says it; only public has no declaration that would.
  describe: (o) =>
    o.id.target.kind === "schema" && o.id.target.name === "public"
      ? {
          at: "file",
          declaration: {
            kind: "schema",
            name: nameNode("public"),
            doc: o.attributes.text,
            schema: null,
            span: nowhere,
          },
        }
      : { at: "owner" },
};
