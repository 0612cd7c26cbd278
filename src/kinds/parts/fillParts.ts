/** What a text says of partitions that takes all tables: asked once everything is declared. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Database, indexOf, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { nearest, problem, type Problem, type Span } from "../../problems.ts";
import { name, qualified } from "../../sql.ts";
import { handedDown } from "./inheritance.ts";
import { layOut } from "./partLayout.ts";
import { isOnly, isPart, isPartOf, type Part, partsOf } from "./partOf.ts";
import { isPartitioned, partitionAt, partitionsOf, tableName } from "./partitions.ts";

/** `index x of y` becomes what y is. `at`: where an object was written. */
export function fillParts(
  database: Database,
  at: (id: Id) => Span | undefined,
): { readonly database: Database; readonly problems: readonly Problem[] } {
  if (!database.objects.some((o) => isKind(o, "partition") || (isPart(o) && (o.attributes.partOf || isOnly(o)))))
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
      partsOf(above, all).map((p) => p.id.name),
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
  if (!filled.size) return { database: withoutIdleOnly(database), problems };
  const renamed = new Map([...filled].map(([key, o]) => [key, o.id]));
  const whole = database.objects.map((o) => {
    const made = filled.get(encode(o.id));
    if (made) return made;
    if (!isKind(o, "comment")) return o;
    const target = renamed.get(encode(o.id.target));
    return target ? ({ ...o, id: { kind: "comment", target } } as DbObject<"comment">) : o;
  });
  return { database: withoutIdleOnly({ objects: whole }), problems };
}

/** Without `only` where every partition has a part: Postgres notes it of no such index. */
function withoutIdleOnly(database: Database): Database {
  if (!database.objects.some((o) => isPart(o) && isOnly(o))) return database;
  const all = indexOf(database);
  const isWhole = (o: Part): boolean =>
    !isOnly(o) ||
    partitionsOf(tableName(o.id), all).every((p) => partsOf(p.id, all).some((x) => isPartOf(x, o.id) && isWhole(x)));
  return {
    objects: database.objects.map((o) =>
      isPart(o) && isOnly(o) && isWhole(o) ? ({ ...o, attributes: { ...o.attributes, only: false } } as Part) : o,
    ),
  };
}
