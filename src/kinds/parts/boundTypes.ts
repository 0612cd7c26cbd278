/** Which types a column is bound to, and whether one of them is made anew. */
import type { Id } from "../../model/objects.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
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

/** True when the column's type is made anew in this plan, so that `rebindColumn` puts its default back. */
export function isRebound(o: Column, { from, to }: Context): boolean {
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
