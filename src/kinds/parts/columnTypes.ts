/** Gives a column another type, and says how its values become of that. */
import type { Fragment } from "../../model/objects.ts";
import type { Action, Cost, Hazard } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import { anyAnew, isRebound, isRetyped } from "./boundTypes.ts";
import { bareType, conversion } from "./casts.ts";
import { type Column, columnPath } from "./columnText.ts";
import { converted } from "./convertedValues.ts";
import { isForeign } from "./foreignOptions.ts";
import { heldByForeign } from "./foreignTables.ts";
import { columnAt, keptHeirs, reach } from "./inheritance.ts";
import { objectName } from "./keys.ts";
import { withStated } from "./rowStated.ts";
import { alter, tableOf } from "./table.ts";
import { bracketed } from "./text.ts";
import { typeParts, typeText } from "./types.ts";

/** Whether the column or one that it hands itself down to has a default that a new type would be in the way of. */
export const hasDefault = (id: Column["id"], context: Context): boolean =>
  columnAt(id, context.from)?.attributes.default != null || keptHeirs(id, context).some((h) => hasDefault(h, context));

function typeHazards(
  from: Column,
  to: Column,
  hint: Fragment | undefined,
  c: ReturnType<typeof conversion>,
): readonly Hazard[] {
  const [was, is] = [typeText(from.attributes.type), typeText(to.attributes.type)];
  const hazards: Hazard[] = [];
  if (!hint && c.lossy && !from.attributes.generated)
    hazards.push({ code: "lossy", on: to.id, detail: `From ${was} to ${is} part of a value may be lost.` });
  if (hint || c.mayFail)
    hazards.push({ code: "may-fail", on: to.id, detail: `Values that cannot become ${is} refuse it.` });
  return hazards;
}

/** Why a column that gets another type keeps it: its values would have to be converted. null: they need not, or can. */
export function cannotConvert(from: Column, to: Column, context: Context): string | null {
  if (!isRetyped(from, to, context)) return null;
  const [was, is] = [typeText(from.attributes.type), typeText(to.attributes.type)];
  const { using } = conversion(was, is, context.from, context.to);
  const asks = usingText(to, was, is, was === is ? undefined : to.hints?.using, using, context) !== "";
  return asks ? heldByForeign(to, context) : null;
}

export function alterType(from: Column, to: Column, context: Context): Action {
  const [was, is] = [typeText(from.attributes.type), typeText(to.attributes.type)];
  const hint = was === is ? undefined : to.hints?.using;
  const c = conversion(was, is, context.from, context.to);
  const hazards = was === is ? [] : typeHazards(from, to, hint, c);
  // No row is looked at where there are none.
  const foreign = isForeign(tableOf(to.id), context.from);
  const cost: Cost = foreign ? "instant" : was === is ? "build" : hint ? "rewrite" : c.cost;
  const { collation } = to.attributes;
  // A new collation on a type that is made anew in the same plan.
  const anew = was === is && isRebound(to, context);
  return alter(
    tableOf(to.id),
    `alter column ${name(to.id.name)} type ${to.attributes.type.sql}` +
      (collation ? ` collate ${objectName(collation)}` : "") +
      (foreign
        ? ""
        : anew
          ? ` using ${withStated(to, converted(to, context), is, context)}`
          : usingText(to, was, is, hint, c.using, context)),
    context,
    {
      on: reach(tableOf(to.id), context.from),
      hazards,
      cost,
      path: columnPath({ ...to.attributes, default: null, generated: null }, hint),
    },
  );
}

function usingText(...how: [...cast: Parameters<typeof castText>, context: Context]): string {
  const [to, was, is, hint, cast, context] = how;
  const text = castText(to, was, is, hint, cast);
  const self = text ?? name(to.id.name);
  const all = withStated(to, self, targetOf(was, is), context);
  return text === null && all === self ? "" : ` using ${all}`;
}

/** The type that is cast to. `bit` and `character` without modifiers are the grammar's bit(1) and character(1). */
function targetOf(was: string, is: string): string {
  const { schema, name: own, quoted, array } = typeParts(is);
  if (schema === null && !quoted && own === "character") return `bpchar${array ? "[]" : ""}`;
  if (schema !== null || own !== "bit") return bareType(is);
  return ["smallint", "integer", "bigint"].includes(was) ? is : is.replace(/^"?bit"?(\(\d+\))?/, '"bit"');
}

/**
 * The column as it was, as an expression of its new type; null: as it is. Casts go to the type without its modifiers, so that
 * Postgres refuses what is too long instead of cutting it off.
 */
function castText(
  to: Column,
  was: string,
  is: string,
  hint: Fragment | undefined,
  how: "none" | "cast" | "text",
): string | null {
  if (was === is || to.attributes.generated) return null;
  const self = name(to.id.name);
  if (hint) return bracketed(hint.sql);
  const target = targetOf(was, is);
  switch (how) {
    case "none":
      return null;
    case "cast":
      return `${self}::${target}`;
    case "text":
      return `${self}::text${typeParts(was).array && typeParts(is).array ? "[]" : ""}::${target}`;
  }
}

/** What a row of the table that was put aside holds in the column, as the new one wants it. */
export function carriedOver(
  from: Column,
  to: Column,
  context: Context,
): { readonly sql: string; readonly path: readonly string[]; readonly hazards: readonly Hazard[] } {
  const [was, is] = [typeText(from.attributes.type), typeText(to.attributes.type)];
  const hint = was === is ? undefined : to.hints?.using;
  const backfill = from.attributes.notNull || !to.attributes.notNull ? undefined : to.hints?.backfill;
  const c = conversion(was, is, context.from, context.to);
  const anew = was === is && anyAnew(was, context);
  const value = anew ? converted(to, context) : (castText(to, was, is, hint, c.using) ?? name(to.id.name));
  return {
    sql: backfill ? `coalesce(${value}, ${bracketed(backfill.sql)})` : value,
    path: [...(hint?.path ?? []), ...(backfill?.path ?? [])],
    hazards: [
      ...(was === is ? [] : typeHazards(from, to, hint, c)),
      ...(to.attributes.notNull && !from.attributes.notNull && !backfill
        ? [{ code: "may-fail", on: to.id, detail: "Rows with a null refuse it." } as const]
        : []),
    ],
  };
}
