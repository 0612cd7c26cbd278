/** Makes a column not null, and gives its not-null another name or state. */
import type { AttributeName } from "../../model/objects.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import type { Column } from "./columnText.ts";
import { columnAt, inheritable, keptHeirs, notNullName, reach } from "./inheritance.ts";
import { comesFromParent, isOnly } from "./inheritedColumns.ts";
import {
  doublyNotNull,
  isNotNullAnew,
  isNotNullHeld,
  newlyNotNull,
  ownBelow,
  parentsNotNull,
  renamedNotNull,
} from "./inheritedNotNull.ts";
import { alone, alter, tableOf } from "./table.ts";
import { bracketed } from "./text.ts";
import { waitsForRows } from "./waitsForRows.ts";

/** Takes not-null constraints off and puts them on again around a new type, where Postgres would trip over them; null: it does not. */
export function looseNotNull(
  from: Column,
  to: Column,
  context: Context,
): { readonly before: readonly Action[]; readonly after: readonly Action[] } | null {
  const heirs = from.attributes.notNull && to.attributes.notNull ? doublyNotNull(to.id, context) : [];
  if (!heirs.length) return null;
  return {
    before: [to, ...heirs].map((o) =>
      alone(alter(tableOf(o.id), `alter column ${name(o.id.name)} drop not null`, context)),
    ),
    after: [...heirs.map((o) => addNotNull(o, context)), ...setNotNull(withoutNotNull(from), to, context)],
  };
}

const addNotNull = (o: Column, context: Context): Action =>
  alter(tableOf(o.id), `add constraint ${name(notNullName(o, context.to))} not null ${name(o.id.name)}`, context, {
    cost: "scan",
  });

/** Whether a parent sees to the column's not-null. */
export function notNullComes(to: Column, context: Context): boolean {
  if (context.version < 180000) return comesFromParent(to.id, "notNull", context);
  const parents = parentsNotNull(to.id, context);
  return parents === "gives" || (parents === "takes" && !to.attributes.notNull && !hadItsOwn(to.id, context));
}

/** A column of the table's own has a not-null of its own. */
const hadItsOwn = (id: Column["id"], context: Context): boolean =>
  columnAt(id, context.from)?.attributes.local === true;

export const withoutNotNull = (o: Column): Column => ({ ...o, attributes: { ...o.attributes, notNull: null } });

/** Makes it not null where it is to be that, after heirs that are to have one of their own. `anew`: while its type is made anew. */
export function comeNotNull(
  from: Column,
  to: Column,
  changed: ReadonlySet<AttributeName<"column">>,
  context: Context,
  anew: boolean,
): { readonly actions: readonly Action[]; readonly after: readonly Action[] } {
  const { notNull } = to.attributes;
  if (!notNull || notNullComes(to, context) || waitsForRows(to, context)) return { actions: [], after: [] };
  const taken = parentsNotNull(to.id, context) === "takes" && !hadItsOwn(to.id, context);
  const handsDown = inheritable(notNull) && changed.has("notNull");
  const heirs = handsDown ? newlyNotNull(to.id, context) : [];
  const renamed = handsDown ? renamedNotNull(to.id, context) : [];
  const actions = [
    ...heirs.map((h) => addNotNull(h, context)),
    ...renamed.map(([was, is]) => givesWay(was, is, to, context)),
    ...(changed.has("notNull") || taken ? setNotNull(taken ? withoutNotNull(from) : from, to, context) : []),
  ];
  // Where heirs have one of their own Postgres would trip over them when the type comes.
  const trips = anew && handsDown && (heirs.length > 0 || ownBelow(to.id, context).length > 0);
  return trips ? { actions: [], after: actions } : { actions, after: [] };
}

/** NOT NULL as wanted, where there is none or another. */
export function setNotNull(from: Column, to: Column, context: Context): readonly Action[] {
  const table = tableOf(to.id);
  const was = from.attributes.notNull;
  const is = to.attributes.notNull!;
  const backfill = was ? null : fill(to, context);
  const mayFail: Hazard[] = backfill ? [] : [{ code: "may-fail", on: to.id, detail: "Rows with a null refuse it." }];
  const self = `alter column ${name(to.id.name)}`;
  const scan = { on: reach(table, context.from), cost: "scan", hazards: mayFail } as const;
  if (context.version < 180000)
    return was
      ? []
      : [
          ...(backfill ?? []),
          alter(table, `${self} set not null`, context, { ...scan, only: isOnly(to.id, "notNull", context) }),
        ];
  const wanted = notNullName(to, context.to);
  const add = (): Action =>
    alter(
      table,
      `add constraint ${name(wanted)} not null ${name(to.id.name)}${is.noInherit ? " no inherit" : ""}${is.validated ? "" : " not valid"}`,
      context,
      is.validated ? scan : { on: scan.on },
    );
  if (!was) {
    // Postgres makes up no name that an heir's, or another's of the schema, has already.
    const isTaken =
      isNotNullHeld(to, context) ||
      keptHeirs(to.id, context).some((id) => {
        const heir = columnAt(id, context.from);
        return heir?.attributes.notNull && notNullName(heir, context.from) === wanted;
      });
    const plain = is.name === null && is.validated && !is.noInherit && !isTaken;
    return [...(backfill ?? []), plain ? alter(table, `${self} set not null`, context, scan) : add()];
  }
  if (isNotNullAnew(to.id, was, is, context)) return [alter(table, `${self} drop not null`, context), add()];
  const actions: Action[] = [];
  const had = notNullName(from, context.from);
  if (had !== wanted) actions.push(renameConstraint(to, had, wanted, context));
  // A primary key looks for them before the statement that it stands in has changed them.
  if (was.noInherit !== is.noInherit)
    actions.push(
      alone(alter(table, `alter constraint ${name(wanted)} ${is.noInherit ? "no inherit" : "inherit"}`, context)),
    );
  if (!was.validated && is.validated)
    actions.push(
      alone(alter(table, `validate constraint ${name(wanted)}`, context, { ...scan, lock: "share update exclusive" })),
    );
  return actions;
}

/** An heir's not null before its parent hands one down: one that is to be nothing but the parent's goes, for Postgres would keep it. */
function givesWay(was: Column, is: Column, parent: Column, context: Context): Action {
  const wanted = notNullName(is, context.to);
  return was.attributes.local || wanted !== notNullName(parent, context.to)
    ? renameConstraint(is, notNullName(was, context.from), wanted, context)
    : alone(alter(tableOf(is.id), `alter column ${name(is.id.name)} drop not null`, context));
}

/** RENAME is never one of several clauses. */
const renameConstraint = (o: Column, was: string, is: string, context: Context): Action =>
  alone(alter(tableOf(o.id), `rename constraint ${name(was)} to ${name(is)}`, context));

/** Gives rows without a value the one that the text says; null when it says none. */
export function fill(o: Column, context: Context): readonly Action[] | null {
  const backfill = o.hints?.backfill;
  if (!backfill) return null;
  const table = tableOf(o.id);
  const self = name(o.id.name);
  return [
    action(`update ${qualified(table)} set ${self} = ${bracketed(backfill.sql)} where ${self} is null`, {
      lock: context.from.size ? "row exclusive" : "none",
      on: [table],
      cost: "rewrite",
      path: backfill.path,
    }),
  ];
}
