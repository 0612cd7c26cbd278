/** Which objects a type's text can stand for. */
import type { Id, QualifiedName } from "../../model/objects.ts";
import { isKind, type Index, type NamedKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { typeParts } from "./types.ts";

const kinds = ["enum", "domain", "composite", "range"] as const;

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
  for (const o of all.values())
    if (isKind(o, "range") && o.attributes.multirange?.schema === schema && o.attributes.multirange.name === name)
      return o.id;
  return null;
}

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
