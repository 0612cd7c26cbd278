/** Changes how a column is stored. */
import type { AttributeName } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import type { Column } from "./columnText.ts";
import { changeOptions, foreignPart } from "./foreignOptions.ts";
import { comesFromParent, isOnly, isReset } from "./inheritedColumns.ts";
import { optionChanges } from "./options.ts";
import { usual } from "./storage.ts";
import { alter, tableOf } from "./table.ts";

type Changed = ReadonlySet<AttributeName<"column">>;

/**
 * How values are stored: what a new type has set back is said again, unless that comes `later`. `alone`: what is done to a parent
 * does not reach it.
 */
export function alterStorage(
  from: Column,
  to: Column,
  changed: Changed,
  context: Context,
  { later = false, alone = false } = {},
): readonly Action[] {
  const [a, b] = [from.attributes, to.attributes];
  const column = `alter column ${name(to.id.name)}`;
  const clause = (text: string, more: Parameters<typeof alter>[3] = {}): Action =>
    alter(tableOf(to.id), `${column} ${text}`, context, more);
  const reset = !later && isReset(to.id, context);
  const only = (x: "storage" | "statistics") => ({ only: isOnly(to.id, x, context) });
  const own = (x: "storage" | "statistics"): boolean =>
    (reset && x !== "statistics" ? b[x] !== null : changed.has(x)) && (alone || !comesFromParent(to.id, x, context));
  const out: Action[] = [];
  if (own("storage")) out.push(clause(`set storage ${b.storage ?? usual(to, context)}`, only("storage")));
  if (reset ? b.compression !== null : changed.has("compression"))
    out.push(clause(`set compression ${b.compression ?? "default"}`));
  const light = { lock: "share update exclusive" } as const;
  if (own("statistics")) out.push(clause(`set statistics ${b.statistics ?? -1}`, { ...light, ...only("statistics") }));
  if (changed.has("foreignOptions"))
    out.push(...changeOptions(foreignPart(from), foreignPart(to), "", (sql, more) => clause(sql.trimStart(), more)));
  if (changed.has("options")) for (const c of optionChanges(a.options, b.options)) out.push(clause(c, light));
  return out;
}
