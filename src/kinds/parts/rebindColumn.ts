/** What happens to a column when a type, or a column that it is computed from, is made anew under it. */
import type { Id } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { isKind } from "../../model/database.ts";
import { encode, sameId } from "../../model/id.ts";
import { literal, name } from "../../sql.ts";
import type { Context } from "../room.ts";
import { ownType } from "./boundTypes.ts";
import { type Column, columnPath } from "./columnText.ts";
import { createColumn, dropColumn } from "./createColumn.ts";
import { inheritedColumn } from "./inheritance.ts";
import { objectName } from "./keys.ts";
import { alter, tableOf } from "./table.ts";
import { defaultText } from "./text.ts";
import { typeParts, typeText } from "./types.ts";

interface Around {
  readonly before: readonly Action[];
  readonly after: readonly Action[];
}

/**
 * A generated column goes before and comes back after. Any other keeps its rows: its default goes, the values are
 * converted by way of their text, and the default comes back.
 */
export function rebindColumn(from: Column, to: Column, replaced: readonly Id[], context: Context): Around {
  if (from.attributes.generated || to.attributes.generated)
    return { before: [dropColumn(from, context, [])], after: createColumn(to, context) };
  const table = tableOf(to.id);
  const column = `alter column ${name(to.id.name)}`;
  const type = replaced.find((r) => ownType(to).some((t) => sameId(t, r)));
  const fromParent = inheritedColumn(from.id, context.from) !== null && inheritedColumn(to.id, context.to) !== null;
  const initial = to.attributes.default;
  const before = from.attributes.default ? [alter(table, `${column} drop default`, context)] : [];
  const after: Action[] = [];
  if (type && !fromParent) {
    const { collation, storage, compression } = to.attributes;
    after.push(
      alter(
        table,
        `${column} type ${to.attributes.type.sql}${collation ? ` collate ${objectName(collation)}` : ""} using ${converted(to, type, context)}`,
        context,
        {
          cost: "rewrite",
          path: columnPath({ ...to.attributes, default: null, generated: null }),
          hazards: [{ code: "may-fail", on: to.id, detail: "Values that the new type does not know refuse it." }],
        },
      ),
    );
    // A new type resets how values are stored.
    if (storage !== null) after.push(alter(table, `${column} set storage ${storage}`, context));
    if (compression !== null) after.push(alter(table, `${column} set compression ${compression}`, context));
  }
  if (initial)
    after.push(alter(table, `${column} set default ${defaultText(initial.sql)}`, context, { path: initial.path }));
  return { before, after };
}

/** The value by way of its text, with labels that are gone replaced by those that take over their rows. */
function converted(to: Column, type: Id, context: Context): string {
  const is = typeText(to.attributes.type);
  const { array } = typeParts(is);
  const self = name(to.id.name);
  const successors = labelSuccessors(type, context);
  let text = `${self}::text${array ? "[]" : ""}`;
  if (!successors.length) return `${text}::${is}`;
  if (array) {
    for (const [old, next] of successors)
      text = `pg_catalog.array_replace(${text}, ${literal(old).trim()}, ${literal(next).trim()})`;
    return `${text}::${is}`;
  }
  const arms = successors.map(([old, next]) => `when ${literal(old).trim()} then ${literal(next).trim()}`).join(" ");
  return `(case ${text} ${arms} else ${text} end)::${is}`;
}

function labelSuccessors(type: Id, { from, to }: Context): readonly (readonly [string, string])[] {
  const [was, is] = [from.get(encode(type)), to.get(encode(type))];
  if (!was || !is || !isKind(was, "enum") || !isKind(is, "enum")) return [];
  const gone = was.attributes.labels.filter((l) => !is.attributes.labels.includes(l));
  const renamed = Object.entries(is.hints?.labelWas ?? {}).map(([next, old]) => [old, next] as const);
  const all = new Map([...renamed, ...Object.entries(is.hints?.replacements ?? {})]);
  return gone.flatMap((old) => {
    const next = all.get(old);
    return next === undefined ? [] : [[old, next] as const];
  });
}
