/** Roles granted to roles. Whose they are is the member's: they are the project's where the member is. */
import type { DbObject } from "../model/objects.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { text, truth } from "./parts/catalog.ts";
import type { Action } from "../model/plan.ts";
import type { Change, Room } from "./room.ts";

type Membership = DbObject<"membership">;
const given = (o: Membership): string => `${name(o.id.role)} to ${name(o.id.member)}`;

function grant(o: Membership): Action {
  const { admin, inherit, set } = o.attributes;
  const options =
    inherit === null
      ? admin
        ? " with admin option"
        : ""
      : ` with admin ${admin}, inherit ${inherit}${set ? "" : ", set false"}`;
  return action(`grant ${given(o)}${options}`);
}
const change: Change<"membership"> = (from, to) =>
  to.attributes.inherit === null
    ? quietly(
        to.attributes.admin
          ? grant(to)
          : action(`revoke admin option for ${name(to.id.role)} from ${name(to.id.member)}`),
      )
    : quietly(
        action(
          `grant ${given(to)} with ${(["admin", "inherit", "set"] as const)
            .filter((a) => from.attributes[a] !== to.attributes[a])
            .map((a) => `${a} ${to.attributes[a]}`)
            .join(", ")}`,
        ),
      );

export const memberships: Room<"membership"> = {
  kind: "membership",
  owner: (o) => ({ kind: "role", name: o.id.member }),
  needs: (o) => [
    { kind: "role", name: o.id.member },
    { kind: "role", name: o.id.role },
  ],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    // Whoever makes a role without being a superuser gets to administer it, by Postgres itself (16).
    sql: (_, version, roles) => `
select g.rolname::text as role, r.rolname::text as member, bool_or(m.admin_option)::text as admin,
  ${version < 160000 ? "null" : "bool_or(m.inherit_option)::text"} as inherit, ${version < 160000 ? "'true'" : "bool_or(m.set_option)::text"} as set,
  '[]' as addresses
from pg_auth_members m
join pg_roles g on g.oid = m.roleid
join pg_roles r on r.oid = m.member
where ${roles} and r.rolname !~ '^pg_'${version < 160000 ? "" : " and not (m.grantor = 10 and m.admin_option and not m.inherit_option and not m.set_option)"}
group by 1, 2
order by 2, 1`,
    read: (row) => ({
      id: { kind: "membership", role: text(row, "role"), member: text(row, "member") },
      attributes: {
        admin: truth(row, "admin"),
        inherit: row["inherit"] == null ? null : truth(row, "inherit"),
        set: truth(row, "set"),
      },
      needs: [],
    }),
  },
  create: (o) => [grant(o)],
  drop: (o) => [action(`revoke ${name(o.id.role)} from ${name(o.id.member)}`)],
  change: { admin: change, inherit: change, set: change },
  describe: () => ({ at: "owner" }),
};
