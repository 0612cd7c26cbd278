/** Policies of row level security. Roles and conditions change in place; what a policy is for, and how it counts, makes it anew. */
import type { PolicyNode } from "../../grammar/declarations.ts";
import type { Action } from "../model/plan.ts";
import type { DbObject } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, modelledTable, text, truth, made } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { fragmentNode, nameNode, nowhere } from "./parts/nodes.ts";
import { declareRoles, describeRoles, meantRoles, readRoles, roleColumns, roleNeeds, roleText } from "./parts/roles.ts";
import { columnsOfTable, isNew, schemaColumn, tableOf } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { Change, Context, Declare, DeclareMember, Room } from "./room.ts";

type Policy = DbObject<"policy">;
type Command = Policy["attributes"]["command"];

const commands: Readonly<Record<string, Command>> = { "*": "all", r: "select", a: "insert", w: "update", d: "delete" };

function readCommand(code: string): Command {
  const command = commands[code];
  if (command === undefined) throw new Error(`pg_policy holds an unknown command ${code}`);
  return command;
}

const on = (o: Policy): string => `${name(o.id.name)} on ${qualified(tableOf(o.id))}`;
function locked(o: Policy, context: Context): Partial<Action> {
  const fresh = isNew(tableOf(o.id), context);
  return { lock: fresh ? "none" : "access exclusive", on: fresh ? [] : [tableOf(o.id)] };
}
const to = (o: Policy): string => ` to ${o.attributes.roles.map(roleText).join(", ")}`;
const conditions = ({ using, check }: Partial<Policy["attributes"]>): string =>
  (using ? ` using ${bracketed(using.sql)}` : "") + (check ? ` with check ${bracketed(check.sql)}` : "");

/** ALTER POLICY says one thing in place of another, and cannot take a condition away. */
const alter: Change<"policy"> = (from, is, changed, context) => {
  const [was, a] = [from.attributes, is.attributes];
  if ((was.using && !a.using) || (was.check && !a.check)) return "replace";
  const said = {
    using: changed.has("using") ? a.using : null,
    check: changed.has("check") ? a.check : null,
  };
  return quietly(
    action(`alter policy ${on(is)}${changed.has("roles") ? to(is) : ""}${conditions(said)}`, {
      ...locked(is, context),
      path: pathOf(said.using, said.check),
    }),
  );
};

export const policies: Room<"policy"> = {
  kind: "policy",
  owner: (o) => tableOf(o.id),
  needs: (o) => [tableOf(o.id), ...roleNeeds(o.attributes.roles)],
  // Without its policies, a table that is still secured shows nothing.
  follows: (o, role) =>
    role === "drop" ? [{ id: { kind: "rowSecurity", schema: o.id.schema, name: o.id.table }, roles: ["drop"] }] : [],
  occupies: (o) => [`policy ${on(o)}`],
  evaluates: () => true,
  observe: {
    there: made("pg_policy"),
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as table, p.polname::text as name, p.polpermissive::text as permissive,
  p.polcmd::text as command, pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
  ${roleColumns("p.polroles")}, ${address("pg_policy", "p.oid")} as addresses
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where ${modelledTable("c")} and (${schemas})
order by 1, 2, 3`,
    read: (row) => {
      const [using, check] = [row["using"] ?? null, row["check"] ?? null];
      return {
        id: { kind: "policy", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
        attributes: {
          permissive: truth(row, "permissive"),
          command: readCommand(text(row, "command")),
          roles: readRoles(text(row, "roles")),
          using: using === null ? null : deparsed(using),
          check: check === null ? null : deparsed(check),
        },
        needs: [],
        facts: { current_user: text(row, "current_user_name"), session_user: text(row, "session_user_name") },
      };
    },
  },
  create: (o, context) => {
    const a = o.attributes;
    return [
      action(
        `create policy ${on(o)}` +
          (a.permissive ? "" : " as restrictive") +
          (a.command === "all" ? "" : ` for ${a.command}`) +
          (same(a.roles, ["public"]) ? "" : to(o)) +
          conditions(a),
        { ...locked(o, context), path: pathOf(a.using, a.check) },
      ),
    ];
  },
  drop: (o, context) => [action(`drop policy ${on(o)}`, locked(o, context))],
  change: {
    permissive: () => "replace",
    command: () => "replace",
    roles: alter,
    using: alter,
    check: alter,
  },
  adopt: (wanted, from) => {
    const roles = meantRoles(wanted.attributes.roles, from.facts);
    return roles === wanted.attributes.roles ? wanted : { ...wanted, attributes: { ...wanted.attributes, roles } };
  },
  describe: (o, describe) => {
    const a = o.attributes;
    return {
      at: "member",
      member: {
        kind: "policy",
        name: nameNode(o.id.name),
        was: null,
        restrictive: !a.permissive,
        command: a.command === "all" ? null : a.command,
        roles: describeRoles(a.roles),
        using: a.using && fragmentNode(a.using),
        check: a.check && fragmentNode(a.check),
        doc: describe.comment(o.id),
        span: nowhere,
      },
    };
  },
};

/** Which rows a command sees, and which it leaves behind: not every command does both. */
function judge(m: PolicyNode, declare: Declare): void {
  const wrong =
    m.command === "insert" && m.using
      ? {
          at: m.using.span,
          message: "A policy for insert has no using: there are no rows to look at yet.",
          help: "Write with check (…).",
        }
      : (m.command === "select" || m.command === "delete") && m.check
        ? {
            at: m.check.span,
            message: `A policy for ${m.command} has no with check: no row comes of it.`,
            help: "Write using (…).",
          }
        : null;
  if (wrong) declare.report(problem("invalid-option", wrong.at, wrong.message, { help: wrong.help }));
}

export const declarePolicy: DeclareMember<"policy"> = (m, table, declare) => {
  judge(m, declare);
  const columns = new Set(table.columns.keys());
  const uses = [m.using, m.check].flatMap((f) => (f ? [declare.uses(f, columns)] : []));
  const id = {
    kind: "policy",
    schema: table.table.schema,
    table: table.table.name,
    name: declare.name(m.name),
  } as const;
  const hints = {
    ...(m.was ? { was: m.was.text } : {}),
    ...(uses.some((u) => u.stars) ? { followsColumns: true as const } : {}),
  };
  declare.add(
    {
      id,
      attributes: {
        permissive: !m.restrictive,
        command: m.command ?? "all",
        roles: declareRoles(m.roles, declare),
        using: m.using && declare.fragment(m.using),
        check: m.check && declare.fragment(m.check),
      },
      needs: uses.flatMap((u) => [...columnsOfTable(table.table, u.columns), ...u.needs]),
      ...(Object.keys(hints).length ? { hints } : {}),
    },
    m.name.span,
  );
  declare.comment(id, m.doc, m.span);
};
