import type { QualifiedName } from "../../model/objects.ts";
import { encode } from "../../model/id.ts";
import { maxNameBytes } from "../../sql.ts";
import type { Context } from "../room.ts";
import { clip } from "./names.ts";

const types = ["enum", "domain", "composite", "range", "table", "sequence", "view", "materializedView"] as const;

/** A free name for a type (or collation) that makes room for its successor: `status__old`, cut so that it stays within 63 bytes. */
export function asideName(id: QualifiedName, { from, to }: Context, of: "type" | "collation" = "type"): QualifiedName {
  const taken = (name: string): boolean =>
    (of === "type" ? types : (["collation"] as const)).some((kind) => {
      const key = encode({ kind, schema: id.schema, name });
      return from.has(key) || to.has(key);
    });
  for (let i = 1; ; i++) {
    const end = i === 1 ? "__old" : `__old${i}`;
    const name = clip(id.name, maxNameBytes - end.length) + end;
    if (!taken(name)) return { schema: id.schema, name };
  }
}
