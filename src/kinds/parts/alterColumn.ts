/** Changes a column in place. Attributes stand in each other's way, so one function takes them all, in an order that always works. */
import type { AttributeName, Fragment } from "../../model/objects.ts";
import type { Action, Cost, Hazard } from "../../model/plan.ts";
import { differing, same } from "../../model/database.ts";
import { literal, name, qualified } from "../../sql.ts";
import type { Change, Context, InPlace } from "../room.ts";
import { action } from "./action.ts";
import { addIdentity, afterValues } from "./addIdentity.ts";
import { anyAnew, converted, isRebound, isRetyped } from "./boundTypes.ts";
import { bareType, conversion } from "./casts.ts";
import { type Column, columnPath, identityChanges, sequenceType } from "./columnText.ts";
import { changeOptions, foreignPart, isForeign } from "./foreignOptions.ts";
import { columnAt, handedDown, inheritable, keepers, keptHeirs, notNullName, reach } from "./inheritance.ts";
import {
  asBrought,
  comesFromParent,
  doublyNotNull,
  isLoosened,
  isNotNullAnew,
  isOnly,
  isReset,
  newlyNotNull,
  parentsNotNull,
  renamedNotNull,
} from "./inheritedColumns.ts";
import { objectName } from "./keys.ts";
import { optionChanges } from "./options.ts";
import { bounds } from "./sequences.ts";
import { isRetypedBelow, mustRemake, remake } from "./remakeColumn.ts";
import { setExpression } from "./setExpression.ts";
import { renameSequence, sequenceOf } from "./serials.ts";
import { exchange, staysBound, uncomputed } from "./stayingBound.ts";
import { usual } from "./storage.ts";
import { alone, alter, tableOf } from "./table.ts";
import { bracketed, defaultText } from "./text.ts";
import { typeParts, typeText } from "./types.ts";
import { waitsForRows } from "./waitsForRows.ts";

type Changed = ReadonlySet<AttributeName<"column">>;

/**
 * 1. What is generated cannot always become what is wanted; then the column is made anew.
 * 2. What would be in the way of a new type goes: default, identity, NOT NULL that is not wanted.
 * 3. The type and collation.
 * 4. What is wanted comes: NOT NULL, identity, default; then how it is stored, which a new type has reset.
 */
export const alterColumn: Change<"column"> = (from, to, changed, context): InPlace => {
  const [a, b] = [from.attributes, to.attributes];
  // What a parent hands down all through the plan gets its type there.
  const parents = keepers(to.id, context);
  const newType = isRetyped(from, to, context);
  const retyped = newType && !parents.length;
  if (parents.some((p) => isRemade(p, context))) return remadeByParent(to, context);
  if (mustRemake(from, to, retyped, context)) return remake(from, to, context);
  if (staysBound(from, to, context)) {
    const other = uncomputed(from);
    const rest = alterColumn(other, to, new Set(differing(other, to)), context);
    return { ...rest, before: exchange(from, context), disturbs: "everything" };
  }
  const column = `alter column ${name(to.id.name)}`;
  const on = reach(tableOf(to.id), context.from);
  const clause = (text: string, more: Parameters<typeof alter>[3] = {}): Action =>
    alter(tableOf(to.id), `${column} ${text}`, context, { on, ...more });
  const actions: Action[] = [];

  if (a.generated && !b.generated && !parents.length) {
    // USING is refused as long as the statement began with a generated column.
    const dropped = clause("drop expression");
    actions.push(retyped ? alone(dropped) : dropped);
  }
  if (a.identity && !b.identity) {
    const hazards: Hazard[] = [{ code: "data-loss", on: to.id, detail: "The counter of its identity is lost." }];
    const dropped = clause("drop identity", { hazards });
    // Postgres looks at the identity before it starts, so the new type needs a statement of its own.
    actions.push(retyped ? alone(dropped) : dropped);
  }
  // Under a type that is made anew the default goes and comes with that.
  const newDefault = newType || (changed.has("default") && !isRebound(to, context));
  const ownDefault = newDefault && !comesFromParent(to.id, "default", context);
  const onlyDefault = { only: isOnly(to.id, "default", context) };
  if (retyped && [from.id, ...keptHeirs(to.id, context)].some((id) => hasDefault(id, context)))
    actions.push(clause("drop default"));
  else if (a.default && !newType && ownDefault && !b.default) actions.push(clause("drop default", onlyDefault));
  if (a.notNull && !b.notNull && !notNullComes(to, context))
    actions.push(clause("drop not null", { only: context.version < 180000 && isOnly(to.id, "notNull", context) }));
  const loose = retyped ? looseNotNull(from, to, context) : null;
  if (loose) actions.push(...loose.before);
  // An identity's options must fit the narrower of both types.
  const narrows = retyped && width(to) < width(from);
  if (a.identity && b.identity && changed.has("identity") && narrows) actions.push(...alterIdentity(from, to, context));
  const moved = newType && !narrows ? withNewType(from, to) : from;
  if (retyped) actions.push(alterType(from, to, context));
  if (a.generated && b.generated && changed.has("generated") && !comesFromParent(to.id, "generated", context)) {
    const set = setExpression(to, context, isOnly(to.id, "generated", context));
    // In one statement types change before expressions, which may be computed from those.
    actions.push(isRetypedBelow(from, context) ? alone(set) : set);
  }
  // Under a type that is made anew some things come with that.
  const later = !newType && isRebound(to, context);
  const after: Action[] = [];
  if (loose) actions.push(...loose.after);
  else if (b.notNull && !notNullComes(to, context) && !waitsForRows(to, context)) {
    const taken = parentsNotNull(to.id, context) === "takes" && !hadItsOwn(to.id, context);
    const heirs = inheritable(b.notNull) && changed.has("notNull") ? newlyNotNull(to.id, context) : [];
    // Where heirs have one of their own Postgres would trip over them when the type comes.
    const list = later && heirs.length ? after : actions;
    list.push(...heirs.map((h) => addNotNull(h, context)));
    if (inheritable(b.notNull) && changed.has("notNull"))
      list.push(...renamedNotNull(to.id, context).map(([was, is]) => givesWay(was, is, to, context)));
    if (changed.has("notNull") || taken) list.push(...setNotNull(taken ? withoutNotNull(from) : from, to, context));
  }
  if (!a.identity && b.identity) actions.push(...addIdentity(to, context));
  else if (a.identity && b.identity && !narrows && !same(moved.attributes.identity, b.identity))
    actions.push(...alterIdentity(moved, to, context));
  if (b.default && ownDefault)
    actions.push(clause(`set default ${defaultText(b.default.sql)}`, { path: b.default.path, ...onlyDefault }));
  const stored = later ? new Set([...changed].filter((x) => x !== "storage" && x !== "compression")) : changed;
  actions.push(...alterStorage(from, to, stored, context, { later }));
  // Keys stand on a not-null that goes and comes.
  const disturbs = isLoosened(to.id, context) ? "everything" : "expressions";
  return { actions, after, disturbs: newType ? disturbs : "nothing" };
};

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

/** Whether the column or one that it hands itself down to has a default that a new type would be in the way of. */
export const hasDefault = (id: Column["id"], context: Context): boolean =>
  columnAt(id, context.from)?.attributes.default != null || keptHeirs(id, context).some((h) => hasDefault(h, context));

/** Whether a parent sees to the column's not-null. */
function notNullComes(to: Column, context: Context): boolean {
  if (context.version < 180000) return comesFromParent(to.id, "notNull", context);
  const parents = parentsNotNull(to.id, context);
  return parents === "gives" || (parents === "takes" && !to.attributes.notNull && !hadItsOwn(to.id, context));
}
/** A column of the table's own has a not-null of its own. */
const hadItsOwn = (id: Column["id"], context: Context): boolean =>
  columnAt(id, context.from)?.attributes.local === true;
export const withoutNotNull = (o: Column): Column => ({ ...o, attributes: { ...o.attributes, notNull: null } });

/** Whether a column that both databases hold is dropped and added in between. */
function isRemade(id: Column["id"], context: Context): boolean {
  const [from, to] = [columnAt(id, context.from), columnAt(id, context.to)];
  if (!from || !to) return false;
  const parents = keepers(id, context);
  const retyped = !parents.length && isRetyped(from, to, context);
  return parents.some((p) => isRemade(p, context)) || mustRemake(from, to, retyped, context);
}

/** A parent's column went and came again, and this one with it: computed as the parent's, and so are those below. */
export function remadeByParent(to: Column, context: Context): InPlace {
  const down = handedDown(to.id, context.to);
  const was = down && { ...down, attributes: asBrought(down.attributes) };
  const is: Column = {
    ...to,
    attributes: { ...to.attributes, notNull: was?.attributes.notNull ?? to.attributes.notNull },
  };
  const otherwise =
    was?.attributes.generated && to.attributes.generated && !same(was.attributes.generated, to.attributes.generated);
  return {
    actions: [
      ...(otherwise && context.version >= 170000 ? [setExpression(to, context)] : []),
      ...(was ? alterStorage(was, is, new Set(differing(was, is)), context, { alone: true }) : []),
    ],
    disturbs: "everything",
  };
}

/** Widths of the sequence types that an identity can have. */
const width = (o: Column): number => ["smallint", "integer", "bigint"].indexOf(sequenceType(o.attributes));

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

function alterType(from: Column, to: Column, context: Context): Action {
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
      (foreign ? "" : anew ? ` using ${converted(to, context)}` : usingText(to, was, is, hint, c.using)),
    context,
    {
      on: reach(tableOf(to.id), context.from),
      hazards,
      cost,
      path: columnPath({ ...to.attributes, default: null, generated: null }, hint),
    },
  );
}

const usingText = (...how: Parameters<typeof castText>): string => {
  const text = castText(...how);
  return text === null ? "" : ` using ${text}`;
};
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
  const number = ["smallint", "integer", "bigint"].includes(was);
  // `bit` without modifiers is the grammar's bit(1).
  const target =
    typeParts(is).name === "bit" && typeParts(is).schema === null
      ? number
        ? is
        : is.replace(/^"?bit"?(\(\d+\))?/, '"bit"')
      : bareType(is);
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
  if (!was)
    return [
      ...(backfill ?? []),
      is.name === null && is.validated && !is.noInherit ? alter(table, `${self} set not null`, context, scan) : add(),
    ];
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

/** The identity of a table that was made anew goes on where that of the one that was put aside stands. */
export function continueIdentity(to: Column, from: Column | null): readonly Action[] {
  const { min, max } = to.attributes.identity!.options;
  const was = from && sequenceOf(from);
  if (!was) return from ? [afterValues(to)] : [];
  return [
    action(
      `select pg_catalog.setval(${literal(qualified(sequenceOf(to)!)).trim()}::pg_catalog.regclass, last_value, is_called) ` +
        `from ${qualified(was)} where last_value between ${min} and ${max}`,
    ),
  ];
}

/** The column with its new type. A bound of its identity that was the old type's own becomes the new one's, said or not. */
function withNewType(from: Column, to: Column): Column {
  const { type } = to.attributes;
  const { identity } = from.attributes;
  if (!identity) return { ...from, attributes: { ...from.attributes, type } };
  const [was, is] = [bounds[sequenceType(from.attributes)], bounds[sequenceType(to.attributes)]];
  const { min, max } = identity.options;
  const options = {
    ...identity.options,
    min: min === was.min ? is.min : min,
    max: max === was.max ? is.max : max,
  };
  return { ...from, attributes: { ...from.attributes, type, identity: { ...identity, options } } };
}

function alterIdentity(from: Column, to: Column, context: Context): readonly Action[] {
  const [a, b] = [from.attributes.identity!, to.attributes.identity!];
  const table = tableOf(to.id);
  const [was, is] = [sequenceOf(from)!, sequenceOf(to)!];
  const sequence = qualified(was);
  const actions: Action[] = [];
  // A counter outside of narrower bounds would be refused: it moves to the nearest value inside, by way of bounds that hold both.
  const less = (x: string, y: string): boolean => BigInt(x) < BigInt(y);
  if (less(a.options.min, b.options.min) || less(b.options.max, a.options.max)) {
    const widest = bounds[sequenceType(from.attributes)];
    const min = less(a.options.min, b.options.min) ? a.options.min : b.options.min;
    const max = less(b.options.max, a.options.max) ? a.options.max : b.options.max;
    if (!less(min, widest.min) && !less(widest.max, max))
      actions.push(
        action(`alter sequence ${sequence} minvalue ${min} maxvalue ${max}`),
        action(
          `select pg_catalog.setval(${literal(sequence).trim()}::pg_catalog.regclass, ` +
            `case when not is_called then ${b.options.start} when last_value < ${b.options.min} then ${b.options.min} else ${b.options.max} end, is_called) ` +
            `from ${sequence} where last_value not between ${b.options.min} and ${b.options.max}`,
        ),
      );
  }
  const changes = identityChanges(a, b);
  if (changes !== "") actions.push(alter(table, `alter column ${name(to.id.name)} ${changes}`, context));
  // The sequence of an identity column always lives in the schema of its table.
  if (was.name !== is.name) actions.push(renameSequence(was, is.name));
  return actions;
}

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
