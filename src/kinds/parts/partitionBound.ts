/** Bounds of partitions: as text of ours, and as Postgres shows them. */
import type { BoundNode } from "../../../grammar/declarations.ts";
import type { Fragment, QualifiedName } from "../../model/objects.ts";
import { fragment, isKind, observed } from "../../model/database.ts";
import { problem, type Span } from "../../problems.ts";
import { qualified } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { fragmentNode, nowhere } from "./nodes.ts";
import { partitionsOf } from "./partitions.ts";
import { afterQuoted, bracketed } from "./text.ts";

/** What ATTACH PARTITION is told. Of two forms there is but one spelling. */
export function boundOf(b: BoundNode, path: readonly string[]): Fragment {
  switch (b.kind) {
    case "range":
      return fragment(`FOR VALUES FROM ${bracketed(b.from.text)} TO ${bracketed(b.to.text)}`, path);
    case "list":
      return fragment(`FOR VALUES IN ${bracketed(b.values.text)}`, path);
    case "hash":
      return observed(`FOR VALUES WITH (modulus ${Number(b.modulus)}, remainder ${Number(b.remainder)})`);
    case "default":
      return observed("DEFAULT");
  }
}

/** What takes all rows that no other partition takes. */
export const isDefault = ({ sql }: Fragment): boolean => sql === "DEFAULT";

const spelled = { range: "for (…) to (…)", list: "for (…)", hash: "for modulus … remainder …" } as const;

/** Reports what Postgres takes for no bound of the partitioned table, whatever the values are; known when all is declared (rank 5). */
export function judgeBound(b: BoundNode, own: QualifiedName, of: QualifiedName, declare: Declare): void {
  const report = (span: Span, message: string, help?: string): void =>
    declare.report(problem("invalid-partition", span, message, help === undefined ? {} : { help }));
  const table = declare.declared({ kind: "table", ...of });
  const by = table && isKind(table, "table") ? table.attributes.partitionBy : null;
  if (!by) return;
  const shown = qualified(of);
  if (b.kind === "default") {
    if (by.strategy === "hash") return report(b.span, `${shown} is partitioned by hash, and then there is no default.`);
    const first = partitionsOf(of, declare.whole()).find((o) => isDefault(o.attributes.bound));
    if (first && (first.id.schema !== own.schema || first.id.name !== own.name))
      report(b.span, `${shown} has a default partition already: ${qualified(first.id)}.`);
    return;
  }
  if (b.kind !== by.strategy)
    return report(b.span, `${shown} is partitioned by ${by.strategy}.`, `Write ${spelled[by.strategy]}.`);
  if (b.kind === "hash" && Number(b.remainder) >= Number(b.modulus))
    return report(b.span, "A remainder is less than its modulus.");
  for (const f of b.kind === "range" ? [b.from, b.to] : []) {
    const [values, keys] = [expressionsIn(f.text).length, by.keys.length];
    if (values !== keys)
      report(
        f.span,
        `${shown} is partitioned by a key of ${keys}, and here ${values === 1 ? "is 1 value" : `are ${values} values`}.`,
      );
  }
}

/** The other way round; what Postgres shows, and what `boundOf` makes, has these forms only. */
export function boundNode(text: string): BoundNode {
  const hash = /^FOR VALUES WITH \(modulus (\d+), remainder (\d+)\)$/.exec(text);
  if (hash) return { kind: "hash", modulus: hash[1]!, remainder: hash[2]!, span: nowhere };
  if (text === "DEFAULT") return { kind: "default", span: nowhere };
  const list = "FOR VALUES IN (";
  if (text.startsWith(list)) return { kind: "list", values: inside(text, list.length).node, span: nowhere };
  const from = inside(text, "FOR VALUES FROM (".length);
  const to = inside(text, from.end + " TO (".length);
  return { kind: "range", from: from.node, to: to.node, span: nowhere };
}

/** The same in a statement of ours. */
export function boundSql(text: string): string {
  const b = boundNode(text);
  switch (b.kind) {
    case "range":
      return `for values from ${bracketed(b.from.text)} to ${bracketed(b.to.text)}`;
    case "list":
      return `for values in ${bracketed(b.values.text)}`;
    case "hash":
      return `for values with (modulus ${b.modulus}, remainder ${b.remainder})`;
    case "default":
      return "default";
  }
}

/** What stands from here to the bracket that closes. */
function inside(text: string, start: number): { readonly node: ReturnType<typeof fragmentNode>; readonly end: number } {
  const end = closing(text, start);
  return { node: fragmentNode(fragment(text.slice(start, end))), end: end + 1 };
}

/** Where a bracket closes that none opens from `start` on; the end of the text if none does. */
function closing(text: string, start: number): number {
  for (const { at, depth, mark } of marks(text, start)) if (mark === ")" && depth < 0) return at;
  return text.length;
}

/** Expressions in a list as Postgres shows it, with `, ` between. */
export function expressionsIn(text: string): readonly string[] {
  const out: string[] = [];
  let start = 0;
  for (const { at, depth, mark } of marks(text, 0))
    if (mark === "," && depth === 0) {
      out.push(text.slice(start, at).trim());
      start = at + 1;
    }
  out.push(text.slice(start).trim());
  return out;
}

/** Closing brackets and commas outside of quotes and comments, with the depth after them. */
function* marks(text: string, start: number): Generator<{ at: number; depth: number; mark: string }> {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i]!;
    const after = afterQuoted(text, i);
    if (after > i) i = after - 1;
    else if (c === "(" || c === "[") depth++;
    else if (c === ")" || c === "]") yield { at: i, depth: --depth, mark: ")" };
    else if (c === ",") yield { at: i, depth, mark: c };
  }
}
