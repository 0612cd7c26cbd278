/** Plain SQL for what belongs to no schema. */
import type { DbObject } from "../../src/model/objects.ts";
import { by, foreignOptions, plain, q, qq, text } from "./render-text.ts";
import { of, type World } from "./world.ts";

function subscription(w: World, s: DbObject<"subscription">): string {
  const a = s.attributes;
  const given = [
    "connect = false",
    `slot_name = ${a.slot === null ? "none" : text(a.slot)}`,
    `synchronous_commit = ${text(a.synchronousCommit)}`,
    ...(w.major >= 14 ? [`binary = ${a.binary}`, `streaming = ${a.streaming}`] : []),
    ...(w.major >= 15 ? [`two_phase = ${a.twoPhase}`, `disable_on_error = ${a.disableOnError}`] : []),
    ...(w.major >= 16
      ? [`password_required = ${a.passwordRequired}`, `run_as_owner = ${a.runAsOwner}`, `origin = ${a.origin}`]
      : []),
  ];
  return `create subscription ${q(s.id.name)} connection ${text(plain(a.connection))} publication ${a.publications.map(q).join(", ")} with (${given.join(", ")})`;
}

/** Foreign tables stand on them. */
export function renderServers(w: World, out: string[]): void {
  for (const f of of(w, "foreignDataWrapper"))
    out.push(
      `create foreign data wrapper ${q(f.id.name)}${by(f.attributes.validator && `validator ${qq(f.attributes.validator)}`)}${foreignOptions(f.attributes.options)}`,
    );
  for (const s of of(w, "server")) {
    const a = s.attributes;
    out.push(
      `create server ${q(s.id.name)}${by(a.type !== null && `type ${text(a.type)}`)}${by(a.version !== null && `version ${text(a.version)}`)}` +
        ` foreign data wrapper ${q(a.wrapper)}${foreignOptions(a.options)}`,
    );
  }
  for (const m of of(w, "userMapping"))
    out.push(
      `create user mapping for ${m.id.user === "public" ? "public" : q(m.id.user)} server ${q(m.id.server)}${foreignOptions(m.attributes.options)}`,
    );
}

export function renderDatabase(w: World, out: string[]): void {
  for (const p of of(w, "publication")) out.push(...publication(w, p));
  for (const s of of(w, "subscription")) out.push(subscription(w, s));
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
