/** Plain SQL for owners, privileges, settings and event triggers: what is said when everything is there. */
import type { DbObject, Id, Privilege, QualifiedName, TargetKind } from "../../src/model/objects.ts";
import { ownerOf } from "./propose-access.ts";
import { by, q, qq, table, text } from "./render-text.ts";
import { of, type World } from "./world.ts";

const routine = (id: QualifiedName & { readonly arguments: readonly string[] }): string =>
  `${qq(id)}(${id.arguments.join(", ")})`;

/** As ALTER names it. */
export function named(id: Id<TargetKind>): string {
  switch (id.kind) {
    case "schema":
    case "server":
      return `${id.kind} ${q(id.name)}`;
    case "enum":
    case "composite":
    case "range":
    case "baseType":
      return `type ${qq(id)}`;
    case "textSearchDictionary":
      return `text search dictionary ${qq(id)}`;
    case "textSearchConfiguration":
      return `text search configuration ${qq(id)}`;
    case "materializedView":
      return `materialized view ${qq(id)}`;
    case "trigger":
      return `trigger ${q(id.name)} on ${table(id)}`;
    case "aggregate":
      return `aggregate ${qq(id)}(${id.arguments.join(", ") || "*"})`;
    case "function":
    case "procedure":
      return `${id.kind} ${routine(id)}`;
    case "domain":
    case "collation":
    case "statistics":
    case "sequence":
    case "table":
    case "index":
    case "view":
    case "conversion":
      return `${id.kind} ${qq(id)}`;
    case "operatorFamily":
    case "operatorClass":
      return `operator ${id.kind.slice(8).toLowerCase()} ${qq(id)} using ${q(id.method)}`;
    case "operator":
      return `operator ${q(id.schema)}.${id.name} (${id.left ?? "none"}, ${id.right ?? "none"})`;
    default:
      throw new Error(`nothing that is altered here: ${id.kind}`);
  }
}
/** As GRANT names it. */
function granted(id: Id<TargetKind>): string {
  switch (id.kind) {
    case "column":
      return `table ${qq({ schema: id.schema, name: id.table })}`;
    case "table":
    case "view":
    case "materializedView":
      return `table ${qq(id)}`;
    case "enum":
    case "domain":
    case "composite":
    case "range":
    case "baseType":
      return `type ${qq(id)}`;
    case "aggregate":
      return `function ${routine(id)}`;
    case "server":
      return `foreign server ${q(id.name)}`;
    case "foreignDataWrapper":
      return `foreign data wrapper ${q(id.name)}`;
    default:
      return named(id);
  }
}

function grant(w: World, o: DbObject<"grant">): readonly string[] {
  const { target, grantee, grantor } = o.id;
  const owner = ownerOf(w, target);
  const who =
    grantee === "public" ? grantee : grantee !== null ? q(grantee) : owner === null ? "current_user" : q(owner);
  const on = granted(target);
  const list = (all: readonly Privilege[]): string =>
    all.map((p) => (target.kind === "column" ? `${p} (${q(target.name)})` : p)).join(", ");
  const { privileges, grantable } = o.attributes;
  const plain = privileges.filter((p) => !grantable.includes(p));
  const said = [
    ...(target.kind === "column" || grantor !== null ? [] : [`revoke all on ${on} from ${who}`]),
    ...(plain.length > 0 ? [`grant ${list(plain)} on ${on} to ${who}`] : []),
    ...(grantable.length > 0 ? [`grant ${list(grantable)} on ${on} to ${who} with grant option`] : []),
  ];
  return grantor === null ? said : [`set role ${q(grantor)}`, ...said, "reset role"];
}

/** First of all: whatever is there may be given to them. */
export function renderRoles(w: World, out: string[]): void {
  for (const { id, attributes } of of(w, "role")) {
    const o = attributes.options;
    if (o === null) continue;
    const flag = (is: boolean, word: string): string => `${is ? "" : "no"}${word}`;
    out.push(
      `create role ${q(id.name)} ${[
        flag(o.login, "login"),
        flag(o.superuser, "superuser"),
        flag(o.createDb, "createdb"),
        flag(o.createRole, "createrole"),
        flag(o.inherit, "inherit"),
        flag(o.replication, "replication"),
        flag(o.bypassRls, "bypassrls"),
      ].join(" ")} connection limit ${o.connectionLimit}${by(o.validUntil && `valid until ${text(o.validUntil)}`)}`,
    );
  }
  for (const { id, attributes } of of(w, "membership")) {
    const { admin, inherit, set } = attributes;
    const options =
      inherit === null ? by(admin && "with admin option") : ` with admin ${admin}, inherit ${inherit}, set ${set}`;
    out.push(`grant ${q(id.role)} to ${q(id.member)}${options}`);
  }
}

function setting({ id, attributes }: DbObject<"setting">): string {
  const name = id.name.split(".").map(q).join(".");
  const value = id.name === "search_path" ? attributes.value : text(attributes.value);
  const what = `set ${name} to ${value}`;
  if (!id.inDatabase) return `alter role ${q(id.role ?? "")} ${what}`;
  const whose =
    id.role === null ? "alter database %I " : `alter role ${q(id.role).replaceAll("%", "%%")} in database %I `;
  return `do $set$ begin execute pg_catalog.format(${text(whose)}, pg_catalog.current_database()) || ${text(what)}; end $set$`;
}

export function renderAccess(w: World, out: string[]): void {
  for (const o of of(w, "owner")) out.push(`alter ${named(o.id.target)} owner to ${q(o.attributes.role)}`);
  // Revoking from a table takes from its columns too; who grants on must have it first.
  const rank = (o: DbObject<"grant">): number => (o.id.grantor !== null ? 2 : o.id.target.kind === "column" ? 1 : 0);
  for (const o of [...of(w, "grant")].sort((a, b) => rank(a) - rank(b))) out.push(...grant(w, o));
  for (const o of of(w, "defaultPrivilege")) {
    const { role, inSchema, things, grantee } = o.id;
    const head = `alter default privileges for role ${q(role)}${inSchema === null ? "" : ` in schema ${q(inSchema)}`}`;
    const who = grantee === "public" ? grantee : q(grantee ?? role);
    const { privileges, grantable } = o.attributes;
    const plain = privileges.filter((p) => !grantable.includes(p));
    out.push(`${head} revoke all on ${things} from ${who}`);
    if (plain.length > 0) out.push(`${head} grant ${plain.join(", ")} on ${things} to ${who}`);
    if (grantable.length > 0)
      out.push(`${head} grant ${grantable.join(", ")} on ${things} to ${who} with grant option`);
  }
  out.push(...of(w, "setting").map(setting));
  for (const o of of(w, "eventTrigger")) {
    const { event, tags, function: f, firing } = o.attributes;
    const when = tags.length > 0 ? ` when tag in (${tags.map(text).join(", ")})` : "";
    out.push(`create event trigger ${q(o.id.name)} on ${event}${when} execute function ${qq(f)}()`);
    const how = { enabled: "enable", disabled: "disable", replica: "enable replica", always: "enable always" }[firing];
    if (firing !== "enabled") out.push(`alter event trigger ${q(o.id.name)} ${how}`);
  }
}
