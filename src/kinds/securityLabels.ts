/** Security labels, written once for every kind. Their providers are modules of the server. */
import type { DbObject, Id, TargetKind } from "../model/objects.ts";
import { type Index, isKind } from "../model/database.ts";
import { encode, kindWords } from "../model/id.ts";
import { problem } from "../problems.ts";
import { literal, name } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { access } from "./parts/access.ts";
import { action, quietly } from "./parts/action.ts";
import { carriedOver } from "./parts/bearers.ts";
import { json } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { findTarget, schemaOf, targetNode } from "./parts/said.ts";
import { holderOf, neededBy, readTarget, targetLock, targetWords } from "./parts/targets.ts";
import { statementOn } from "./parts/thisDatabase.ts";
import { tableColumns } from "./parts/tableColumns.ts";
import { unknown } from "./parts/unknown.ts";
import type { Declare, DeclareFile, Room } from "./room.ts";

type Label = DbObject<"securityLabel">;
const set = ({ id: { target, provider } }: Label, label: string | null, all: Index): Action =>
  action(
    statementOn(
      target,
      (words) =>
        `security label for ${name(provider)} on ${words} is ${label === null ? "null" : literal(label).trimStart()}`,
      (t) => targetWords(t, all),
    ),
    targetLock(target),
  );

export const securityLabels: Room<"securityLabel"> = {
  kind: "securityLabel",
  owner: (o, all) => holderOf(o.id.target, all),
  needs: (o) => [o.id.target],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    said: () =>
      `select classoid, objoid, objsubid, json_build_array(provider, label)::text as what_is_said from pg_seclabel
  union all select classoid, objoid, 0, json_build_array(provider, label)::text from pg_shseclabel where classoid in ('pg_subscription'::regclass, 'pg_database'::regclass)`,
    read: (row, _, names) => {
      const [provider, label] = json<readonly [string, string]>(row, "said");
      return {
        id: { kind: "securityLabel", target: readTarget(row, names), provider },
        attributes: { label },
        needs: neededBy(row),
      };
    },
  },
  create: (o, { to }) => [set(o, o.attributes.label, to)],
  // It is said of what is made anew.
  drop: (o, { from, to }) => (to.has(encode(o.id)) ? [] : [set(o, null, from)]),
  remade: (context) => carriedOver("securityLabel", context),
  change: { label: (_, to, __, context) => quietly(set(to, to.attributes.label, context.to)) },
  describe: () => ({ at: "owner" }),
  gather: (all) =>
    all.map((o) => {
      const { target, provider } = o.id;
      const on: Id<TargetKind> =
        target.kind === "column"
          ? { kind: "table", schema: target.schema, name: target.table }
          : target.kind === "typeAttribute"
            ? { kind: "composite", schema: target.schema, name: target.type }
            : target;
      const schema = schemaOf(target);
      return {
        kind: "securityLabel",
        text: o.attributes.label,
        provider: nameNode(provider),
        target: targetNode(on),
        columns: target.kind === "column" || target.kind === "typeAttribute" ? [nameNode(target.name)] : [],
        doc: null,
        schema: schema === null ? null : nameNode(schema),
        span: nowhere,
      };
    }),
};

/** Columns of a table, or attributes of a type; null: nobody here knows them all. */
function columnsKnown(id: Id<TargetKind>, declare: Declare): ReadonlySet<string> | null {
  if (id.kind === "table") return tableColumns(id, declare);
  const type = declare.declared(id);
  return type && isKind(type, "composite") ? new Set(type.attributes.attributes.map((a) => a.name)) : null;
}

export const declareSecurityLabel: DeclareFile<"securityLabel"> = (d, declare) => {
  const provider = declare.name(d.provider);
  declare.afterwards(0, () => {
    const found = findTarget(d.target, declare);
    if (!found) return;
    if (access[found.kind].unlabelled)
      declare.report(
        problem("invalid-option", d.target.span, `Postgres takes no label on a ${kindWords[found.kind]}.`),
      );
    const targets: readonly Id<TargetKind>[] =
      d.columns.length && found.kind === "table"
        ? d.columns.map((c) => ({ kind: "column", schema: found.schema, table: found.name, name: c.text }))
        : d.columns.length && found.kind === "composite"
          ? d.columns.map((c) => ({ kind: "typeAttribute", schema: found.schema, type: found.name, name: c.text }))
          : [found];
    const known = columnsKnown(found, declare);
    for (const c of d.columns)
      if (known && !known.has(c.text)) declare.report(unknown("unknown-column", "column", c.text, c.span, known));
    for (const target of targets)
      declare.add(
        { id: { kind: "securityLabel", target, provider }, attributes: { label: d.text }, needs: [] },
        d.span,
      );
  });
};
