/** A computed column that is dropped and added, where Postgres changes it in no other way. */
import type { Fragment, Id } from "../../model/objects.ts";
import type { Hazard } from "../../model/plan.ts";
import { differing, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context, InPlace } from "../room.ts";
import { isAnew, isRebound, isRetyped } from "./boundTypes.ts";
import { conversion } from "./casts.ts";
import type { Column } from "./columnText.ts";
import { createColumn, dropColumn } from "./createColumn.ts";
import { typeText } from "./types.ts";

/** Whether a computed column, as it was or is to be, can only be dropped and added. */
export function mustRemake(from: Column, to: Column, retyped: boolean, context: Context): boolean {
  const { version, from: had, to: has } = context;
  const [a, b] = [from.attributes.generated, to.attributes.generated];
  if (!a && !b) return false;
  if (!a) return true;
  // A virtual column holds nothing that could stay.
  if (!b) return a.storage === "virtual";
  if (a.storage !== b.storage) return true;
  const newExpression = text(a.expression) !== text(b.expression);
  if (retyped)
    return (
      newExpression ||
      a.storage === "virtual" ||
      from.needs.some((n) => standsOnChanging(n, context)) ||
      conversion(typeText(from.attributes.type), typeText(to.attributes.type), had, has).using !== "none"
    );
  if (!newExpression) return false;
  if (version < 170000) return true;
  // Postgres refuses a new expression of a virtual column where the table has checks.
  return a.storage === "virtual" && [...had.values()].some((o) => isKind(o, "check") && sameTable(o.id, from.id));
}
/** Whether something that a computed column stands on changes: then the column cannot stay, whatever becomes of its own type. */
function standsOnChanging(need: Id, context: Context): boolean {
  const [was, is] = [context.from.get(encode(need)), context.to.get(encode(need))];
  if (!was || !is) return was !== undefined;
  return isKind(was, "column") && isKind(is, "column")
    ? getsType(was, is, context)
    : differing(was, is as typeof was).length > 0 || isAnew(need, context);
}
const text = (f: Fragment): string => f.canonical ?? f.sql;
const sameTable = (a: { schema: string; table: string }, b: { schema: string; table: string }): boolean =>
  a.schema === b.schema && a.table === b.table;

/**
 * Drops the column and adds it. What it was computed from gets no other type while it is there, so then it goes first and comes last:
 * one statement need not hold all of that.
 */
export function remake(from: Column, to: Column, context: Context): InPlace {
  const hazards: Hazard[] = from.attributes.generated
    ? []
    : [
        {
          code: "data-loss",
          on: to.id,
          detail: "Its values are lost, because a column can become a generated one only by being made anew.",
        },
      ];
  if (from.attributes.generated && !to.attributes.generated)
    hazards.push({
      code: "data-loss",
      on: to.id,
      detail: "What it computed is lost, because a virtual column holds no values.",
    });
  const [gone, made] = [dropColumn(from, context, hazards), createColumn(to, context)];
  return isRetypedBelow(from, context)
    ? { before: [gone], actions: [], after: made, disturbs: "everything" }
    : { actions: [gone, ...made], disturbs: "everything" };
}

/** Whether something that the column is computed from gets another type, or its own anew. */
export const isRetypedBelow = (o: Column, context: Context): boolean =>
  o.needs.some((need) => {
    const [was, is] = [context.from.get(encode(need)), context.to.get(encode(need))];
    if (!was || !is || !isKind(was, "column") || !isKind(is, "column")) return false;
    return getsType(was, is, context);
  });

const getsType = (was: Column, is: Column, context: Context): boolean =>
  isRetyped(was, is, context) || isRebound(is, context);
