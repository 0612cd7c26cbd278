/** Another expression of a column that stays generated (PostgreSQL 17): heirs get it too, unless it is said of the table `only`. */
import type { Action } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import type { Column } from "./columnText.ts";
import { reach } from "./inheritance.ts";
import { alter, tableOf } from "./table.ts";
import { bracketed } from "./text.ts";

export function setExpression(to: Column, context: Context, only = false): Action {
  const { expression, storage } = to.attributes.generated!;
  return alter(
    tableOf(to.id),
    `alter column ${name(to.id.name)} set expression as ${bracketed(expression.sql)}`,
    context,
    {
      on: reach(tableOf(to.id), context.from),
      cost: storage === "stored" ? "rewrite" : "instant",
      path: expression.path,
      only,
    },
  );
}
