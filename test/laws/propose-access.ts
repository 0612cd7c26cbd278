/** Who owns things, what is granted on them and by default, and what sessions in this database start with. */
import { isKind, same } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { DbObject, Id, Kind, Privilege, PrivilegeSet, TargetKind } from "../../src/model/objects.ts";
import {
  access,
  allPrivileges,
  lettersOfThings,
  letterOf,
  ordered,
  usual,
  usualOf,
} from "../../src/kinds/parts/access.ts";
import { ensureFunction } from "./propose-routines.ts";
import { schemaNeed, someSchema } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { has, lawRoles, of, roleNames, roleNeeds, type World } from "./world.ts";

/** Kinds that anybody may own; what only a superuser may own stays as it is. */
const ownable: ReadonlySet<Kind> = new Set<Kind>([
  ...(["schema", "enum", "domain", "composite", "range", "baseType", "collation", "statistics", "server"] as const),
  ...(["textSearchDictionary", "textSearchConfiguration", "sequence", "table", "view", "materializedView"] as const),
  ...(["function", "procedure", "aggregate", "operator", "operatorFamily", "operatorClass", "conversion"] as const),
]);
const isTarget = (id: Id): id is Id<TargetKind> => !("target" in id);
const targetsOf = (w: World, fits: (o: DbObject) => boolean): readonly Id<TargetKind>[] =>
  [...w.objects.values()].flatMap((o) => (isTarget(o.id) && fits(o) ? [o.id] : []));

/** The role that a thing is given to; null: it belongs to whoever made it. */
export function ownerOf(w: World, target: Id<TargetKind>): string | null {
  if (target.kind === "column") return ownerOf(w, { kind: "table", schema: target.schema, name: target.table });
  const tie =
    target.kind === "sequence" &&
    w.objects.get(encode({ kind: "sequenceOwner", schema: target.schema, name: target.name }));
  if (tie && isKind(tie, "sequenceOwner")) {
    const { schema, table } = tie.attributes.column;
    return ownerOf(w, { kind: "table", schema, name: table });
  }
  const o = w.objects.get(encode({ kind: "owner", target }));
  return o && isKind(o, "owner") ? o.attributes.role : null;
}

export function proposeOwner(r: Rng, w: World, id?: Id<"owner">): DbObject<"owner"> | null {
  const free = targetsOf(
    w,
    (o) => ownable.has(o.id.kind) && isTarget(o.id) && !has(w, { kind: "owner", target: o.id }),
  );
  const target = id?.target ?? (free.length > 0 ? r.pick(free) : null);
  if (!target) return null;
  const role = r.pick(roleNames(w));
  return { id: { kind: "owner", target }, attributes: { role }, needs: [target, ...roleNeeds(w, role)] };
}
/** A sequence that a column owns belongs to whom the table belongs to. */
export const mendOwner = (w: World, o: DbObject<"owner">): DbObject | null => {
  const { target } = o.id;
  if (target.kind === "schema" && target.name === "public") return null;
  return target.kind === "sequence" && has(w, { kind: "sequenceOwner", schema: target.schema, name: target.name })
    ? null
    : o;
};

const version = (w: World): number => w.major * 10_000;

function someSet(
  r: Rng,
  all: readonly Privilege[],
  letter: Parameters<typeof ordered>[0],
  grantee: string | null,
): PrivilegeSet {
  const privileges = ordered(letter, r.chance(0.2) ? all : all.filter(() => r.chance(0.4)));
  // The owner can always grant, and nothing is granted on to everybody.
  const grantable =
    grantee === "public" || r.chance(0.6)
      ? []
      : ordered(
          letter,
          privileges.filter(() => r.chance(0.6)),
        );
  return { privileges, grantable };
}

/** Things of which each has its own columns' grants too. */
const grantable = (w: World, o: DbObject): boolean =>
  isTarget(o.id) &&
  access[o.id.kind].grants !== undefined &&
  o.id.kind !== "language" &&
  (!isKind(o, "column") || (o.attributes.local && has(w, { kind: "table", schema: o.id.schema, name: o.id.table })));

export function proposeGrant(r: Rng, w: World, id?: Id<"grant">): DbObject<"grant"> | null {
  const all = targetsOf(w, (o) => grantable(w, o) && (o.id.kind !== "column" || r.chance(0.1)));
  if (!id && all.length === 0) return null;
  const target = id?.target ?? r.pick(all);
  const grantee = id
    ? id.grantee
    : target.kind === "column"
      ? r.pick(roleNames(w))
      : r.pick([...lawRoles, ...roleNames(w), "public", null]);
  const holder = of(w, "grant").find(
    (g) =>
      same(g.id.target, target) &&
      g.id.grantor === null &&
      g.id.grantee === lawRoles[0] &&
      g.attributes.grantable.length > 0,
  );
  const onwards = !id && target.kind === "schema" && holder && grantee === lawRoles[1] && r.chance(0.5);
  const grantor = id ? id.grantor : onwards ? lawRoles[0] : null;
  const letter = letterOf(target);
  const possible = grantor === null ? allPrivileges(letter, version(w)) : (holder?.attributes.grantable ?? []);
  const own: Id<"grant"> = { kind: "grant", target, grantee, grantor };
  return {
    id: own,
    attributes: someSet(r, possible, letter, grantee),
    needs: [
      target,
      ...(target.kind === "column" ? [{ kind: "table", schema: target.schema, name: target.table } as const] : []),
      ...roleNeeds(w, grantee),
      ...(grantor === null ? [] : [{ kind: "grant", target, grantee: grantor, grantor: null } as const]),
    ],
  };
}
/** A grant as it may be in this world: null where it says nothing beyond what is so anyway. */
export function mendGrant(w: World, o: DbObject<"grant">): DbObject<"grant"> | null {
  const { target, grantee, grantor } = o.id;
  if (!("kind" in target) || grantee === ownerOf(w, target) || (grantor !== null && grantor === ownerOf(w, target))) {
    if (grantee !== null) return null;
  }
  const sequence =
    target.kind === "sequence" && has(w, { kind: "sequenceOwner", schema: target.schema, name: target.name });
  if (sequence && grantee === null) return null;
  let set: PrivilegeSet = o.attributes;
  if (grantor !== null) {
    const g = w.objects.get(encode({ kind: "grant", target, grantee: grantor, grantor: null }));
    const may = g && isKind(g, "grant") ? g.attributes.grantable : [];
    set = {
      privileges: set.privileges.filter((p) => may.includes(p)),
      grantable: set.grantable.filter((p) => may.includes(p)),
    };
  }
  const plain: PrivilegeSet = grantor === null ? usual(target, grantee, version(w)) : { privileges: [], grantable: [] };
  if (same(plain, set)) return null;
  return same(set, o.attributes) ? o : { ...o, attributes: set };
}

export function proposeDefaultPrivilege(
  r: Rng,
  w: World,
  id?: Id<"defaultPrivilege">,
): DbObject<"defaultPrivilege"> | null {
  const role = id?.role ?? r.pick(["postgres", ...roleNames(w)]);
  const things = id?.things ?? r.pick(["tables", "sequences", "functions", "types", "schemas"] as const);
  const inSchema = id ? id.inSchema : things !== "schemas" && r.chance(0.6) ? someSchema(r, w) : null;
  const others = [...roleNames(w).filter((x) => x !== role), "public"];
  const grantee = id ? id.grantee : inSchema === null && role !== "postgres" && r.chance(0.2) ? null : r.pick(others);
  const letter = lettersOfThings[things];
  const attributes = someSet(r, allPrivileges(letter, version(w)), letter, grantee);
  return {
    id: { kind: "defaultPrivilege", role, inSchema, things, grantee },
    attributes,
    needs: [...(inSchema === null ? [] : schemaNeed(inSchema)), ...roleNeeds(w, role, grantee)],
  };
}
export const mendDefaultPrivilege = (w: World, o: DbObject<"defaultPrivilege">): DbObject | null => {
  const { inSchema, things, grantee } = o.id;
  const plain = inSchema === null ? usualOf(lettersOfThings[things], grantee, version(w)) : [];
  return same({ privileges: plain, grantable: [] }, o.attributes) ? null : o;
};

const values: Readonly<Record<string, readonly string[]>> = {
  work_mem: ["64MB", "1GB", "8MB"],
  statement_timeout: ["1h", "2h"],
  "my.own": ["a", "it's", "x, y", ""],
  search_path: ['"$user", public', "public, shop"],
};
export function proposeSetting(r: Rng, w: World, old?: Id<"setting">): DbObject<"setting"> {
  const made = of(w, "role");
  const role = made.length > 0 && r.chance(0.6) ? r.pick(made).id.name : null;
  const inDatabase = role === null || r.chance(0.4);
  const id = old ?? { kind: "setting", role, inDatabase, name: r.pick(Object.keys(values)) };
  return { id, attributes: { value: r.pick(values[id.name] ?? []) }, needs: roleNeeds(w, id.role) };
}

export function proposeEventTrigger(r: Rng, w: World, old?: DbObject<"eventTrigger">): DbObject<"eventTrigger"> | null {
  const functions = of(w, "function").filter((f) => f.attributes.returns.type.sql === "event_trigger");
  if (functions.length === 0) return null;
  const f = r.pick(functions).id;
  const event = r.pick(["ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite"]);
  const tags = event === "table_rewrite" ? ["ALTER TABLE"] : ["ALTER TABLE", "CREATE TABLE", "DROP TABLE"];
  const taken = new Set(of(w, "eventTrigger").map((t) => t.id.name));
  const free = ["watch", "Odd Name", "order", "日本"].filter((n) => !taken.has(n));
  if (!old && free.length === 0) return null;
  return {
    id: old?.id ?? { kind: "eventTrigger", name: r.pick(free) },
    attributes: {
      event,
      tags: r.chance(0.5) ? [] : r.some(tags, 1, 2),
      function: { schema: f.schema, name: f.name },
      firing: r.chance(0.6) ? "enabled" : r.pick(["disabled", "replica", "always"] as const),
    },
    needs: [f],
  };
}
export const mendEventTrigger = (w: World, o: DbObject<"eventTrigger">): DbObject | null => {
  const f = w.objects.get(encode({ kind: "function", ...o.attributes.function, arguments: [] }));
  return f && isKind(f, "function") && f.attributes.returns.type.sql === "event_trigger" ? o : null;
};

/** A few of each. */
export function proposeAccess(r: Rng, w: World, add: (o: DbObject | null) => void): void {
  const times = (most: number, make: () => DbObject | null): void => {
    for (let n = r.int(most + 1); n > 0; n--) add(make());
  };
  if (r.chance(0.5)) times(4, () => proposeOwner(r, w));
  if (r.chance(0.5)) times(6, () => proposeGrant(r, w));
  if (r.chance(0.3)) times(3, () => proposeDefaultPrivilege(r, w));
  if (r.chance(0.3)) times(2, () => proposeSetting(r, w));
  if (r.chance(0.25)) {
    ensureFunction(r, w, "event_trigger");
    times(2, () => proposeEventTrigger(r, w));
  }
}
