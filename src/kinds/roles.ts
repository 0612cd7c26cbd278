/**
 * Roles, which belong to the whole server: one that is declared must exist. What a role is (attributes, memberships, settings) is the
 * project's only where the config says so; one that nobody declares is nobody's here.
 */
import type { Declarations } from "../../grammar/declarations.ts";
import type { DbObject, RoleOptions } from "../model/objects.ts";
import { dollar, literal, name } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { isKind } from "../model/database.ts";
import { action, quietly } from "./parts/action.ts";
import { json, text } from "./parts/catalog.ts";
import { momentInUtc } from "./parts/moments.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { keptValue, settingId } from "./parts/settings.ts";
import type { Declare, DeclareFile, Room } from "./room.ts";

/** A role as CREATE ROLE makes it. */
export const plainRole: RoleOptions = {
  login: false,
  superuser: false,
  createDb: false,
  createRole: false,
  inherit: true,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
};

const flags = {
  login: "login",
  superuser: "superuser",
  createDb: "createdb",
  createRole: "createrole",
  inherit: "inherit",
  replication: "replication",
  bypassRls: "bypassrls",
} as const satisfies Partial<Record<keyof RoleOptions, string>>;

/** The words that make the one of the other. */
function words(from: RoleOptions, to: RoleOptions): readonly string[] {
  const changed = (Object.keys(flags) as (keyof typeof flags)[])
    .filter((f) => from[f] !== to[f])
    .map((f) => (to[f] ? flags[f] : `no${flags[f]}`));
  if (from.connectionLimit !== to.connectionLimit) changed.push(`connection limit ${to.connectionLimit}`);
  if (from.validUntil !== to.validUntil)
    changed.push(`valid until ${literal(to.validUntil ?? "infinity").trimStart()}`);
  return changed;
}
function altered(o: DbObject<"role">, from: RoleOptions, to: RoleOptions): readonly Action[] {
  const changed = words(from, to);
  return changed.length ? [action(`alter role ${name(o.id.name)} with ${changed.join(" ")}`)] : [];
}

const quote = (s: string): string => literal(s).trimStart();

export const roles: Room<"role"> = {
  kind: "role",
  owner: () => null,
  needs: () => [],
  occupies: (o) => [`role ${o.id.name}`],
  evaluates: () => false,
  surrounds: true,
  silence: "another's",
  managed: (o) => o.attributes.options !== null,
  observe: {
    // 'infinity' is for ever too, though the catalog tells it from nothing.
    sql: (_, __, roles) => `
select r.rolname::text as name, case when ${roles} then json_build_object('login', rolcanlogin, 'superuser', rolsuper,
  'createDb', rolcreatedb, 'createRole', rolcreaterole, 'inherit', rolinherit, 'replication', rolreplication, 'bypassRls', rolbypassrls,
  'connectionLimit', rolconnlimit, 'validUntil', nullif(rolvaliduntil, 'infinity')::text)::text end as options, '[]' as addresses
from pg_roles r
where r.rolname !~ '^pg_'
order by r.rolname`,
    read: (row) => ({
      id: { kind: "role", name: text(row, "name") },
      attributes: { options: row["options"] == null ? null : json<RoleOptions>(row, "options") },
      needs: [],
    }),
  },
  // Other databases of the server may have it already.
  create: (o) => [
    action(
      `do ${dollar(
        `begin if not exists (select from pg_catalog.pg_roles where rolname = ${quote(o.id.name)}) then create role ${name(o.id.name)}; end if; end`,
      )}`,
    ),
    ...(o.attributes.options === null ? [] : altered(o, plainRole, o.attributes.options)),
  ],
  // It stays where something else on the server hangs on it, or where somebody made it one that can log in.
  drop: (o) => [
    action(
      `do ${dollar(
        `begin if exists (select from pg_catalog.pg_roles where rolname = ${quote(o.id.name)}${
          o.attributes.options?.login ? "" : " and not rolcanlogin"
        }) then drop role ${name(o.id.name)}; end if; ` +
          `exception when dependent_objects_still_exist then raise notice 'the role %s stays: something else on this server needs it', ${quote(o.id.name)}; end`,
      ).replace("%s", "%")}`,
      {
        hazards:
          o.attributes.options === null
            ? []
            : [
                {
                  code: "irreversible",
                  on: o.id,
                  detail: `The password of the role ${o.id.name}, if it has one, does not come back.`,
                },
              ],
      },
    ),
  ],
  change: {
    // Who manages it changes nothing in it.
    options: (from, to) =>
      quietly(
        ...(from.attributes.options && to.attributes.options
          ? altered(to, from.attributes.options, to.attributes.options)
          : []),
      ),
  },
  describe: (o, describe) => {
    const { options } = o.attributes;
    const children = describe.children(o.id);
    return {
      at: "file",
      declaration: {
        kind: "role",
        name: nameNode(o.id.name),
        flags:
          options === null
            ? []
            : (Object.keys(flags) as (keyof typeof flags)[])
                .filter((f) => options[f] !== plainRole[f])
                .map((f) => (f === "inherit" ? "noinherit" : flags[f])),
        connectionLimit: options && options.connectionLimit !== -1 ? String(options.connectionLimit) : null,
        validUntil: options?.validUntil ?? null,
        memberships: children.flatMap((c) => {
          if (!isKind(c, "membership")) return [];
          const { admin, inherit, set } = c.attributes;
          const said = [
            ...(admin ? [{ name: "admin", value: null }] : []),
            ...(inherit !== null && inherit !== (options?.inherit ?? true)
              ? [{ name: "inherit", value: String(inherit) }]
              : []),
            ...(set ? [] : [{ name: "set", value: "false" }]),
          ];
          return [{ role: nameNode(c.id.role), options: said.map((s) => ({ ...s, span: nowhere })), span: nowhere }];
        }),
        settings: children.flatMap((c) =>
          isKind(c, "setting")
            ? [{ name: c.id.name, value: c.attributes.value, inDatabase: c.id.inDatabase, span: nowhere }]
            : [],
        ),
        doc: null,
        schema: null,
        span: nowhere,
      },
    };
  },
};

/** As the catalog says it; null for ever. */
function validUntil(d: Declarations["role"], declare: Declare): string | null {
  if (d.validUntil === null || /^\s*infinity\s*$/i.test(d.validUntil)) return null;
  const at = momentInUtc(d.validUntil);
  if (at === null)
    declare.report(
      problem(
        "invalid-option",
        d.name.span,
        `Until when the role ${name(d.name.text)} is valid cannot be read: ${quote(d.validUntil)}.`,
        {
          help: "Write it like this: '2040-12-31 23:59:59+00', or 'infinity'.",
        },
      ),
    );
  return at;
}

/** Before 16 a membership is inherited as its member inherits, and is always for SET ROLE: Postgres could not be told otherwise. */
function refuseNewer(
  { options }: Declarations["role"]["memberships"][number],
  { inherit }: RoleOptions,
  declare: Declare,
): void {
  if (declare.version >= 160000) return;
  const before: Readonly<Record<string, boolean>> = { inherit, set: true };
  for (const o of options) {
    const said = o.value !== "false";
    if ((before[o.name] ?? said) === said) continue;
    const message = `A membership with ${o.name} = ${said} needs PostgreSQL 16.`;
    const help = `Before, a role ${said ? "with" : "without"} noinherit ${said ? "inherits from none" : "inherits from all"} that it is a member of.`;
    declare.report(problem("needs-newer-postgres", o.span, message, o.name === "inherit" ? { help } : {}));
  }
}

export const declareRole: DeclareFile<"role"> = (d, declare) => {
  const id = { kind: "role", name: declare.name(d.name) } as const;
  const managed = declare.manages(id.name);
  const said = new Set<string>(d.flags);
  const options: RoleOptions = {
    login: said.has("login"),
    superuser: said.has("superuser"),
    createDb: said.has("createdb"),
    createRole: said.has("createrole"),
    inherit: !said.has("noinherit"),
    replication: said.has("replication"),
    bypassRls: said.has("bypassrls"),
    connectionLimit: d.connectionLimit === null ? -1 : Number(d.connectionLimit),
    validUntil: validUntil(d, declare),
  };
  declare.add({ id, attributes: { options: managed ? options : null }, needs: [] }, d.name.span);
  if (!managed) return;
  const before16 = declare.version < 160000;
  for (const m of d.memberships) {
    const role = declare.role(m.role);
    const off = (option: string): boolean => m.options.some((o) => o.name === option && o.value === "false");
    const on = (option: string): boolean => m.options.some((o) => o.name === option) && !off(option);
    refuseNewer(m, options, declare);
    const attributes = {
      admin: on("admin"),
      inherit: before16 ? null : on("inherit") || (options.inherit && !off("inherit")),
      set: before16 || !off("set"),
    };
    // It would never be seen: see the observer of memberships.
    if (attributes.admin && attributes.inherit === false && !attributes.set)
      declare.report(
        problem("invalid-option", m.span, "Nothing but admin is what Postgres itself gives to whoever makes a role.", {
          help: "Add inherit or set, or leave the membership out.",
        }),
      );
    declare.add({ id: { kind: "membership", role, member: id.name }, attributes, needs: [] }, m.span);
  }
  for (const s of d.settings)
    declare.add(
      {
        id: { kind: "setting", role: id.name, inDatabase: s.inDatabase, name: settingId(s.name) },
        attributes: { value: keptValue(s.name, s.value) },
        needs: [],
      },
      s.span,
    );
};
