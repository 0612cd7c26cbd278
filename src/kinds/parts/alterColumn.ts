/** Changes a column in place. Attributes stand in each other's way, so one function takes them all, in an order that always works. */
import type { AttributeName } from "../../model/objects.ts";
import { differing, same } from "../../model/database.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Change, Context, InPlace } from "../room.ts";
import { addIdentity } from "./addIdentity.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import { alterIdentity, width, withNewType } from "./columnIdentity.ts";
import { comeNotNull, looseNotNull, notNullComes } from "./columnNotNull.ts";
import { alterStorage } from "./columnStorage.ts";
import type { Column } from "./columnText.ts";
import { alterType, hasDefault } from "./columnTypes.ts";
import { columnAt, handedDown, keepers, keptHeirs, reach } from "./inheritance.ts";
import { asBrought, comesFromParent, isOnly } from "./inheritedColumns.ts";
import { isLoosened } from "./inheritedNotNull.ts";
import { isRetypedBelow, mustRemake, remake } from "./remakeColumn.ts";
import { setExpression } from "./setExpression.ts";
import { exchange, staysBound, uncomputed } from "./stayingBound.ts";
import { alone, alter, tableOf } from "./table.ts";
import { defaultText } from "./text.ts";

/** A change in place, with what all its steps ask. */
interface Changing {
  readonly from: Column;
  readonly to: Column;
  readonly changed: ReadonlySet<AttributeName<"column">>;
  readonly context: Context;
  /** It gets another type, here or from a parent. */
  readonly newType: boolean;
  /** It gets another type here. */
  readonly retyped: boolean;
  /** The same type, made anew: some things come with that. */
  readonly anew: boolean;
  /** The default goes and comes here. */
  readonly ownDefault: boolean;
  /** What is taken off around a new type because Postgres would trip over it. */
  readonly loose: ReturnType<typeof looseNotNull>;
  /** An identity's options must fit the narrower of both types. */
  readonly narrows: boolean;
  readonly clause: (text: string, more?: Parameters<typeof alter>[3]) => Action;
}

/**
 * 1. What is generated cannot always become what is wanted; then the column is made anew.
 * 2. What would be in the way of a new type goes: default, identity, NOT NULL that is not wanted.
 * 3. The type and collation.
 * 4. What is wanted comes: NOT NULL, identity, default; then how it is stored, which a new type has reset.
 */
export const alterColumn: Change<"column"> = (from, to, changed, context): InPlace => {
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
  const anew = isRebound(to, context);
  // Under a type that is made anew the default goes and comes with that.
  const newDefault = newType || (changed.has("default") && !anew);
  const on = reach(tableOf(to.id), context.from);
  const c: Changing = {
    from,
    to,
    changed,
    context,
    newType,
    retyped,
    anew: !newType && anew,
    ownDefault: newDefault && !comesFromParent(to.id, "default", context),
    loose: retyped ? looseNotNull(from, to, context) : null,
    narrows: retyped && width(to) < width(from),
    clause: (text, more) => alter(tableOf(to.id), `alter column ${name(to.id.name)} ${text}`, context, { on, ...more }),
  };
  const notNull = c.loose ? { actions: c.loose.after, after: [] } : comeNotNull(from, to, changed, context, c.anew);
  // Keys stand on a not-null that goes and comes.
  const disturbs = isLoosened(to.id, context) ? "everything" : "expressions";
  return {
    actions: [
      ...clearWay(c),
      ...becomeType(c),
      ...notNull.actions,
      ...comeIdentity(c),
      ...comeDefault(c),
      ...comeStorage(c),
    ],
    after: notNull.after,
    disturbs: newType ? disturbs : "nothing",
  };
};

function clearWay({ from, to, context, newType, retyped, ownDefault, loose, clause }: Changing): readonly Action[] {
  const [a, b] = [from.attributes, to.attributes];
  // Postgres looks at the identity before it starts, and refuses USING as long as the statement began with a generated column.
  const first = (dropped: Action): Action => (retyped ? alone(dropped) : dropped);
  const actions: Action[] = [];
  if (a.generated && !b.generated && !keepers(to.id, context).length) actions.push(first(clause("drop expression")));
  if (a.identity && !b.identity) {
    const hazards: Hazard[] = [{ code: "data-loss", on: to.id, detail: "The counter of its identity is lost." }];
    actions.push(first(clause("drop identity", { hazards })));
  }
  if (retyped && [from.id, ...keptHeirs(to.id, context)].some((id) => hasDefault(id, context)))
    actions.push(clause("drop default"));
  else if (a.default && !newType && ownDefault && !b.default)
    actions.push(clause("drop default", { only: isOnly(to.id, "default", context) }));
  if (a.notNull && !b.notNull && !notNullComes(to, context))
    actions.push(clause("drop not null", { only: context.version < 180000 && isOnly(to.id, "notNull", context) }));
  return [...actions, ...(loose?.before ?? [])];
}

function becomeType({ from, to, changed, context, retyped, narrows }: Changing): readonly Action[] {
  const [a, b] = [from.attributes, to.attributes];
  const actions: Action[] = [];
  if (a.identity && b.identity && changed.has("identity") && narrows) actions.push(...alterIdentity(from, to, context));
  if (retyped) actions.push(alterType(from, to, context));
  if (a.generated && b.generated && changed.has("generated") && !comesFromParent(to.id, "generated", context)) {
    const set = setExpression(to, context, isOnly(to.id, "generated", context));
    // In one statement types change before expressions, which may be computed from those.
    actions.push(isRetypedBelow(from, context) ? alone(set) : set);
  }
  return actions;
}

function comeIdentity({ from, to, context, newType, narrows }: Changing): readonly Action[] {
  const { identity } = to.attributes;
  if (!identity) return [];
  if (!from.attributes.identity) return addIdentity(to, context);
  const moved = newType && !narrows ? withNewType(from, to) : from;
  return narrows || same(moved.attributes.identity, identity) ? [] : alterIdentity(moved, to, context);
}

function comeDefault({ to, context, ownDefault, clause }: Changing): readonly Action[] {
  const initial = to.attributes.default;
  if (!initial || !ownDefault) return [];
  const only = isOnly(to.id, "default", context);
  return [clause(`set default ${defaultText(initial.sql)}`, { path: initial.path, only })];
}

function comeStorage({ from, to, changed, context, anew }: Changing): readonly Action[] {
  const stored = anew ? new Set([...changed].filter((x) => x !== "storage" && x !== "compression")) : changed;
  return alterStorage(from, to, stored, context, { later: anew });
}

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
