/** What a text says of partitions that takes all tables: asked once everything is declared. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Database, indexOf, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { nearest, problem, type Problem, type Span } from "../../problems.ts";
import { name, qualified } from "../../sql.ts";
import { handedDown } from "./inheritance.ts";
import { layOut, partsByTable } from "./partOf.ts";
import { isPartitioned, partitionAt, tableName } from "./partitions.ts";

/** `index x of y` becomes what y is. `at`: where an object was written. */
export function fillParts(
  database: Database,
  at: (id: Id) => Span | undefined,
): { readonly database: Database; readonly problems: readonly Problem[] } {
  if (
    !database.objects.some((o) => isKind(o, "partition") || ("partOf" in o.attributes && o.attributes.partOf !== null))
  )
    return { database, problems: [] };
  const all = indexOf(database);
  const problems: Problem[] = [];
  const report = (id: Id, message: string, help?: string): void => {
    const span = at(id);
    if (span) problems.push(problem("invalid-partition", span, message, help === undefined ? {} : { help }));
  };
  const { filled, unknown } = layOut(all);
  for (const o of unknown) {
    const above = partitionAt(tableName(o.id), all)?.attributes.of ?? null;
    const wanted = o.attributes.partOf?.name ?? "";
    if (!above) {
      report(o.id, `${qualified(tableName(o.id))} is no partition, so its indexes are no parts of others.`);
      continue;
    }
    const near = nearest(
      wanted,
      (partsByTable(all).get(qualified(above)) ?? []).map((p) => p.id.name),
    );
    report(
      o.id,
      `The table ${qualified(above)} has no index and no key called ${name(wanted)}.`,
      near === null ? undefined : `Did you mean ${name(near)}?`,
    );
  }
  for (const o of database.objects) {
    if (isKind(o, "partition")) {
      const { of } = o.attributes;
      if (all.has(encode({ kind: "table", ...of })) && !isPartitioned(of, all))
        report(o.id, `The table ${qualified(of)} has no partitions.`, "Give it a key: partition by range (…).");
    }
    if (isKind(o, "column") && partitionAt(tableName(o.id), all) && !handedDown(o.id, all))
      report(o.id, `The partitioned table has no column called ${name(o.id.name)}, so its partitions have none.`);
  }
  if (!filled.size) return { database, problems };
  const renamed = new Map([...filled].map(([key, o]) => [key, o.id]));
  return {
    database: {
      objects: database.objects.map((o) => {
        const made = filled.get(encode(o.id));
        if (made) return made;
        if (!isKind(o, "comment")) return o;
        const target = renamed.get(encode(o.id.target));
        return target ? ({ ...o, id: { kind: "comment", target } } as DbObject<"comment">) : o;
      }),
    },
    problems,
  };
}
