/** Security labels, written once for every kind. Their providers are modules of the server. */
import type { Name } from "../../grammar/nodes.ts";
import type { DbObject, Id, TargetKind } from "../model/objects.ts";
import { type Index, isKind } from "../model/database.ts";
import { kindWords } from "../model/id.ts";
import { problem } from "../problems.ts";
import { literal, name } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { access } from "./parts/access.ts";
import { action, quietly } from "./parts/action.ts";
import { sequencesReborn } from "./parts/bearers.ts";
import { json } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { findTarget, identityColumn, schemaOf, targetNode } from "./parts/said.ts";
import { holderOf, neededBy, readTarget, targetLock, targetWords } from "./parts/targets.ts";
import { statementOn } from "./parts/thisDatabase.ts";
import { relationsNamed } from "./parts/table.ts";
import { columnsSaid } from "./parts/tableColumns.ts";
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
  needs: ({ id: { target } }) => [
    target,
    ...(target.kind === "column" ? relationsNamed({ schema: target.schema, name: target.table }) : []),
  ],
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
  drop: (o, { from }) => [set(o, null, from)],
  remade: (context) => sequencesReborn("securityLabel", context),
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

/** Attributes of a type that a text names; one that it does not have is reported. */
function attributesSaid(
  { schema, name: type }: Id<"composite">,
  list: readonly Name[],
  declare: Declare,
): readonly Id<"typeAttribute">[] {
  const o = declare.declared({ kind: "composite", schema, name: type });
  const known = o && isKind(o, "composite") ? new Set(o.attributes.attributes.map((a) => a.name)) : null;
  return list.flatMap((c): Id<"typeAttribute">[] => {
    if (!known || known.has(c.text)) return [{ kind: "typeAttribute", schema, type, name: c.text }];
    declare.report(unknown("unknown-column", "column", c.text, c.span, known));
    return [];
  });
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
    const targets: readonly Id<TargetKind>[] = !d.columns.length
      ? [found]
      : found.kind === "composite"
        ? attributesSaid(found, d.columns, declare)
        : columnsSaid(found, d.columns, declare);
    const bearer = found.kind === "sequence" ? identityColumn(found, declare) : null;
    const needs = bearer ? [bearer.id] : [];
    for (const target of targets)
      declare.add({ id: { kind: "securityLabel", target, provider }, attributes: { label: d.text }, needs }, d.span);
  });
};
