/** Roles granted to roles. Whose they are is the member's: they are the project's where the member is. */
import type { Attributes, DbObject } from "../model/objects.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { text, truth } from "./parts/catalog.ts";
import type { Action } from "../model/plan.ts";
import type { Change, Room } from "./room.ts";

type Membership = DbObject<"membership">;
const options = ["admin", "inherit", "set"] as const;
/** From PostgreSQL 16 on several roles can each give the same membership, and it is all of that together. `by` null: who is connected. */
interface Given extends Attributes<"membership"> {
  readonly by: string | null;
}
const givenBy = (o: Membership): readonly Given[] =>
  o.facts?.["given"] === undefined ? [{ by: null, ...o.attributes }] : (JSON.parse(o.facts["given"]) as Given[]);
const by = (g: Given): string => (g.by === null ? "" : ` granted by ${name(g.by)}`);
const given = (o: Membership): string => `${name(o.id.role)} to ${name(o.id.member)}`;

function grant(o: Membership, g: Given): Action {
  const { admin, inherit, set } = g;
  const words =
    inherit === null
      ? admin
        ? " with admin option"
        : ""
      : ` with admin ${admin}, inherit ${inherit}${set ? "" : ", set false"}`;
  return action(`grant ${given(o)}${words}${by(g)}`);
}
const change: Change<"membership"> = (from, to) => {
  const { admin, inherit } = to.attributes;
  if (inherit === null)
    return quietly(
      ...(admin
        ? givenBy(to).map((g) => grant(to, g))
        : [action(`revoke admin option for ${name(to.id.role)} from ${name(to.id.member)}`)]),
    );
  const had = givenBy(from);
  return quietly(
    ...givenBy(to).flatMap((g) => {
      const changed = options.filter((a) => had.find((h) => h.by === g.by)?.[a] !== g[a]);
      const words = changed.map((a) => `${a} ${g[a]}`).join(", ");
      return changed.length ? [action(`grant ${given(to)} with ${words}${by(g)}`)] : [];
    }),
  );
};

/** The same options by whoever gave it: what is too much goes everywhere, what is missing comes to the first. */
function adopt(to: Membership, from: Membership): Membership {
  const had = givenBy(from);
  const { attributes: wanted } = to;
  if (wanted.inherit === null) return to;
  const option = (a: (typeof options)[number], g: Given, i: number): boolean =>
    wanted[a] === true && (g[a] === true || (i === 0 && !had.some((h) => h[a])));
  const all = had.map((g, i) => ({
    by: g.by,
    admin: option("admin", g, i),
    inherit: option("inherit", g, i),
    set: option("set", g, i),
  }));
  return { ...to, facts: { given: JSON.stringify(all) } };
}

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
    // What a superuser grants is granted by who made the server.
    sql: (_, version, roles) => `
select g.rolname::text as role, r.rolname::text as member, bool_or(m.admin_option)::text as admin,
  ${version < 160000 ? "null" : "bool_or(m.inherit_option)::text"} as inherit, ${version < 160000 ? "'true'" : "bool_or(m.set_option)::text"} as set,
  ${
    version < 160000
      ? "null"
      : `json_agg(json_build_object('by', case when m.grantor <> (select case when i.rolsuper then 10 else i.oid end from pg_roles i where i.rolname = current_user)
    then pg_get_userbyid(m.grantor) end, 'admin', m.admin_option, 'inherit', m.inherit_option, 'set', m.set_option) order by m.grantor)::text`
  } as given,
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
      ...(row["given"] == null ? {} : { facts: { given: row["given"] } }),
    }),
  },
  create: (o) => givenBy(o).map((g) => grant(o, g)),
  drop: (o) => givenBy(o).map((g) => action(`revoke ${name(o.id.role)} from ${name(o.id.member)}${by(g)}`)),
  adopt,
  change: { admin: change, inherit: change, set: change },
  describe: () => ({ at: "owner" }),
};
