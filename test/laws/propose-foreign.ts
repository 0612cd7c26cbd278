/** Foreign data wrappers, servers, user mappings and subscriptions. */
import type { DbObject, ForeignOptions, Id } from "../../src/model/objects.ts";
import { freshName, texts } from "./names.ts";
import type { Rng } from "./rng.ts";
import { has, of, roleNeeds, type World } from "./world.ts";

const namesOf = (w: World, kind: "foreignDataWrapper" | "server" | "subscription"): Set<string> =>
  new Set(of(w, kind).map((o) => o.id.name));
/** In one order, because one in another is no difference. */
export const someOptions = (r: Rng, names: readonly string[]): ForeignOptions =>
  Object.fromEntries(
    names
      .filter(() => r.chance(0.5))
      .map((n) => [n, r.pick(["5", "a", "it's", "x=y", "", "back\\slash", ...texts.slice(0, 3)])]),
  );

export function proposeForeignDataWrapper(
  r: Rng,
  w: World,
  id?: Id<"foreignDataWrapper">,
): DbObject<"foreignDataWrapper"> {
  return {
    id: id ?? { kind: "foreignDataWrapper", name: freshName(r, namesOf(w, "foreignDataWrapper")) },
    attributes: { handler: null, validator: null, options: someOptions(r, ["a", "debug", "Odd Name"]) },
    needs: [],
  };
}

export function proposeServer(r: Rng, w: World, id?: Id<"server">): DbObject<"server"> | null {
  const wrappers = of(w, "foreignDataWrapper");
  if (wrappers.length === 0) return null;
  const wrapper = r.pick(wrappers);
  const word = (): string | null => (r.chance(0.5) ? r.pick(["1.0", "it's", "x y"]) : null);
  return {
    id: id ?? { kind: "server", name: freshName(r, namesOf(w, "server")) },
    attributes: {
      wrapper: wrapper.id.name,
      type: word(),
      version: word(),
      options: someOptions(r, ["dbname", "host", "port"]),
    },
    needs: [wrapper.id],
  };
}

export function proposeUserMapping(r: Rng, w: World, id?: Id<"userMapping">): DbObject<"userMapping"> | null {
  const free = of(w, "server").flatMap((s) =>
    ["public", "postgres", ...of(w, "role").map((o) => o.id.name)]
      .map((user) => ({ kind: "userMapping", server: s.id.name, user }) as const)
      .filter((m) => !has(w, m)),
  );
  if (!id && free.length === 0) return null;
  const own = id ?? r.pick(free);
  return {
    id: own,
    attributes: { options: someOptions(r, ["application", "user"]) },
    needs: [{ kind: "server", name: own.server }, ...roleNeeds(w, own.user)],
  };
}

export function proposeSubscription(r: Rng, w: World, id?: Id<"subscription">): DbObject<"subscription"> {
  const own = id ?? { kind: "subscription" as const, name: freshName(r, namesOf(w, "subscription")) };
  const since = (major: number): boolean => w.major >= major && r.chance(0.4);
  return {
    id: own,
    attributes: {
      connection: r.pick(["dbname=nowhere", "host=db.example user=reader", "dbname='it''s'".replace("''", "\\'")]),
      publications: r.some(["a", "B c", "d"], 1, 3),
      enabled: false,
      slot: r.pick([null, "a_slot", "b_slot"]),
      synchronousCommit: r.pick(["off", "on", "local"]),
      binary: since(14),
      streaming: w.major >= 16 ? r.pick(["off", "on", "parallel"] as const) : since(14) ? "on" : "off",
      twoPhase: since(15),
      disableOnError: since(15),
      passwordRequired: !since(16),
      runAsOwner: since(16),
      origin: since(16) ? "none" : "any",
      failover: false,
    },
    needs: [],
  };
}
