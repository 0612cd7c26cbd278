/** What happens to a column when a type, or a column that it is computed from, is made anew under it. */
import type { Id } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { same as sameValue } from "../../model/database.ts";
import { sameId } from "../../model/id.ts";
import { name } from "../../sql.ts";
import type { Context, Rebound } from "../room.ts";
import { anyAnew, ownType } from "./boundTypes.ts";
import { type Column, columnPath } from "./columnText.ts";
import { createColumn, dropColumn } from "./createColumn.ts";
import { remadeByParent } from "./alterColumn.ts";
import { looseNotNull } from "./columnNotNull.ts";
import { alterStorage } from "./columnStorage.ts";
import { convertedInPlace, isMixedUp } from "./convertedValues.ts";
import { hasDefault } from "./columnTypes.ts";
import { isForeign } from "./foreignOptions.ts";
import { keepers, keptHeirs } from "./inheritance.ts";
import { comesFromParent, isOnly } from "./inheritedColumns.ts";
import { isLoosened } from "./inheritedNotNull.ts";
import { objectName } from "./keys.ts";
import { withStated } from "./rowStated.ts";
import { alone, alter, tableOf } from "./table.ts";
import { defaultText } from "./text.ts";
import { typeText } from "./types.ts";

/**
 * A column that stays generated goes before and comes back after. Any other keeps its rows: its default goes, the values are
 * converted by way of their text, and the default comes back.
 */
export function rebindColumn(from: Column, to: Column, replaced: readonly Id[], context: Context): Rebound {
  const fromParent = keepers(to.id, context).length > 0;
  // One that stops being generated does that in place.
  if (to.attributes.generated)
    return fromParent
      ? { before: [], after: remadeByParent(to, context).actions, disturbs: "everything" }
      : { before: [dropColumn(from, context, [])], after: createColumn(to, context), anew: true };
  const table = tableOf(to.id);
  const column = `alter column ${name(to.id.name)}`;
  const type = replaced.find((r) => ownType(to, context).some((t) => sameId(t, r)));
  const initial = to.attributes.default;
  const before = (type ? !fromParent && hasDefault(from.id, context) : from.attributes.default)
    ? [
        alter(table, `${column} drop default`, context, {
          only: type === undefined && keptHeirs(to.id, context).length > 0,
        }),
      ]
    : [];
  const after: Action[] = [];
  const loose = type && !fromParent ? looseNotNull(from, to, context) : null;
  if (type && !fromParent) {
    const { collation } = to.attributes;
    // Of rows that are elsewhere none is looked at.
    const foreign = isForeign(table, context.from);
    // Values stay as they are where only their order is another.
    const sorted = type.kind === "collation" && !anyAnew(typeText(to.attributes.type), context);
    // USING is refused as long as the statement began with a generated column.
    const separate = from.attributes.generated ? alone : same;
    const { sql, ...around } = convertedInPlace(to, context);
    const stays = sorted || foreign;
    after.push(
      ...(stays ? [] : around.before),
      separate(
        alter(
          table,
          `${column} type ${to.attributes.type.sql}${collation ? ` collate ${objectName(collation)}` : ""}${stays ? "" : ` using ${withStated(to, sql, typeText(to.attributes.type), context)}`}`,
          context,
          {
            cost: foreign ? "instant" : "rewrite",
            path: columnPath({ ...to.attributes, default: null, generated: null }),
            hazards: stays
              ? []
              : [
                  { code: "may-fail", on: to.id, detail: "Values that the new type does not know refuse it." },
                  ...(isMixedUp(to, context)
                    ? [
                        {
                          code: "lossy" as const,
                          on: to.id,
                          detail: "In arrays attributes get the values that had their places.",
                        },
                      ]
                    : []),
                ],
          },
        ),
      ),
      ...(stays ? [] : around.after),
    );
  }
  if (type) {
    // A new type resets how values are stored.
    const { storage, compression } = to.attributes;
    const changed = new Set([
      ...(storage === null ? [] : ["storage" as const]),
      ...(compression === null ? [] : ["compression" as const]),
    ]);
    after.push(...alterStorage(from, to, changed, context));
  }
  // A default that becomes another one is set where that is done.
  const changes = type === undefined && !sameValue(from.attributes.default, initial);
  if (initial && !changes && !(type && comesFromParent(to.id, "default", context)))
    after.push(
      alter(table, `${column} set default ${defaultText(initial.sql)}`, context, {
        path: initial.path,
        only: type ? isOnly(to.id, "default", context) : keptHeirs(to.id, context).length > 0,
      }),
    );
  return {
    before: [...before, ...(loose?.before ?? [])],
    after: [...after, ...(loose?.after ?? [])],
    ...(type && fromParent ? { disturbs: isLoosened(to.id, context) ? "everything" : "expressions" } : {}),
  };
}

const same = (a: Action): Action => a;
