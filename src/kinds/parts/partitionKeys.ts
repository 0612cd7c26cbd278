/** Partition keys: in the catalog, and what they keep from changing. */
import type { DbObject, Id, PartitionKey, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { describeId, encode, sameId } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import { name, qualified } from "../../sql.ts";
import type { CatalogNames, Context, Row } from "../room.ts";
import { numbersIn } from "./catalogNames.ts";
import { text } from "./catalog.ts";
import { keyText } from "./keys.ts";
import { expressionsIn } from "./partitionBound.ts";
import { tableName } from "./partitions.ts";
import { deparsed } from "./text.ts";
import { columnsUsing } from "./users.ts";

/** What `readPartitionKey` reads of pg_partitioned_table pt, joined beside pg_class c. */
export const partitionKeyColumns = `c.oid::text as relation, pt.partstrat::text as strategy, pt.partattrs::text as part_numbers,
  pt.partclass::text as part_classes, pt.partcollation::text as part_collations,
  pg_get_expr(pt.partexprs, pt.partrelid) as part_expressions, pg_get_partkeydef(pt.partrelid) as part_definition`;
export const partitionKeyJoin = "left join pg_partitioned_table pt on pt.partrelid = c.oid";

const strategies = { r: "range", l: "list", h: "hash" } as const;

/** `partition by range (a, lower(b))` */
export const partitionKeyText = (k: PartitionKey): string =>
  `partition by ${k.strategy} (${k.keys.map(keyText).join(", ")})`;

export function readPartitionKey(row: Row, names: CatalogNames): PartitionKey | null {
  const code = row["strategy"] ?? null;
  if (code === null) return null;
  if (code !== "r" && code !== "l" && code !== "h") throw new Error(`an unknown way of partitioning: ${code}`);
  const relation = text(row, "relation");
  const definition = text(row, "part_definition");
  const classes = numbersIn(text(row, "part_classes"));
  const collations = numbersIn(text(row, "part_collations"));
  const expressions = expressionsIn(row["part_expressions"] ?? "").values();
  return {
    strategy: strategies[code],
    keys: numbersIn(text(row, "part_numbers")).map((number, i) => {
      const column = number === "0" ? null : names.column(relation, number);
      const expression = column ? null : (expressions.next().value ?? "");
      const collation = collations[i] ?? "0";
      // An expression's own collation is not in the catalog; Postgres's definition says whether it was told another.
      const own = column
        ? collation !== "0" && collation !== column.collation
        : [" COLLATE ", ") COLLATE "].some((x) => definition.includes(expression + x));
      const operatorClass = names.operatorClass(classes[i] ?? "");
      return {
        column: column?.name ?? null,
        expression: expression === null ? null : deparsed(expression),
        collation: own ? names.collation(collation) : null,
        operatorClass: operatorClass.isUsual(column?.type ?? null) ? null : { name: operatorClass.name, options: {} },
        order: "asc",
        nulls: "last",
        statistics: null,
      };
    }),
  };
}

export const keyOf = (t: QualifiedName, all: Index): PartitionKey | null => {
  const found = all.get(encode({ kind: "table", schema: t.schema, name: t.name }));
  return found && isKind(found, "table") ? found.attributes.partitionBy : null;
};
/** Itself; what is in an expression only Postgres reads. */
export const isInKey = (o: DbObject<"column">, key: PartitionKey): boolean =>
  key.keys.some((k) => k.column === o.id.name);

/** The key of a table that stays partitioned by it; null: it has none, or is partitioned otherwise, and so made anew itself. */
function keptKey(t: QualifiedName, { from, to }: Context): PartitionKey | null {
  const key = keyOf(t, from);
  return key && same(key, keyOf(t, to)) ? key : null;
}

/** Why a type cannot be made anew: a table that stays is partitioned by a column of it. null: none is. */
export function stuckInKey(type: Id, context: Context): string | null {
  for (const column of columnsUsing(type, context.from).columns) {
    const t = tableName(column.id);
    const key = keptKey(t, context);
    if (key && isInKey(column, key))
      return `it would be made anew, and ${qualified(t)} is partitioned by its column ${name(column.id.name)}, which Postgres gives no other type`;
  }
  return null;
}

/** Why a function cannot be made anew: the key of a table that stays is computed with it. null: none is. */
export function computesKey(f: Id<"function">, context: Context): string | null {
  for (const { id, needs } of partitioned(context.from))
    if (needs.some((n) => sameId(n, f)) && keptKey(id, context))
      return `the partition key of ${describeId(id)} is computed with it; Postgres lets a key go only with its table`;
  return null;
}

/** Tables that have a partition key; found once for each database. */
const partitioned = oncePer((all: Index): readonly DbObject<"table">[] =>
  [...all.values()].filter((o) => isKind(o, "table")).filter((o) => o.attributes.partitionBy !== null),
);
