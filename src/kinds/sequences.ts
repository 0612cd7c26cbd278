/** Sequences that stand alone; those beneath identity columns belong to the column. A change keeps the counter. */
import type { DbObject } from "../model/objects.ts";
import { encode } from "../model/id.ts";
import { same } from "../model/database.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { literal, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, text } from "./parts/catalog.ts";
import { nameNode, nowhere, ownNode, qualifiedNode } from "./parts/nodes.ts";
import {
  bounds,
  declareOptions,
  describeOptions,
  optionClauses,
  optionColumns,
  readOptions,
  type SequenceType,
} from "./parts/sequences.ts";
import { makeWay, takeOver } from "./parts/serials.ts";
import { describeType } from "./parts/types.ts";
import { tableColumns } from "./parts/tableColumns.ts";
import { unknown } from "./parts/unknown.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

type Sequence = DbObject<"sequence">;
type Range = { readonly type: SequenceType; readonly min: string; readonly max: string };

const less = (a: string, b: string): boolean => BigInt(a) < BigInt(b);
const clauses = (r: Range): string => ` as ${r.type} minvalue ${r.min} maxvalue ${r.max}`;

/** A range that holds both, so that a counter can be moved from one to the other. */
function union(a: Range, b: Range): Range {
  const wider = less(bounds[a.type].max, bounds[b.type].max) ? b.type : a.type;
  return { type: wider, min: less(a.min, b.min) ? a.min : b.min, max: less(a.max, b.max) ? b.max : a.max };
}

/**
 * Postgres refuses bounds that leave the counter outside. So before bounds get narrower, a counter that would be outside
 * moves to the nearest value inside (a sequence that was never used, to its new start), and others keep their place.
 */
function moveInside(from: Sequence, to: Sequence): Action[] {
  const [old, wanted] = [from.attributes, to.attributes];
  if (!less(old.min, wanted.min) && !less(wanted.max, old.max)) return [];
  const both = union(old, wanted);
  const up = !wanted.increment.startsWith("-");
  const self = qualified(to.id);
  const lock = { lock: "share row exclusive", on: [to.id] } as const;
  const { min, max, start } = wanted;
  const move =
    `select pg_catalog.setval(${literal(self)}::pg_catalog.regclass, ` +
    `case when not is_called then ${start} when last_value < ${min} then ${min} else ${max} end, ` +
    `is_called and (last_value ${up ? "> " + max : "< " + min})) from ${self} where last_value < ${min} or last_value > ${max}`;
  return [
    ...(same({ type: old.type, min: old.min, max: old.max }, both)
      ? []
      : [action(`alter sequence ${self}${clauses(both)}`, lock)]),
    action(move, lock),
  ];
}

/** All that differs, in one statement; bounds are said with the type because a new type would bring its own. */
const change: Change<"sequence"> = (from, to, changed) => {
  const o = to.attributes;
  const self = qualified(to.id);
  const retyped = changed.has("type");
  const sql =
    (retyped ? ` as ${o.type}` : "") +
    (changed.has("increment") ? ` increment by ${o.increment}` : "") +
    (retyped || changed.has("min") ? ` minvalue ${o.min}` : "") +
    (retyped || changed.has("max") ? ` maxvalue ${o.max}` : "") +
    (changed.has("start") ? ` start with ${o.start}` : "") +
    (changed.has("cache") ? ` cache ${o.cache}` : "") +
    (changed.has("cycle") ? (o.cycle ? " cycle" : " no cycle") : "");
  return quietly(
    ...moveInside(from, to),
    ...(sql ? [action(`alter sequence ${self}${sql}`, { lock: "share row exclusive", on: [to.id] })] : []),
    ...(changed.has("persistence")
      ? [
          action(`alter sequence ${self} set ${o.persistence === "unlogged" ? "unlogged" : "logged"}`, {
            lock: "access exclusive",
            on: [to.id],
          }),
        ]
      : []),
  );
};

export const sequences: Room<"sequence"> = {
  kind: "sequence",
  // The column that owns it takes it along.
  owner: (o, all) => {
    const owner = all.get(encode({ ...o.id, kind: "sequenceOwner" }));
    return owner && "column" in owner.attributes ? { kind: "column", ...owner.attributes.column } : null;
  },
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => [`relation ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: "pg_sequence",
    sql: (schemas) => `
select n.nspname as schema, c.relname as name, format_type(s.seqtypid, null) as type, c.relpersistence::text as persistence, ${optionColumns},
  ${address("pg_class", "c.oid")} as addresses
from pg_sequence s
join pg_class c on c.oid = s.seqrelid
join pg_namespace n on n.oid = c.relnamespace
where (${schemas}) and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and (
      d.deptype = 'e' or d.deptype = 'i' and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0))
order by 1, 2`,
    read: (row) => ({
      id: { kind: "sequence", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        ...readOptions(row),
        type: text(row, "type") as SequenceType,
        persistence: row["persistence"] === "u" ? "unlogged" : "permanent",
      },
      needs: [],
    }),
  },
  create: (o, context) => {
    const { type, persistence } = o.attributes;
    return [
      ...makeWay(o.id, context),
      action(
        `create ${persistence === "unlogged" ? "unlogged " : ""}sequence ${qualified(o.id)}` +
          (type === "bigint" ? "" : ` as ${type}`) +
          optionClauses(o.attributes, type),
      ),
    ];
  },
  drop: (o, context) => [
    action(`drop sequence ${qualified(o.id)}`, {
      lock: "access exclusive",
      on: [o.id],
      hazards: [{ code: "data-loss", on: o.id, detail: "Its counter is lost." }],
    }),
    ...takeOver(o.id, context),
  ],
  change: {
    type: change,
    start: change,
    increment: change,
    min: change,
    max: change,
    cache: change,
    cycle: change,
    persistence: change,
  },
  // It stays, whatever becomes of what it needs; its own changes say how.
  rebind: () => ({ before: [], after: [] }),
  describe: (o, describe) => {
    const { type, persistence } = o.attributes;
    const owner = describe.all.get(encode({ ...o.id, kind: "sequenceOwner" }));
    const column = owner && "column" in owner.attributes ? owner.attributes.column : null;
    return {
      at: "file",
      declaration: {
        kind: "sequence",
        name: ownNode(o.id.name),
        was: null,
        type: type === "bigint" ? null : describeType(type),
        unlogged: persistence === "unlogged",
        options: describeOptions(o.attributes, type),
        ownedBy: column && {
          table: qualifiedNode({ schema: column.schema, name: column.table }),
          column: nameNode(column.name),
        },
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

const typeNames = new Map<string, SequenceType>([
  ["smallint", "smallint"],
  ["int2", "smallint"],
  ["integer", "integer"],
  ["int", "integer"],
  ["int4", "integer"],
  ["bigint", "bigint"],
  ["int8", "bigint"],
]);

export const declareSequence: DeclareFile<"sequence"> = (d, declare) => {
  const own = declare.own(d.name);
  const id = { kind: "sequence", ...own } as const;
  const written = d.type;
  const type = written ? typeNames.get(written.name.text) : "bigint";
  if (!type || (written && (written.modifiers.length > 0 || written.dimensions.length > 0)))
    declare.report(
      problem("unknown-type", written?.span ?? d.span, "A sequence is a smallint, an integer or a bigint."),
    );
  if (d.unlogged && declare.version < 150000)
    declare.report(problem("needs-newer-postgres", d.span, "An unlogged sequence needs PostgreSQL 15."));
  declare.add(
    {
      id,
      attributes: {
        ...declareOptions(d.options, type ?? "bigint"),
        type: type ?? "bigint",
        persistence: d.unlogged ? "unlogged" : "permanent",
      },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
  if (d.ownedBy) {
    const table = declare.table(d.ownedBy.table);
    const { column } = d.ownedBy;
    declare.afterwards(0, () => {
      const known = tableColumns(table, declare);
      if (known && !known.has(column.text))
        declare.report(unknown("unknown-column", "column", column.text, column.span, known));
    });
    declare.add(
      {
        id: { kind: "sequenceOwner", ...own },
        attributes: { column: { schema: table.schema, table: table.name, name: declare.name(column) } },
        needs: [],
      },
      d.ownedBy.table.span,
    );
  }
};
