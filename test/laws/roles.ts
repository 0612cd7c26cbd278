/** Roles of a chain: what they are called, and what the server says of them. */
import { createHash } from "node:crypto";
import { text } from "./render-text.ts";

/** Others make up theirs on the same server at the same time. */
export function namesOfRoles(seed: string): readonly string[] {
  const tag = createHash("sha256").update(seed).digest("hex").slice(0, 8);
  return [`writer_${tag}`, `Odd "role" ${tag}`, `l'été ${tag}`, `${tag}_${"x".repeat(54)}`];
}

/** SQL: a line for each fact about these roles, for the witness. For ever is the same whether it is said or not. */
export const rolesSaid = (names: readonly string[]): string => `
with made as (select * from pg_roles where rolname in (${names.map(text).join(", ")}))
select concat('role ', jsonb_build_array(r.rolname, nullif(r.rolvaliduntil, 'infinity'),
  to_jsonb(r) - '{oid,rolname,rolpassword,rolconfig,rolvaliduntil}'::text[])) as line from made r
union all
select concat('membership ', jsonb_build_array(m.roleid::regrole, r.rolname, m.grantor::regrole,
  to_jsonb(m) - '{oid,roleid,member,grantor}'::text[])) from pg_auth_members m join made r on r.oid = m.member
union all
select concat('role setting ', jsonb_build_array(r.rolname, s.setdatabase <> 0, (select jsonb_agg(x order by x) from unnest(s.setconfig) x)))
from pg_db_role_setting s join made r on r.oid = s.setrole
where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))`;
