import type { DbObject, QualifiedName } from "../../model/objects.ts";
import { isKind } from "../../model/database.ts";
import { maxNameBytes } from "../../sql.ts";
import type { Context } from "../room.ts";
import { clip } from "./names.ts";

/**
 * A name that nothing in the schema has, for what makes room for its successor: `status__old`, cut so that it stays within 63
 * bytes. Names that are the same once they are cut get others each.
 */
export function asideName(id: QualifiedName, { from, to }: Context): QualifiedName {
  const taken = new Set([...from.values(), ...to.values()].flatMap((o) => namesIn(id.schema, o)));
  const stem = clip(id.name, maxNameBytes - longest.length);
  const alike = [...taken].filter(
    (n) => n.length > stem.length && n.startsWith(stem) && clip(n, maxNameBytes - longest.length) === stem,
  );
  for (let i = 1 + Math.max(0, alike.sort().indexOf(id.name)); ; i += Math.max(1, alike.length)) {
    const end = i === 1 ? "__old" : `__old${i}`;
    const name = clip(id.name, maxNameBytes - end.length) + end;
    if (!taken.has(name)) return { schema: id.schema, name };
  }
}
const longest = "__old99";

const namesIn = (schema: string, o: DbObject): readonly string[] => [
  ...("schema" in o.id && "name" in o.id && o.id.schema === schema ? [o.id.name] : []),
  ...(isKind(o, "range") && o.attributes.multirange?.schema === schema ? [o.attributes.multirange.name] : []),
];
