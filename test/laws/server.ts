/** What the laws need of a server: its features, and a database made empty again without a new one. */
import { connect } from "../../src/run/index.ts";
import type { Connection } from "../../src/run/connection.ts";
import { text } from "./render-text.ts";
import { lawRoles, type Features } from "./world.ts";

/** Makes tablespaces, roles and an access method for the laws where they aren't there yet, and says what the server can do. */
export async function lookAround(client: Connection): Promise<Features> {
  const rows = async (sql: string): Promise<readonly Record<string, string>[]> =>
    ((await client.query(sql)).at(-1)?.rows ?? []) as readonly Record<string, string>[];
  const version = Number((await rows("select current_setting('server_version_num') as v"))[0]?.["v"]);
  const lz4 = await rows(
    "select 1::text as x from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)",
  );
  const there = new Set((await rows("select spcname as n from pg_tablespace")).map((r) => r["n"]));
  const tablespaces = ["laws_a", "laws B"];
  await client.query("set allow_in_place_tablespaces = on");
  for (const t of tablespaces)
    if (!there.has(t))
      await client.query(`create tablespace "${t}" location ''`).catch(async (e: unknown) => {
        // Another process of the laws may have been quicker.
        if ((await rows("select spcname as n from pg_tablespace")).every((r) => r["n"] !== t)) throw e;
      });
  // Roles belong to the whole server: these are there for all who try laws, and nobody changes them.
  for (const role of lawRoles)
    await client
      .query(`do $$ begin create role "${role}"; exception when duplicate_object or unique_violation then null; end $$`)
      .catch(async (e: unknown) => {
        if ((await rows(`select rolname as n from pg_roles where rolname = '${role}'`)).length === 0) throw e;
      });
  if ((await rows("select amname as n from pg_am where amname = 'heap2'")).length === 0)
    await client.query("create access method heap2 type table handler heap_tableam_handler");
  return { major: Math.floor(version / 10_000), lz4: lz4.length > 0, tablespaces, accessMethods: ["heap2"], roles: [] };
}

/**
 * Half of what it costs the server to be observed goes into plans: twenty queries of many joins, anew each time. On catalogs
 * as small as these the first plan at hand is good enough. What a query answers does not depend on it.
 */
const planner = {
  join_collapse_limit: "1",
  max_parallel_workers_per_gather: "0",
  // A table may ask for them, and each is a process that has to start.
  max_parallel_maintenance_workers: "0",
  enable_mergejoin: "off",
  enable_material: "off",
  enable_incremental_sort: "off",
};

/** A connection for the laws. */
export async function openSession(url: string): Promise<Connection> {
  const connection = await connect(url);
  const settings = Object.entries(planner).map(([name, value]) => `set ${name} = ${value}`);
  await connection.query(settings.join("; "));
  return connection;
}

export async function lookAroundAt(url: string): Promise<Features> {
  const connection = await connect(url);
  try {
    return await lookAround(connection);
  } finally {
    await connection.close();
  }
}

/** Drops everything of ours, and these roles, and leaves the schema public as a new database has it. */
export async function reset(run: (sql: string) => Promise<void>, roles: readonly string[] = []): Promise<void> {
  await run(`reset search_path; set client_min_messages = warning;
    do $$
    declare r record;
    begin
      for r in select evtname as n from pg_catalog.pg_event_trigger loop
        execute pg_catalog.format('drop event trigger %I', r.n);
      end loop;
      for r in select o.rolname as n, d.defaclnamespace::regnamespace as s, d.defaclnamespace <> 0 as one,
          case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end as t
        from pg_catalog.pg_default_acl d join pg_catalog.pg_roles o on o.oid = d.defaclrole loop
        execute pg_catalog.format('alter default privileges for role %I %s revoke all on %s from public, laws_role, "laws Role", postgres', r.n,
          case when r.one then 'in schema ' || r.s else '' end, r.t);
        if not r.one then
          execute pg_catalog.format('alter default privileges for role %I grant all on %s to %I', r.n, r.t, r.n);
          if r.t in ('functions', 'types') then
            execute pg_catalog.format('alter default privileges for role %I grant all on %s to public', r.n, r.t);
          end if;
        end if;
      end loop;
      execute pg_catalog.format('alter database %I reset all', pg_catalog.current_database());
      for r in select format_type(castsource, null) as a, format_type(casttarget, null) as b from pg_catalog.pg_cast
        where oid >= 16384 and castsource < 16384 and casttarget < 16384 loop
        execute 'drop cast if exists (' || r.a || ' as ' || r.b || ')';
      end loop;
      for r in select format_type(t.trftype, null) as a, l.lanname as n from pg_catalog.pg_transform t join pg_catalog.pg_language l on l.oid = t.trflang loop
        execute pg_catalog.format('drop transform for %s language %I cascade', r.a, r.n);
      end loop;
      for r in select lanname as n from pg_catalog.pg_language where oid >= 16384 and lanname <> 'plpgsql' loop
        execute pg_catalog.format('drop language %I cascade', r.n);
      end loop;
      for r in select amname as n from pg_catalog.pg_am where oid >= 16384 and amname <> 'heap2' loop
        execute pg_catalog.format('drop access method %I cascade', r.n);
      end loop;
      for r in select subname as n from pg_catalog.pg_subscription
        where subdbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) loop
        execute pg_catalog.format('alter subscription %I set (slot_name = none)', r.n);
        execute pg_catalog.format('drop subscription %I', r.n);
      end loop;
      for r in select fdwname as n from pg_catalog.pg_foreign_data_wrapper loop
        execute pg_catalog.format('drop foreign data wrapper %I cascade', r.n);
      end loop;
      for r in select pubname as n from pg_catalog.pg_publication loop
        execute pg_catalog.format('drop publication %I', r.n);
      end loop;
      -- Tables first: an index whose operator class goes with its extension can no longer be opened. Each kind in one statement,
      -- which looks once at who depends on whom.
      for r in
        select 1 as place, 'table' as what, pg_catalog.string_agg(pg_catalog.format('%I.%I', s.nspname, c.relname), ', ') as names
        from pg_catalog.pg_class c join pg_catalog.pg_namespace s on s.oid = c.relnamespace
        where c.relkind = 'r' and s.nspname !~ '^(pg_|information_schema$)'
        union all select 2, 'extension', pg_catalog.string_agg(pg_catalog.quote_ident(extname), ', ') from pg_catalog.pg_extension where extname <> 'plpgsql'
        union all select 3, 'schema', pg_catalog.string_agg(pg_catalog.quote_ident(nspname), ', ') from pg_catalog.pg_namespace
        where nspname !~ '^(pg_|information_schema$)'
        order by 1 loop
        if r.names is not null then
          execute pg_catalog.concat('drop ', r.what, ' if exists ', r.names, ' cascade');
        end if;
      end loop;
      create schema public;
      comment on schema public is 'standard public schema';
      grant usage on schema public to public;
      if pg_catalog.current_setting('server_version_num')::int >= 150000 then
        alter schema public owner to pg_database_owner;
      else
        grant create on schema public to public;
      end if;
      for r in select rolname as n from pg_catalog.pg_roles where rolname = any (array[${roles.map(text).join(", ")}]::text[]) loop
        execute pg_catalog.format('drop owned by %I', r.n);
        execute pg_catalog.format('drop role %I', r.n);
      end loop;
    end $$`);
}
