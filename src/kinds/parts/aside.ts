import type { QualifiedName } from "../../model/objects.ts";
import { maxNameBytes } from "../../sql.ts";
import type { Context } from "../room.ts";
import { clip } from "./names.ts";

/**
 * A name that nothing in the schema has, for what makes room for its successor: `status__old`, cut so that it stays within 63
 * bytes.
 */
export function asideName(id: QualifiedName, { from, to }: Context): QualifiedName {
  const taken = new Set(
    [...from.values(), ...to.values()].flatMap((o) =>
      "schema" in o.id && "name" in o.id && o.id.schema === id.schema ? [o.id.name] : [],
    ),
  );
  for (let i = 1; ; i++) {
    const end = i === 1 ? "__old" : `__old${i}`;
    const name = clip(id.name, maxNameBytes - end.length) + end;
    if (!taken.has(name)) return { schema: id.schema, name };
  }
}
