/** `depends on extension x`: what goes when the extension goes. */
import type { Name } from "../../../grammar/nodes.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Id, TargetKind } from "../../model/objects.ts";
import { oncePer } from "../../model/once.ts";
import { problem } from "../../problems.ts";
import { name as quoteName } from "../../sql.ts";
import { alwaysThere } from "./builtIn.ts";
import type { Declare } from "../room.ts";
import { nameNode } from "./nodes.ts";

const byTarget = oncePer((all: Index): ReadonlyMap<string, readonly string[]> => {
  const made = new Map<string, readonly string[]>();
  for (const o of all.values()) {
    if (!isKind(o, "extensionDependence")) continue;
    const key = encode(o.id.target);
    made.set(key, [...(made.get(key) ?? []), o.id.extension].sort());
  }
  return made;
});
export const describeDependsOn = (target: Id<TargetKind>, all: Index): readonly Name[] =>
  (byTarget(all).get(encode(target)) ?? []).map(nameNode);

export function declareDependsOn(target: Id<TargetKind>, extensions: readonly Name[], declare: Declare): void {
  for (const n of extensions) {
    const extension = declare.name(n);
    declare.add({ id: { kind: "extensionDependence", target, extension }, attributes: {}, needs: [] }, n.span);
    declare.afterwards(0, () => {
      if (extension !== alwaysThere && !declare.declared({ kind: "extension", name: extension }))
        declare.report(
          problem("unknown-object", n.span, `There is no extension called ${quoteName(extension)}.`, {
            help: `Add a line: extension ${quoteName(extension)}`,
          }),
        );
    });
  }
}
