/** Which types a column is bound to, and whether one of them is made anew. */
import type { Id } from "../../model/objects.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { literal, name } from "../../sql.ts";
import type { Context } from "../room.ts";
import type { Column } from "./columnText.ts";
import { typeParts, typeText } from "./types.ts";

/** The column's type, or that of its elements, where it is an enum or a domain. */
export function ownType(o: Column): readonly Id[] {
  const { schema, name } = typeParts(typeText(o.attributes.type));
  return schema === null
    ? []
    : [
        { kind: "enum", schema, name },
        { kind: "domain", schema, name },
      ];
}

/** True when the column is there and its type is made anew in this plan, so that `rebindColumn` puts its default back. */
export function isRebound(o: Column, { from, to }: Context): boolean {
  if (!from.has(encode(o.id))) return false;
  return ownType(o).some((id) => {
    const [was, is] = [from.get(encode(id)), to.get(encode(id))];
    if (!was || !is) return false;
    if (isKind(was, "enum") && isKind(is, "enum")) {
      // Labels that are only added leave the type in place.
      const kept = is.attributes.labels.filter((l) => was.attributes.labels.includes(l));
      return kept.length !== was.attributes.labels.length || kept.some((l, i) => l !== was.attributes.labels[i]);
    }
    if (isKind(was, "domain") && isKind(is, "domain"))
      return !same(was.attributes.type, is.attributes.type) || !same(was.attributes.collation, is.attributes.collation);
    return false;
  });
}

/** The value by way of its text, with labels that are gone replaced by those that take over their rows. */
export function converted(to: Column, type: Id, context: Context): string {
  const is = typeText(to.attributes.type);
  const { array } = typeParts(is);
  const self = name(to.id.name);
  const successors = labelSuccessors(type, context);
  let text = `${self}::text${array ? "[]" : ""}`;
  if (!successors.length) return `${text}::${is}`;
  if (array) {
    for (const [old, next] of successors)
      text = `pg_catalog.array_replace(${text}, ${literal(old).trim()}, ${literal(next).trim()})`;
    return `${text}::${is}`;
  }
  const arms = successors.map(([old, next]) => `when ${literal(old).trim()} then ${literal(next).trim()}`).join(" ");
  return `(case ${text} ${arms} else ${text} end)::${is}`;
}

function labelSuccessors(type: Id, { from, to }: Context): readonly (readonly [string, string])[] {
  const [was, is] = [from.get(encode(type)), to.get(encode(type))];
  if (!was || !is || !isKind(was, "enum") || !isKind(is, "enum")) return [];
  const gone = was.attributes.labels.filter((l) => !is.attributes.labels.includes(l));
  const renamed = Object.entries(is.hints?.labelWas ?? {}).map(([next, old]) => [old, next] as const);
  const all = new Map([...renamed, ...Object.entries(is.hints?.replacements ?? {})]);
  return gone.flatMap((old) => {
    const next = all.get(old);
    return next === undefined ? [] : [[old, next] as const];
  });
}
