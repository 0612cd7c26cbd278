/** What default privileges give, or take, when an extension makes its members. */
import type { Action } from "../../model/plan.ts";
import { dollar, literal } from "../../sql.ts";
import { action } from "./action.ts";

/**
 * Gives the members of a new extension, or those that an update in the same transaction brought, what Postgres gives without default
 * privileges. Only the server knows who they are; what the extension's own script granted stays.
 */
export const plainMembers = (extension: string, which: "all" | "brought"): Action =>
  action(
    `do ${dollar(`declare
  member record;
  role text;
begin
  for member in
    with members as (
      select d.classid, d.objid from pg_catalog.pg_depend d join pg_catalog.pg_extension x on x.oid = d.refobjid
      where x.extname = ${literal(extension).trim()} and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'${which === "all" ? "" : " and d.xmin = pg_catalog.pg_current_xact_id()::pg_catalog.xid"}
        and not exists (select from pg_catalog.pg_init_privs i where (i.classoid, i.objoid) = (d.classid, d.objid))
    )
    select 'routine ' || p.oid::pg_catalog.regprocedure as named, p.proacl as acl, p.proowner as owner, 'execute' as usual
    from members m join pg_catalog.pg_proc p on m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and p.oid = m.objid
    where p.proacl is not null
    union all
    select 'type ' || t.oid::pg_catalog.regtype, t.typacl, t.typowner, 'usage'
    from members m join pg_catalog.pg_type t on m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and t.oid = m.objid
    where t.typacl is not null and t.typelem = 0 and t.typtype <> 'm'
    union all
    select case c.relkind when 'S' then 'sequence ' else 'table ' end || c.oid::pg_catalog.regclass, c.relacl, c.relowner, null
    from members m join pg_catalog.pg_class c on m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.oid = m.objid
    where c.relacl is not null and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  loop
    for role in
      select distinct case a.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
      from pg_catalog.aclexplode(member.acl) a where a.grantee <> member.owner
    loop
      execute 'revoke all on ' || member.named || ' from ' || role;
    end loop;
    if member.usual is not null then
      execute 'grant ' || member.usual || ' on ' || member.named || ' to public';
    end if;
  end loop;
end`)}`,
  );
