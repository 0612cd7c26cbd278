import type { QualifiedName } from "../../model/objects.ts";
import { encode } from "../../model/id.ts";
import { maxNameBytes } from "../../sql.ts";
import type { Context } from "../room.ts";
import { clip } from "./names.ts";

/** A free name for a type that makes room for its successor: `status__old`, cut so that it stays within 63 bytes. */
export function asideName(id: QualifiedName, { from, to }: Context): QualifiedName {
  const taken = (name: string): boolean =>
    (["enum", "domain", "table", "sequence", "view", "materializedView"] as const).some((kind) => {
      const key = encode({ kind, schema: id.schema, name });
      return from.has(key) || to.has(key);
    });
  for (let i = 1; ; i++) {
    const end = i === 1 ? "__old" : `__old${i}`;
    const name = clip(id.name, maxNameBytes - end.length) + end;
    if (!taken(name)) return { schema: id.schema, name };
  }
}
