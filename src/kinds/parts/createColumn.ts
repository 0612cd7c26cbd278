/** Makes a column: its line, and what cannot stand on it on every major. */
import type { DbObject } from "../../model/objects.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { name, qualified } from "../../sql.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { addIdentity } from "./addIdentity.ts";
import { isChecked, mayRefuseNull } from "./boundTypes.ts";
import { type Column, columnLine, columnPath } from "./columnText.ts";
import { createOptions, foreignPart, isForeign } from "./foreignOptions.ts";
import { childrenOf, notNullName, reach } from "./inheritance.ts";
import { impliedNames } from "./names.ts";
import { isPartitioned, tableName } from "./partitions.ts";
import { dropsOnly, hasChildren, mergedInto } from "./inheritedColumns.ts";
import { usual } from "./storage.ts";
import { optionList } from "./options.ts";
import { alter, isNew, tableOf } from "./table.ts";
import { typeParts, typeText } from "./types.ts";
import { waitsForRows } from "./waitsForRows.ts";

export function createColumn(wanted: Column, context: Context): readonly Action[] {
  if (wanted.attributes.identity && comesApart(wanted, context))
    return [...createColumn(withoutIdentity(wanted), context), ...addIdentity(wanted, context)];
  const o = named(wanted, context);
  const { attributes: a } = o;
  const table = tableOf(o.id);
  const fresh = isNew(table, context);
  const column = `alter column ${name(o.id.name)}`;
  const on = fresh ? [] : reach(table, context.from);
  const clause = (text: string, more: Parameters<typeof alter>[3] = {}): Action =>
    alter(table, text, context, { on, ...more });
  const foreign = isForeign(table, context.to);
  const backfill = fresh ? undefined : o.hints?.backfill;
  const refusesNull = a.notNull?.validated === true || domainRefusesNull(o, context.to);
  const waits = !fresh && waitsForRows(o, context);
  const valueless = !fresh && !foreign && !waits && refusesNull && !a.default && !a.identity && !a.generated;
  const hazards: Hazard[] =
    valueless && !backfill
      ? [
          {
            code: "may-fail",
            on: o.id,
            detail: "A table with rows refuses it, because they would have no value; say a default or a backfill.",
          },
        ]
      : [];
  const valued = (a.default ?? domainNamed(typeText(a.type), context.to)?.attributes.default ?? null) !== null;
  if (!fresh && !foreign && valued && !a.generated && isChecked(typeText(a.type), context.to))
    hazards.push({
      code: "may-fail",
      on: o.id,
      detail: "A table with rows refuses it, should its default not meet the checks of its domain.",
    });
  else if (!fresh && !foreign && !valued && !a.generated && !a.identity && mayRefuseNull(typeText(a.type), context.to))
    hazards.push({
      code: "may-fail",
      on: o.id,
      detail: "A table with rows refuses it, should a check of its domain refuse a null.",
    });
  // What a new table's line leaves open is taken from its parents.
  const was = mergedInto(o, context);
  // Heirs get what ADD COLUMN itself says; the rest each for itself.
  const only = !fresh && hasChildren(o.id, context);
  // Before 16 a line may not say what is computed from above all the same, be it the same.
  const said = was.generated && context.version < 160000 ? { ...o, attributes: { ...a, generated: null } } : o;
  const line = columnLine(said, context.version, !backfill && !waits);
  const out: Action[] = [
    clause(`add column ${line}`, {
      create: line,
      cost:
        fresh || foreign
          ? "instant"
          : a.identity || a.generated?.storage === "stored"
            ? "rewrite"
            : a.default && !isConstant(a.default.sql)
              ? "rewrite"
              : "instant",
      hazards: [...hazards, ...createOptions(foreignPart(o)).hazards],
      path: columnPath(a),
    }),
  ];
  if (backfill) {
    const self = name(o.id.name);
    out.push(
      action(`update ${qualified(table)} set ${self} = (${backfill.sql}\n)`, {
        lock: "row exclusive",
        on: [table],
        cost: "rewrite",
        path: backfill.path,
      }),
    );
    if (a.notNull?.validated)
      out.push(
        a.notNull.name !== null || a.notNull.noInherit
          ? clause(
              `add constraint ${name(notNullName(o, context.to))} not null ${self}${a.notNull.noInherit ? " no inherit" : ""}`,
              { cost: "scan" },
            )
          : clause(`${column} set not null`, { cost: "scan" }),
      );
  }
  if (a.notNull && !a.notNull.validated)
    out.push(
      clause(
        `add constraint ${name(notNullName(o, context.to))} not null ${name(o.id.name)}${a.notNull.noInherit ? " no inherit" : ""} not valid`,
      ),
    );
  if (was.default && !a.default && !a.identity && !a.generated) out.push(clause(`${column} drop default`, { only }));
  if (a.storage !== was.storage) out.push(clause(`${column} set storage ${a.storage ?? usual(o, context)}`, { only }));
  if (a.compression !== was.compression)
    out.push(clause(`${column} set compression ${a.compression ?? "default"}`, { only }));
  const light = { lock: "share update exclusive", only } as const;
  if (a.statistics !== null) out.push(clause(`${column} set statistics ${a.statistics}`, light));
  const options = optionList(a.options);
  if (options !== "") out.push(clause(`${column} set (${options})`, light));
  return out;
}

/**
 * Whether an identity comes after its column: Postgres adds none where heirs would get the column too (those of partitions have the
 * identity from 17 on), and lets nobody write into one that is always generated.
 */
const comesApart = ({ id, hints }: Column, context: Context): boolean =>
  !isNew(tableOf(id), context) &&
  (hints?.backfill !== undefined ||
    (!(context.version >= 170000 && isPartitioned(tableName(id), context.to)) &&
      childrenOf(tableName(id), context.to).some((t) => !isNew(t.id, context))));
const withoutIdentity = (o: Column): Column => ({ ...o, attributes: { ...o.attributes, identity: null } });

/**
 * What parents hand down is made with the name that it has from them (PostgreSQL 18), where the table becomes theirs only later; and
 * what is handed down with its own, because Postgres makes up none that is there already.
 */
function named(o: Column, { to, version, aside }: Context): Column {
  const { notNull, local } = o.attributes;
  // Nor one that the table has which was put aside.
  const plain = !isPartitioned(tableName(o.id), to) && !aside?.has(encode(tableOf(o.id)));
  if (version < 180000 || !notNull || (local && plain)) return o;
  const name = notNullName(o, to);
  return !local && name === impliedNames.notNull(o.id.table, o.id.name)
    ? o
    : { ...o, attributes: { ...o.attributes, notNull: { ...notNull, name } } };
}

function domainNamed(type: string, all: Index): DbObject<"domain"> | null {
  const { schema, name: base, array } = typeParts(type);
  const domain = schema === null || array ? undefined : all.get(encode({ kind: "domain", schema, name: base }));
  return domain && isKind(domain, "domain") ? domain : null;
}

/** Whether the type is a domain that takes no null and brings no default along. */
function domainRefusesNull(o: Column, all: Index): boolean {
  let refuses = false;
  for (let type = typeText(o.attributes.type), depth = 0; depth < 100; depth++) {
    const domain = domainNamed(type, all);
    if (!domain) return refuses;
    if (depth === 0 && domain.attributes.default) return false;
    refuses ||= domain.attributes.notNull;
    type = typeText(domain.attributes.type);
  }
  return refuses;
}

/**
 * True for defaults that Postgres stores once instead of writing every row: literals and the functions everybody knows to
 * be stable. Any other may be volatile, which only the server knows; the cost is an announcement, so the worse is said.
 */
function isConstant(sql: string): boolean {
  const calls = sql.match(/[\p{L}_][\p{L}\p{N}_$.]*(?=\s*\()/gu) ?? [];
  return calls.every((c) =>
    ["now", "pg_catalog.now", "varchar", "numeric", "char", "varying", "timestamp", "time"].includes(c.toLowerCase()),
  );
}

export const dropColumn = (o: Column, context: Context, hazards: readonly Hazard[]): Action =>
  alter(tableOf(o.id), `drop column ${name(o.id.name)}`, context, {
    on: reach(tableOf(o.id), context.from),
    hazards,
    only: dropsOnly(o.id, context),
  });
