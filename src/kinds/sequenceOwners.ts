/** `owned by` of sequences: an object of its own, because a column's default may need the sequence that the column owns. */
import type { DbObject, Id } from "../model/objects.ts";
import { encode } from "../model/id.ts";
import { isKind } from "../model/database.ts";
import { name, qualified } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { action, quietly } from "./parts/action.ts";
import { startSerial } from "./parts/addIdentity.ts";
import { modelledTable, ofExtension, text } from "./parts/catalog.ts";
import { isForeign } from "./parts/foreignOptions.ts";
import { ownerIn } from "./parts/said.ts";
import type { Context, Room } from "./room.ts";

type SequenceOwner = DbObject<"sequenceOwner">;
const sequenceOf = (o: SequenceOwner): Id<"sequence"> => ({ kind: "sequence", schema: o.id.schema, name: o.id.name });
const columnOf = (o: SequenceOwner): Id<"column"> => ({ kind: "column", ...o.attributes.column });

const ownedBy = (o: SequenceOwner, what: string): Action =>
  action(`alter sequence ${qualified(o.id)} owned by ${what}`, { lock: "share row exclusive", on: [sequenceOf(o)] });
const column = (o: SequenceOwner): string => {
  const c = o.attributes.column;
  return `${qualified({ schema: c.schema, name: c.table })}.${name(c.name)}`;
};

const tableOf = (o: SequenceOwner): Id<"table"> => ({
  kind: "table",
  schema: o.attributes.column.schema,
  name: o.attributes.column.table,
});
const give = (o: SequenceOwner, role: string | null): Action =>
  action(`alter sequence ${qualified(o.id)} owner to ${role === null ? "current_user" : name(role)}`, itself(o));

/** Both must belong to the same role when they are tied. Who makes them owns what is new. `now`: whose the sequence is. */
function sameOwner(o: SequenceOwner, now: string | null, { from }: Context): readonly Action[] {
  const role = ownerIn(from, tableOf(o));
  return role === now ? [] : [give(o, role)];
}
/** A sequence that its column lets go is still the table's owner's. Another owner than who plans is said, and given by that. */
function letGo(o: SequenceOwner, { from, to }: Context): readonly Action[] {
  const sequence = sequenceOf(o);
  const stays = to.has(encode(sequence)) && ownerIn(to, sequence) === null;
  return [ownedBy(o, "none"), ...(stays && ownerIn(from, tableOf(o)) !== null ? [give(o, null)] : [])];
}
/** A column that is there and becomes a serial one has values already, which the new sequence would give again. */
function newSerial(o: SequenceOwner, context: Context): readonly Action[] {
  const { from, to } = context;
  const own = to.get(encode(columnOf(o)));
  if (!own || !isKind(own, "column") || !from.has(encode(own.id)) || isForeign(tableOf(o), to)) return [];
  return startSerial(sequenceOf(o), own, context);
}
const itself = (o: SequenceOwner) => ({ lock: "access exclusive", on: [sequenceOf(o)] }) as const;

export const sequenceOwners: Room<"sequenceOwner"> = {
  kind: "sequenceOwner",
  owner: sequenceOf,
  needs: (o) => [sequenceOf(o), columnOf(o)],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_sequence",
    sql: (schemas) => `
select n.nspname as schema, s.relname as name, tn.nspname as table_schema, t.relname as table, a.attname as column, '[]' as addresses
from pg_sequence q
join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = q.seqrelid
join pg_class s on s.oid = q.seqrelid
join pg_namespace n on n.oid = s.relnamespace
join pg_class t on t.oid = d.refobjid and ${modelledTable("t")}
join pg_namespace tn on tn.oid = t.relnamespace
join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
where d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype = 'a'
  and (${schemas}) and not ${ofExtension("pg_class", "s.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "sequenceOwner", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        column: { schema: text(row, "table_schema"), table: text(row, "table"), name: text(row, "column") },
      },
      needs: [],
    }),
  },
  create: (o, context) => [
    ...sameOwner(o, ownerIn(context.from, sequenceOf(o)), context),
    ownedBy(o, column(o)),
    ...newSerial(o, context),
  ],
  drop: letGo,
  change: {
    // While it is tied its owner cannot be changed.
    column: (from, to, _, context) => {
      const given = sameOwner(to, ownerIn(context.from, tableOf(from)), context);
      return quietly(...(given.length ? [ownedBy(to, "none")] : []), ...given, ownedBy(to, column(to)));
    },
  },
  describe: () => ({ at: "owner" }),
};
