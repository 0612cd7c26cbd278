/** Tables whose columns are those of a composite type. Postgres changes neither while they are bound to each other, so they are parted and bound again. */
import type { Member } from "../../../grammar/declarations.ts";
import type { QualifiedNode } from "../../../grammar/nodes.ts";
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { type Database, type Index, indexOf, isKind, ofKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { problem } from "../../problems.ts";
import { name, qualified } from "../../sql.ts";
import type { Context, Declare, Followed, Role } from "../room.ts";
import { describeName } from "./keys.ts";
import { groupBy } from "./said.ts";

export const typedId = (t: QualifiedName): Id<"typedTable"> => ({
  kind: "typedTable",
  schema: t.schema,
  name: t.name,
});
const typedAt = (t: QualifiedName, all: Index): DbObject<"typedTable"> | null => {
  const o = all.get(encode(typedId(t)));
  return o && isKind(o, "typedTable") ? o : null;
};
/** Whether tables are bound to a type. */
export function hasTables({ schema, name: own }: QualifiedName, all: Index): boolean {
  for (const o of all.values())
    if (isKind(o, "typedTable") && same(o.attributes.type, { schema, name: own })) return true;
  return false;
}
/** The type that a table is of, for its head. */
export const describeTyped = (t: QualifiedName, all: Index): QualifiedNode | null => {
  const o = typedAt(t, all);
  return o && describeName(o.attributes.type);
};

/** A new column waits until the table is parted from its type. */
export const typedFollows = (o: DbObject<"column">, role: Role): readonly Followed[] =>
  role === "create" ? [{ id: typedId({ schema: o.id.schema, name: o.id.table }), roles: ["drop"] }] : [];

/** Typed tables whose type changes. A column that is made anew parts its table by itself, for that is bound by its columns. */
export function partedTables({ from, to }: Context): readonly Id<"typedTable">[] {
  const out: Id<"typedTable">[] = [];
  for (const o of from.values()) {
    if (!isKind(o, "typedTable")) continue;
    const wanted = typedAt(o.id, to);
    if (wanted && !sameType(o, wanted, { from, to })) out.push(o.id);
  }
  return out;
}
function sameType(
  from: DbObject<"typedTable">,
  to: DbObject<"typedTable">,
  all: Pick<Context, "from" | "to">,
): boolean {
  const id = { kind: "composite", ...to.attributes.type } as const;
  const key = encode(id);
  return (
    same(from.attributes.type, to.attributes.type) && same(all.from.get(key)?.attributes, all.to.get(key)?.attributes)
  );
}

/** The columns of each table in the order of its type, which Postgres wants them in. Where a type's attributes stand is not always said. */
export function asTyped(database: Database): Database {
  if (!database.objects.some((o) => isKind(o, "typedTable"))) return database;
  const all = indexOf(database);
  const sorted = new Map<string, DbObject<"column">[]>();
  for (const columns of groupBy(ofKind(database, "column"), tableKey)) {
    const { schema, table } = columns[0]!.id;
    const bound = typedAt({ schema, name: table }, all);
    const type = bound && all.get(encode({ kind: "composite", ...bound.attributes.type }));
    if (!type || !isKind(type, "composite")) continue;
    const places = new Map(type.attributes.attributes.map((a, i) => [a.name, i]));
    const place = (c: DbObject<"column">): number => places.get(c.id.name) ?? places.size;
    sorted.set(
      tableKey(columns[0]!),
      [...columns].sort((a, b) => place(a) - place(b)),
    );
  }
  return { objects: database.objects.map((o) => (isKind(o, "column") && sorted.get(tableKey(o))?.shift()) || o) };
}
const tableKey = ({ id }: DbObject<"column">): string => qualified({ schema: id.schema, name: id.table });

/** `table t of type { … }`: the columns are written all the same, as the type has them. */
export function declareTyped(
  table: QualifiedName,
  of: QualifiedNode,
  members: readonly Member[],
  declare: Declare,
): void {
  const all = declare.named(of);
  const id = all.find((found): found is Id<"composite"> => found.kind === "composite");
  if (!id) {
    if (all.length)
      declare.report(
        problem("invalid-option", of.span, `A table is of a composite type, which ${name(of.name.text)} is not.`),
      );
    return;
  }
  const type = { schema: id.schema, name: id.name };
  const columns = members.flatMap((m) => (m.kind === "column" ? [m.name.text] : []));
  declare.add(
    {
      id: typedId(table),
      attributes: { type },
      needs: columns.map((c) => ({ kind: "column", schema: table.schema, table: table.name, name: c })),
    },
    of.span,
  );
  declare.afterwards(0, () => {
    const composite = declare.declared(id);
    if (!composite || !isKind(composite, "composite")) return;
    const wanted = composite.attributes.attributes.map((a) => a.name);
    if (same(wanted, columns)) return;
    declare.report(
      problem(
        "typed-table-columns",
        of.span,
        `The table ${qualified(table)} is of the type ${qualified(type)}, so its columns are ${wanted.map(name).join(", ") || "none"}, in this order.`,
      ),
    );
  });
}
