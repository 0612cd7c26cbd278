/** Check constraints of domains. */
import type { DbObject, Id } from "../model/objects.ts";
import { type Index, isKind, same } from "../model/database.ts";
import type { Hazard } from "../model/plan.ts";
import { encode } from "../model/id.ts";
import { name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, ofExtension, text, truth } from "./parts/catalog.ts";
import { rowsBefore } from "./parts/rowOrder.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import { isInArrays, tablesUsing } from "./parts/users.ts";
import type { Context, Followed, Role, Room } from "./room.ts";

type DomainCheck = DbObject<"domainCheck">;
const domainOf = (o: DomainCheck): Id<"domain"> => ({ kind: "domain", schema: o.id.schema, name: o.id.domain });
const alter = (o: DomainCheck): string => `alter domain ${qualified(domainOf(o))}`;

/** The tables whose rows are read when it starts to hold: none when the domain itself is made in the same plan. */
function scanned(o: DomainCheck, from: Index, to: Index): readonly Id<"table">[] {
  const id = domainOf(o);
  const [was, is] = [from.get(encode(id)), to.get(encode(id))];
  if (!was || !is || !isKind(was, "domain") || !isKind(is, "domain")) return [];
  const stays =
    same(was.attributes.type, is.attributes.type) && same(was.attributes.collation, is.attributes.collation);
  return stays ? tablesUsing(id, from) : [];
}

/** The rows by which alone it may be met. What arrays hold of the domain stands on the check from the start. */
const rowsThatMeet = (o: DomainCheck, role: Role, { from, to }: Context): readonly Followed[] =>
  role === "drop" || isInArrays(domainOf(o), from) || isInArrays(domainOf(o), to)
    ? []
    : rowsBefore(...scanned(o, from, to).map((t) => ({ schema: t.schema, table: t.name })));

const refusal = (o: DomainCheck): Hazard => ({
  code: "may-fail",
  on: o.id,
  detail: "A value that breaks it, in any column of the domain, refuses it.",
});

export const domainChecks: Room<"domainCheck"> = {
  kind: "domainCheck",
  owner: domainOf,
  needs: (o) => [domainOf(o)],
  occupies: (o) => [`constraint ${name(o.id.name)} of domain ${qualified(domainOf(o))}`],
  evaluates: () => true,
  worksOut: true,
  follows: rowsThatMeet,
  observe: {
    there: "pg_type where typtype = 'd' and oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, t.typname as domain, c.conname as name, pg_get_expr(c.conbin, 0) as expression,
  c.convalidated::text as validated, ${address("pg_constraint", "c.oid")} as addresses
from pg_constraint c
join pg_type t on t.oid = c.contypid
join pg_namespace n on n.oid = t.typnamespace
where c.contype = 'c' and c.contypid <> 0 and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2, 3`,
    read: (row) => ({
      id: { kind: "domainCheck", schema: text(row, "schema"), domain: text(row, "domain"), name: text(row, "name") },
      attributes: { expression: deparsed(text(row, "expression")), validated: truth(row, "validated") },
      needs: [],
    }),
  },
  create: (o, { from, to }) => {
    const { expression, validated } = o.attributes;
    const on = validated ? scanned(o, from, to) : [];
    return [
      action(
        `${alter(o)} add constraint ${name(o.id.name)} check ${bracketed(expression.sql)}${validated ? "" : " not valid"}`,
        {
          path: expression.path,
          ...(on.length
            ? {
                lock: "share",
                on,
                cost: "scan",
                hazards: [refusal(o)],
              }
            : {}),
        },
      ),
    ];
  },
  drop: (o) => [action(`${alter(o)} drop constraint ${name(o.id.name)}`)],
  change: {
    expression: () => "replace",
    validated: (_, to, changed, { from }) =>
      !to.attributes.validated || changed.has("expression")
        ? "replace"
        : quietly(
            action(`${alter(to)} validate constraint ${name(to.id.name)}`, {
              lock: "share",
              on: tablesUsing(domainOf(to), from),
              cost: "scan",
              hazards: [refusal(to)],
            }),
          ),
  },
  // Where columns hold the domain in arrays, Postgres takes no check that it would have to try on them.
  remakes: (o, { from }) => (o.attributes.validated && isInArrays(domainOf(o), from) ? domainOf(o) : null),
  describe: () => ({ at: "owner" }),
};
