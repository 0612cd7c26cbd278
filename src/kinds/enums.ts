/** Enum types. Labels are added and renamed in place; anything else makes the type anew, with its columns bound to the new one. */
import type { EnumLabel } from "../../grammar/declarations.ts";
import type { DbObject } from "../model/objects.ts";
import type { Hazard } from "../model/plan.ts";
import { nearest, problem } from "../problems.ts";
import { bytes, literal, maxNameBytes, name, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { cannotBeAnew } from "./parts/boundTypes.ts";
import { address, json, ofExtension, text } from "./parts/catalog.ts";
import { labelChanges, labelSuccessors, renamedLabels } from "./parts/enumLabels.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import { asideName } from "./parts/aside.ts";
import { stuckInKey } from "./parts/partitionKeys.ts";
import type { Change, Declare, DeclareFile, Room } from "./room.ts";

type Enum = DbObject<"enum">;
/** A label as a string literal; the blank that `literal` may put before it is there in the text around already. */
const quote = (label: string): string => literal(label).trimStart();

/** What becomes of rows that hold a label which the new type lacks. */
function lost(from: Enum, to: Enum): Hazard[] {
  const successors = labelSuccessors(from, to);
  const renamed = renamedLabels(from, to);
  return from.attributes.labels
    .filter((label) => !to.attributes.labels.includes(label) && !renamed.has(label))
    .map((label) => {
      const on = from.id;
      const successor = successors.get(label);
      return successor === undefined
        ? {
            code: "data-loss",
            on,
            detail: `The label ${quote(label)} is gone; a row that still holds it makes this fail.`,
          }
        : { code: "lossy", on, detail: `Rows that hold ${quote(label)} get ${quote(successor)}.` };
    });
}

const labels: Change<"enum"> = (from, to, _, context) => {
  const changes = labelChanges(from, to);
  if (!changes) return "replace";
  const alter = `alter type ${qualified(to.id)}`;
  const stay =
    changes.added.length > 0 && stuckInKey(to.id, { ...context, from: context.to, to: context.from }) !== null;
  return quietly(
    ...changes.renamed.map(([old, next]) => action(`${alter} rename value ${quote(old)} to ${quote(next)}`)),
    ...changes.added.map(({ label, before }) =>
      action(
        // What the way back leaves there is there when this is run once more.
        `${alter} add value ${stay ? "if not exists " : ""}${quote(label)}${before === null ? "" : ` before ${quote(before)}`}`,
        {
          transaction: "committed first",
          hazards: stay
            ? [
                {
                  code: "irreversible",
                  on: to.id,
                  detail: `The way back leaves the label ${quote(label)}, because a table is partitioned by a column of the type.`,
                },
              ]
            : [],
        },
      ),
    ),
  );
};

export const enums: Room<"enum"> = {
  kind: "enum",
  owner: () => null,
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => [`type ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: "pg_type where typtype = 'e' and oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, t.typname as name,
  coalesce((select json_agg(l.enumlabel order by l.enumsortorder)::text from pg_enum l where l.enumtypid = t.oid), '[]') as labels,
  ${address("pg_type", "t.oid")} as addresses
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e' and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "enum", schema: text(row, "schema"), name: text(row, "name") },
      attributes: { labels: json<string[]>(row, "labels") },
      needs: [],
    }),
  },
  create: (o) => [action(`create type ${qualified(o.id)} as enum (${o.attributes.labels.map(quote).join(", ")})`)],
  drop: (o) => [action(`drop type ${qualified(o.id)}`)],
  change: { labels },
  refuses: (from, to, context) => to && cannotBeAnew(from.id, context),
  // Labels get their old names again. In a partition key the type cannot be made anew, so those that were added stay.
  comesBack: (to, from, context) => {
    const renamed = renamedLabels(to, from);
    const back = renamed.size ? { ...to, hints: { ...to.hints, labelWas: Object.fromEntries(renamed) } } : to;
    if (labelChanges(from, back) || stuckInKey(to.id, context) === null) return back;
    const names = new Map([...renamed].map(([old, next]) => [next, old]));
    return { ...back, attributes: { labels: from.attributes.labels.map((label) => names.get(label) ?? label) } };
  },
  park: (o, to, context) => {
    const aside = asideName(o.id, context);
    return {
      aside: [action(`alter type ${qualified(o.id)} rename to ${name(aside.name)}`, { hazards: lost(o, to) })],
      drop: [action(`drop type ${qualified(aside)}`)],
      inRows: true,
    };
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "enum",
      name: ownNode(o.id.name),
      was: null,
      labels: o.attributes.labels.map((label) => ({ text: label, was: null, replacement: null, span: nowhere })),
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareEnum: DeclareFile<"enum"> = (d, declare) => {
  const id = { kind: "enum", ...declare.own(d.name) } as const;
  const labels = d.labels.filter((l) => l.replacement === null);
  const replacements = Object.fromEntries(
    d.labels.flatMap((l) => (l.replacement === null ? [] : [[l.text, l.replacement]])),
  );
  const labelWas = Object.fromEntries(labels.flatMap((l) => (l.was === null ? [] : [[l.text, l.was]])));
  const hints = {
    ...(d.was ? { was: d.was.text } : {}),
    ...(Object.keys(replacements).length ? { replacements } : {}),
    ...(Object.keys(labelWas).length ? { labelWas } : {}),
  };
  for (const [i, l] of labels.entries()) {
    if (bytes(l.text) > maxNameBytes)
      declare.report(
        problem(
          "name-too-long",
          l.span,
          `The label ${quote(l.text)} is ${bytes(l.text)} bytes long; Postgres takes ${maxNameBytes}.`,
        ),
      );
    if (labels.findIndex((other) => other.text === l.text) < i)
      declare.report(problem("duplicate-name", l.span, `The label ${quote(l.text)} is there twice.`));
  }
  checkWords(d.labels, declare);
  declare.add(
    {
      id,
      attributes: { labels: labels.map((l) => l.text) },
      needs: [],
      ...(Object.keys(hints).length ? { hints } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};

/** What is said of labels that are gone: each is one that is there no more, and what takes its place is there. */
function checkWords(all: readonly EnumLabel[], declare: Declare): void {
  const there = new Set(all.flatMap((l) => (l.replacement === null ? [l.text] : [])));
  const gone = new Set<string>();
  for (const l of all) {
    const old = l.replacement === null ? l.was : l.text;
    if (old === null) continue;
    // An old name that is taken again is a word that has done its work: it says nothing any more.
    if (l.replacement !== null && there.has(old))
      declare.report(
        problem("duplicate-name", l.span, `The label ${quote(old)} is there, so it cannot have been replaced.`, {
          help: "Leave out one of the two.",
        }),
      );
    if (gone.has(old))
      declare.report(problem("duplicate-name", l.span, `What becomes of the label ${quote(old)} is said twice.`));
    gone.add(old);
    if (l.replacement === null || there.has(l.replacement)) continue;
    const near = nearest(l.replacement, there);
    declare.report(
      problem("unknown-object", l.span, `There is no label ${quote(l.replacement)}, so no row can get it.`, {
        help: near === null ? "Name a label that stays." : `Did you mean ${quote(near)}?`,
      }),
    );
  }
}
