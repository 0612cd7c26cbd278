/** What is settled when a thing is made: no change of it is another thing in its place. */
import { type Database, isKind, same } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { DbObject } from "../../src/model/objects.ts";
import { attributes } from "./attributes.ts";
import { settle } from "./settle.ts";
import { put, remove, type World } from "./world.ts";

/** Takes out what cannot become what it is now from what it was. */
export function keepSettled(w: World, before: Database): void {
  for (const o of before.objects) {
    const is = w.objects.get(encode(o.id));
    if (!is) continue;
    if (isKind(o, "table") && isKind(is, "table") && moved(w, before, o, is)) remove(w, is.id);
    if (isKind(o, "baseType") && isKind(is, "baseType") && !becomes(o, is)) remove(w, is.id);
    // A name that nobody says any more stays.
    const named = isKind(o, "domain") && o.attributes.notNullName;
    if (named && isKind(is, "domain") && is.attributes.notNull && is.attributes.notNullName === null)
      put(w, { ...is, attributes: { ...is.attributes, notNullName: named } });
  }
  settle(w);
}

const becomes = (from: DbObject<"baseType">, to: DbObject<"baseType">): boolean => {
  const fixed = (o: DbObject<"baseType">): unknown =>
    Object.entries(o.attributes).filter(([a]) => !attributes.baseType.includes(a));
  return same(fixed(from), fixed(to));
};

/** Whether its rows are elsewhere now: on another server, or one of the same name that is made anew. */
function moved(w: World, before: Database, from: DbObject<"table">, to: DbObject<"table">): boolean {
  const { server } = from.attributes;
  if (server !== to.attributes.server) return true;
  if (server === null) return false;
  const was = before.objects.find((o) => o.id.kind === "server" && o.id.name === server);
  const is = w.objects.get(encode({ kind: "server", name: server }));
  if (!was || !isKind(was, "server") || !is || !isKind(is, "server")) return true;
  return was.attributes.wrapper !== is.attributes.wrapper || was.attributes.type !== is.attributes.type;
}
