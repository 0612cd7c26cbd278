import type { QualifiedName } from "../../model/objects.ts";
import { isKind } from "../../model/database.ts";
import { bytes, maxNameBytes } from "../../sql.ts";
import type { Context } from "../room.ts";
import { clip, digest } from "./names.ts";

/**
 * A name that nothing in the schema has, for what makes room for its successor: `status__old`, cut so that it stays within 63
 * bytes. What is cut off is told by a digest, for others that are alike as far as that may go aside in the same plan.
 */
export function asideName(id: QualifiedName, { from, to }: Context): QualifiedName {
  const taken = new Set(
    [...from.values(), ...to.values()].flatMap((o) => [
      ...("schema" in o.id && "name" in o.id && o.id.schema === id.schema ? [o.id.name] : []),
      ...(isKind(o, "range") && o.attributes.multirange?.schema === id.schema ? [o.attributes.multirange.name] : []),
    ]),
  );
  for (let i = 1; ; i++) {
    const end = i === 1 ? "__old" : `__old${i}`;
    const whole = id.name + end;
    const cut = `_${digest(id.name)}${end}`;
    const name = bytes(whole) <= maxNameBytes ? whole : clip(id.name, maxNameBytes - bytes(cut)) + cut;
    if (!taken.has(name)) return { schema: id.schema, name };
  }
}
