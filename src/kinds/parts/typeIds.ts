/** Which objects a type's text can stand for. */
import type { Fragment, Id, QualifiedName } from "../../model/objects.ts";
import { isKind, type Index, type NamedKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { typeParts, typeText } from "./types.ts";

const kinds = ["enum", "domain", "composite", "range", "baseType", "shellType"] as const;

type TypeId = Id<(typeof kinds)[number]>;

/** The kinds that a type, or that of an array's elements, can be of; those of pg_catalog are of none. */
export function typeIds(type: string): readonly TypeId[] {
  const { schema, name } = typeParts(type);
  return schema === null ? [] : kinds.map((kind) => ({ kind, schema, name }));
}

/** The object among these that the type is; that of a multirange is its range. */
export function typeIn(type: string, all: Index): TypeId | null {
  const ids = typeIds(type);
  const found = ids.find((id) => all.has(encode(id)));
  if (found || !ids.length) return found ?? null;
  const { schema, name } = typeParts(type);
  return schema === null ? null : (multirangesIn(all).get(qualified({ schema, name })) ?? null);
}

/** Ranges by the names of their multiranges; found once for each database. */
const multirangesIn = oncePer((all: Index): ReadonlyMap<string, Id<"range">> => {
  const made = new Map<string, Id<"range">>();
  for (const o of all.values())
    if (isKind(o, "range") && o.attributes.multirange) made.set(qualified(o.attributes.multirange), o.id);
  return made;
});

/** Whether one is the other's type: that of an extension that moves stays the same. */
export const staysType = (was: Fragment, is: Fragment, context: Pick<Context, "from" | "to">): boolean =>
  same(was, is) || movesAlong(typeText(was), typeText(is), context);

/** Whether it is the same type of an extension that moves to another schema, and takes its types along. */
function movesAlong(was: string, is: string, { from, to }: Pick<Context, "from" | "to">): boolean {
  const [a, b] = [typeParts(was), typeParts(is)];
  if (a.schema === null || b.schema === null || a.schema === b.schema || !same(a, { ...b, schema: a.schema }))
    return false;
  if (typeIn(was, from) || typeIn(is, to)) return false;
  return movedExtensions(from)(to).has(`${a.schema}\0${b.schema}`);
}
/** From which schema to which some extension moves; found once for each pair of databases. */
const movedExtensions = oncePer((from: Index) =>
  oncePer((to: Index): ReadonlySet<string> => {
    const pairs = new Set<string>();
    for (const o of from.values()) {
      const now = isKind(o, "extension") ? to.get(encode(o.id)) : undefined;
      if (now && isKind(o, "extension") && isKind(now, "extension"))
        pairs.add(`${o.attributes.schema}\0${now.attributes.schema}`);
    }
    return pairs;
  }),
);

type Named = Exclude<NamedKind, "operator" | "operatorClass" | "operatorFamily">;
/** Something of this kind, unless it is pg_catalog's, which is no object. */
export const idsOf = (kind: Named, ...names: readonly (QualifiedName | null)[]): readonly Id[] =>
  names.flatMap((n) => (n === null || n.schema === "pg_catalog" ? [] : [{ kind, schema: n.schema, name: n.name }]));
export const collationIds = (...names: readonly (QualifiedName | null)[]): readonly Id[] =>
  idsOf("collation", ...names);
export const operatorClassIds = (method: string, ...names: readonly (QualifiedName | null)[]): readonly Id[] =>
  names.flatMap((n) =>
    n === null || n.schema === "pg_catalog"
      ? []
      : [{ kind: "operatorClass", schema: n.schema, name: n.name, method } as const],
  );
