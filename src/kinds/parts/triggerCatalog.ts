/** Triggers as the catalog keeps them. */
import type { DbObject, TriggerEvent } from "../../model/objects.ts";
import type { CatalogNames, Row } from "../room.ts";
import { address, json, modelledRelation, text, truth } from "./catalog.ts";
import { readFiring } from "./firing.ts";
import { schemaColumn } from "./table.ts";
import { deparsed, shownParts } from "./text.ts";

/** Bits of tgtype. */
const bits = { row: 1, before: 2, insert: 4, delete: 8, update: 16, truncate: 32, insteadOf: 64 };
export const triggerEvents = ["insert", "update", "delete", "truncate"] as const satisfies readonly TriggerEvent[];

/** Arguments are kept one after the other, each with a zero byte at its end. */
const argumentList = `(select coalesce(json_agg(convert_from(decode(replace(a.shown, ' ', ''), 'hex'), getdatabaseencoding()) order by a.i), '[]')::text
    from unnest(string_to_array(regexp_replace(encode(t.tgargs, 'hex'), '(..)', '\\1 ', 'g'), '00 ')) with ordinality a(shown, i)
    where a.i <= t.tgnargs)`;

export const triggerSql = (schemas: string): string => `
select ${schemaColumn()} as schema, c.relname::text as table, t.tgname::text as name, t.tgtype::text as type, t.tgenabled::text as firing,
  (t.tgconstraint <> 0)::text as is_constraint, t.tgdeferrable::text as deferrable, t.tginitdeferred::text as deferred,
  case when fc.oid is not null then json_build_array(${schemaColumn("fn")}, fc.relname)::text end as from_table,
  c.oid::text as relation, t.tgattr::text as columns, t.tgoldtable::text as old_table, t.tgnewtable::text as new_table,
  pn.nspname::text as function_schema, p.proname::text as function_name, ${argumentList} as arguments,
  case when t.tgqual is not null then pg_get_triggerdef(t.oid) end as definition, ${address("pg_trigger", "t.oid")} as addresses
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_proc p on p.oid = t.tgfoid
join pg_namespace pn on pn.oid = p.pronamespace
left join pg_class fc on fc.oid = t.tgconstrrelid
left join pg_namespace fn on fn.oid = fc.relnamespace
where not t.tgisinternal and t.tgparentid = 0 and ${modelledRelation("c")} and (${schemas})
order by 1, 2, 3`;

/** The condition in a trigger as Postgres shows it. */
function condition(shown: string): string {
  const [, when = ""] = shownParts(shown, /\sWHEN (?=\()/y, /\sEXECUTE (?:FUNCTION|PROCEDURE) /y);
  return when;
}

export function readTrigger(row: Row, names: CatalogNames): DbObject<"trigger"> {
  const type = Number(text(row, "type"));
  const has = (bit: number): boolean => (type & bit) !== 0;
  const definition = row["definition"] ?? null;
  const from = row["from_table"] ?? null;
  const [schema, name] = from === null ? [] : (JSON.parse(from) as [string, string]);
  return {
    id: { kind: "trigger", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
    attributes: {
      constraint: truth(row, "is_constraint")
        ? {
            deferrable: truth(row, "deferred")
              ? "initially deferred"
              : truth(row, "deferrable")
                ? "deferrable"
                : "not deferrable",
            from: schema === undefined || name === undefined ? null : { schema, name },
          }
        : null,
      timing: has(bits.before) ? "before" : has(bits.insteadOf) ? "instead of" : "after",
      events: triggerEvents.filter((e) => has(bits[e])),
      columns: names.columns(text(row, "relation"), text(row, "columns")),
      level: has(bits.row) ? "row" : "statement",
      oldTable: row["old_table"] ?? null,
      newTable: row["new_table"] ?? null,
      when: definition === null ? null : deparsed(condition(definition)),
      function: { schema: text(row, "function_schema"), name: text(row, "function_name") },
      arguments: json<string[]>(row, "arguments"),
      firing: readFiring(text(row, "firing")),
    },
    needs: [],
  };
}
