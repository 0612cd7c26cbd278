/** Plain SQL for blocks of SQL, rows of reference data, and what goes with an extension. */
import type { DbObject } from "../../src/model/objects.ts";
import { named } from "./render-access.ts";
import { list, q, qq, text } from "./render-text.ts";
import { of, type World } from "./world.ts";

/** What was run is remembered in the comment of a domain. */
function block({ id, attributes: { create, drop } }: DbObject<"sqlBlock">): readonly string[] {
  const kept = JSON.stringify({ create: create.sql, drop: drop && drop.sql, path: [] });
  const marker = qq({ schema: "schemac", name: id.name });
  return [
    "create schema if not exists schemac",
    `create domain ${marker} as text`,
    `comment on domain ${marker} is ${text(kept)}`,
  ];
}

export function renderKept(w: World, out: string[]): void {
  for (const o of of(w, "rows"))
    for (const row of Object.values(o.attributes.rows))
      out.push(
        `insert into ${qq(o.id)} (${list(Object.keys(row))}) overriding system value values (${Object.values(row)
          .map((f) => f.sql)
          .join(", ")})`,
      );
  for (const o of of(w, "extensionDependence"))
    out.push(`alter ${named(o.id.target)} depends on extension ${q(o.id.extension)}`);
  for (const o of of(w, "sqlBlock")) out.push(...block(o));
}
