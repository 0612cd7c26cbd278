/** What drops a type that its own functions hold. */
import type { FunctionName, QualifiedName } from "../../model/objects.ts";
import { literal, qualified } from "../../sql.ts";
import { signature } from "./functions.ts";

/**
 * The type and its functions hold each other, so nothing but CASCADE drops them. It is guarded: whatever else stands on one of them,
 * or on what comes with the type, is named, and nothing dropped.
 */
export function guardedDrop(
  type: QualifiedName,
  functions: readonly FunctionName[],
  multirange?: QualifiedName,
): string {
  const own = `array[${functions.map((f) => `${literal(signature(f))}::pg_catalog.regprocedure::oid`).join(", ")}]::oid[]`;
  const id = `${literal(qualified(type))}::pg_catalog.regtype`;
  const ids = multirange ? `(${id}, ${literal(qualified(multirange))}::pg_catalog.regtype)` : null;
  const these = ids ? `t.oid in ${ids} or t.typelem in ${ids}` : `t.oid = ${id} or t.typelem = ${id}`;
  // A range's own makers of values need what they are made with, too.
  const makers = ids
    ? `
      and not exists (select 1 from pg_catalog.pg_depend m where m.classid = d.classid and m.objid = d.objid and m.deptype = 'i' and m.refobjid in ${ids})`
    : "";
  return `do $schemac$
declare
  others text;
begin
  select string_agg(pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), ', ') into others
  from pg_catalog.pg_depend d
  where d.deptype <> 'i' and (
      d.refclassid = 'pg_type'::regclass and d.refobjid in (select t.oid from pg_catalog.pg_type t where ${these})
      and not (d.classid = 'pg_proc'::regclass and d.objid = any (${own}))${makers}
    or d.refclassid = 'pg_proc'::regclass and d.refobjid = any (${own})
      and not (d.classid = 'pg_type'::regclass and d.objid = ${id}));
  if others is not null then
    raise exception 'the type % is not dropped: on it or its functions stand %', ${literal(qualified(type))}, others;
  end if;
end
$schemac$`;
}
