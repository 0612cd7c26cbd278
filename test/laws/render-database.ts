/** Plain SQL for what belongs to no schema. */
import type { DbObject, QualifiedName } from "../../src/model/objects.ts";
import { of, type World } from "./world.ts";

const q = (name: string): string => '"' + name.replaceAll('"', '""') + '"';
const qq = (n: QualifiedName): string => `${q(n.schema)}.${q(n.name)}`;

export function renderDatabase(w: World, out: string[]): void {
  for (const p of of(w, "publication")) out.push(...publication(w, p));
}

function publication(w: World, p: DbObject<"publication">): readonly string[] {
  const a = p.attributes;
  const given = [
    `publish = '${a.publish.join(",")}'`,
    `publish_via_partition_root = ${a.viaPartitionRoot}`,
    ...(w.major >= 18 ? [`publish_generated_columns = ${a.generatedColumns}`] : []),
  ];
  const name = q(p.id.name);
  return [
    `create publication ${name}${a.allTables ? " for all tables" : ""} with (${given.join(", ")})`,
    ...of(w, "publicationTable")
      .filter((t) => t.id.publication === p.id.name)
      .map((t) => {
        const { columns, where } = t.attributes;
        return (
          `alter publication ${name} add table only ${qq({ schema: t.id.schema, name: t.id.table })}` +
          (columns ? ` (${columns.map(q).join(", ")})` : "") +
          (where ? ` where (${where.sql})` : "")
        );
      }),
    ...of(w, "publicationSchema")
      .filter((s) => s.id.publication === p.id.name)
      .map((s) => `alter publication ${name} add tables in schema ${q(s.id.schema)}`),
  ];
}
