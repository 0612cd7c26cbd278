/** What the heads of tables and partitions have in common: where and how rows are kept, and what is said before `table`. */
import type { PartitionCstChildren, TableCstChildren } from "../cst.ts";
import type { Member, PartitionDeclaration, TableDeclaration } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Dsl } from "../parser.ts";
import { line, type Place, type Print, type Printed } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";
import { foreign, foreignText } from "./foreignTables.ts";
import { inClause } from "./heads.ts";
import { partitionKey, partitionKeyText } from "./partitioning.ts";

/** Clauses in any order, but for what `with` may say. */
export const tableClauses = (p: Dsl): readonly (() => void)[] => [
  () => p.call(0, "inSchema"),
  () => {
    p.take(0, kw("using"));
    p.take(0, Name, "using");
  },
  () => p.call(0, "inTablespace"),
  () => p.call(0, "partitionKey"),
  () => p.call(0, "onServer"),
  () => p.call(0, "foreignOptions"),
];
/** The word before `table` or `partition`. */
export const tableSorts = (p: Dsl): readonly (() => void)[] => [
  () => p.take(0, kw("unlogged")),
  () => p.take(0, kw("foreign")),
];

type Kept = Pick<
  TableDeclaration,
  "unlogged" | "using" | "tablespace" | "partitionBy" | "server" | "foreignOptions" | "schema" | "span"
>;
export function tableHead(c: TableCstChildren | PartitionCstChildren, place: Place, l: Lower): Kept {
  l.once(c.k_using, "using");
  l.onceNode(c.inTablespace, "tablespace");
  l.onceNode(c.partitionKey, "partition by");
  return {
    unlogged: c.k_unlogged !== undefined,
    using: c.using === undefined ? null : l.name(c.using[0]!),
    ...foreign(c, place.span, l),
    tablespace: c.inTablespace === undefined ? null : l.name(c.inTablespace[0]!.children.name[0]!),
    partitionBy: c.partitionKey === undefined ? null : partitionKey(c.partitionKey[0]!, l),
    schema: inClause(c.inSchema, place, l),
    span: place.span,
  };
}

/** A member `comment` is the table's documentation, as the lines above it are. */
export function commented(
  members: readonly Member[],
  place: Place,
  l: Lower,
): { readonly members: readonly Member[]; readonly doc: string | null } {
  let doc = l.doc(place.start);
  const others = members.filter((m) => {
    if (m.kind !== "comment") return true;
    if (doc !== null) l.twice(m.span, "comment");
    doc ??= m.text;
    return false;
  });
  return { members: others, doc };
}

/** From `using` on. */
export function keptText(d: TableDeclaration | PartitionDeclaration, p: Print): string {
  const options = p.options(d.options);
  return (
    (d.using === null ? "" : ` using ${p.name(d.using)}`) +
    (options === "" ? "" : ` with ${options}`) +
    (d.tablespace === null ? "" : ` tablespace ${p.name(d.tablespace)}`) +
    foreignText(d, p) +
    (d.partitionBy === null ? "" : partitionKeyText(d.partitionBy, p))
  );
}
/** The documentation as the first line of the braces, where it cannot stand above. */
export function commentLines(d: TableDeclaration | PartitionDeclaration, p: Print): readonly Printed[] {
  const text = p.comment(d.doc, d.span).trimStart();
  return text === "" ? [] : [line([text], { span: { ...d.span, end: d.span.start } })];
}
