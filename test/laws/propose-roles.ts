/** Roles, and which of them are in which. They belong to a whole server: only where each side has its own are some made up. */
import type { DbObject, Id } from "../../src/model/objects.ts";
import type { Rng } from "./rng.ts";
import { has, lawRoles, of, roleNeeds, type World } from "./world.ts";

export function proposeRole(r: Rng, w: World, id?: Id<"role">): DbObject<"role"> | null {
  const free = w.roles.filter((name) => !has(w, { kind: "role", name }));
  if (!id && free.length === 0) return null;
  return {
    id: id ?? { kind: "role", name: r.pick(free) },
    attributes: {
      options: {
        login: r.chance(0.4),
        superuser: r.chance(0.2),
        createDb: r.chance(0.3),
        createRole: r.chance(0.3),
        inherit: r.chance(0.7),
        replication: r.chance(0.2),
        bypassRls: r.chance(0.3),
        connectionLimit: r.pick([-1, -1, 0, 7]),
        validUntil: r.pick([null, null, "2040-01-01 00:00:00+00", "2041-06-30 12:34:56.5+00"]),
      },
    },
    needs: [],
  };
}

/** Of one role in another that comes before it, so that none is in itself. */
export function proposeMembership(r: Rng, w: World, id?: Id<"membership">): DbObject<"membership"> | null {
  const made = of(w, "role").map((o) => o.id.name);
  if (!id && made.length === 0) return null;
  const before = (name: string): readonly string[] => w.roles.slice(0, w.roles.indexOf(name));
  const member = id ? id.member : r.pick(made);
  const role = id ? id.role : r.pick([...lawRoles, ...before(member).filter((name) => made.includes(name))]);
  const admin = r.chance(0.4);
  const inherit = r.chance(0.6);
  return {
    id: { kind: "membership", role, member },
    attributes: {
      admin,
      inherit: w.major < 16 ? null : inherit,
      // That of administering alone is what Postgres itself gives to whoever makes a role (16), and is nobody's to say.
      set: w.major < 16 || (admin && !inherit) || r.chance(0.6),
    },
    needs: roleNeeds(w, member, role),
  };
}

/** A few of each. */
export function proposeRoles(r: Rng, w: World, add: (o: DbObject | null) => void): void {
  if (w.roles.length === 0) return;
  for (let n = r.int(4); n > 0; n--) add(proposeRole(r, w));
  for (let n = r.int(4); n > 0; n--) add(proposeMembership(r, w));
}
