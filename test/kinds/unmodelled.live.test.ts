import { describe, expect, test } from "vitest";
import { encode } from "../../src/model/id.ts";
import { rooms } from "../../src/kinds/rooms.ts";
import type { Unmodelled } from "../../src/model/database.ts";
import type { Kind } from "../../src/model/objects.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";

/** A world with one of each thing that has no room; `reader` is a role that may have come with another test's database. */
const world = (database: string): string => `
create schema shop;
create type shop.status as enum ('a', 'b');
create domain shop.email as text check (value like '%@%');
create sequence shop.s;
create table shop.t (id int primary key, note text, st shop.status, e shop.email, z int);
create index t_note on shop.t (note);
create index t_lower on shop.t (lower(note));
create view shop.v as select id, note from shop.t;
create materialized view shop.mv as select st from shop.t;
create function shop.f(x shop.status) returns int language sql as 'select 1';
create function shop."It's (f)"(text, variadic int[]) returns int language sql as 'select 1';
create procedure shop.p() language sql as 'select 1';
create aggregate shop.agg(int) (sfunc = int4pl, stype = int);
create function shop.tg() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before update of note on shop.t for each row execute function shop.tg();
create rule r1 as on insert to shop.t where new.z > 0 do also select 1;
alter table shop.t enable row level security;
alter table shop.t force row level security;
create policy pol on shop.t using (note is not null);
create table shop.part (id int primary key, k text) partition by list (id);
create table shop.part1 partition of shop.part for values in (1);
create foreign data wrapper fw;
create server srv foreign data wrapper fw;
create user mapping for current_user server srv;
create foreign table shop.ft (a shop.status) server srv;
create type shop.comp as (a int, b shop.status);
create table shop.typed of shop.comp;
create type shop.rng as range (subtype = int4);
create type shop.shell;
create collation shop.coll from "C";
create conversion shop.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create text search configuration shop.tsc (copy = simple);
create text search dictionary shop.tsd (template = simple);
create text search parser shop.tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search template shop.tst (lexize = dsimple_lexize);
create statistics shop.st on id, note from shop.t;
create operator shop.=== (leftarg = int, rightarg = int, function = int4eq);
create operator family shop.fam using btree;
create operator class shop.opc for type int using hash as operator 1 =, function 1 hashint4(int);
create function shop.tocast(shop.comp) returns int language sql immutable as 'select 1';
create cast (shop.comp as int) with function shop.tocast(shop.comp);
create function shop.et() returns event_trigger language plpgsql as 'begin end';
create event trigger et on sql_drop execute function shop.et();
alter event trigger et disable;
create publication pub for table shop.t;
create access method am2 type table handler heap_tableam_handler;
create language lng handler plpgsql_call_handler;
grant select on shop.t to reader;
grant select (note) on shop.t to reader;
grant usage on sequence shop.s to reader;
grant usage on schema shop to reader;
revoke usage on type shop.status from public;
grant connect on database ${database} to reader;
alter domain shop.email owner to reader;
alter table shop.t cluster on t_pkey;
alter index shop.t_lower alter column 1 set statistics 500;
alter table shop.t disable trigger touch;
alter database ${database} set work_mem = '5MB';
alter role reader in database ${database} set work_mem = '6MB';
comment on database ${database} is 'x';
comment on view shop.v is 'x';
comment on column shop.v.note is 'x';
comment on trigger touch on shop.t is 'x';
comment on index shop.t_pkey is 'x';
comment on column shop.part.id is 'x';
comment on constraint part_pkey on shop.part is 'x';
create table shop.serials (id serial, i int generated always as identity) ;
comment on sequence shop.serials_i_seq is 'x';
create table shop.serial_parts (id serial) partition by range (id);
create table shop.fk (id int references shop.t);
alter table shop.fk disable trigger all;
update pg_index set indisvalid = false where indexrelid = 'shop.t_note'::regclass;
alter default privileges in schema shop grant select on tables to reader;
create schema schemac;
create view schemac.hidden as select 1;
create extension citext;
create extension hstore;`;

const expected: readonly string[] = ["invalid index shop.t_note"];

const said = (u: Unmodelled): string =>
  // Postgres shows some names with their schema on some majors and without on others.
  `${u.what} ${u.name}`.replaceAll("pg_catalog.", "");

const withReader = (major: number, fn: Parameters<typeof onDatabase>[1]): Promise<void> =>
  onDatabase(major, async (c) => {
    await c.query(
      "do $$ begin create role reader; exception when duplicate_object or unique_violation then null; end $$",
    );
    await fn(c);
  });

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("an empty database holds nothing unmodelled", () =>
    onDatabase(major, async (c) => {
      // What initdb says about the database postgres.
      const database = (await c.query("select current_database() as d"))[0]!.rows[0]!["d"]!;
      await c.query(`comment on database ${database} is 'default administrative connection database'`);
      const o = await observe(c, {}, true);
      const names = o.foreignNames.filter((f) => f.what !== "role");
      expect([o.database.objects, o.unmodelled, names]).toEqual([[], [], []]);
    }));

  test("rights to what extensions and initdb made are named", () =>
    withReader(major, async (c) => {
      await c.query(`create extension citext; create extension pg_stat_statements; create extension postgres_fdw`);
      expect((await observe(c)).unmodelled).toEqual([]);
      await c.query(`grant execute on function citext_hash(citext) to reader;
        revoke usage on language plpgsql from public; grant usage on foreign data wrapper postgres_fdw to reader;
        revoke select on pg_stat_statements from public; revoke usage on type citext from public;
        grant execute on function pg_catalog.pg_read_file(text) to reader; grant update (setting) on pg_catalog.pg_settings to reader;
        revoke usage on schema pg_catalog from public`);
      expect((await observe(c)).unmodelled.map(said)).toEqual([
        "rights foreign-data wrapper postgres_fdw",
        "rights function pg_read_file(text)",
        "rights language plpgsql",
        "rights schema pg_catalog",
        "rights type public.citext",
        "rights view column pg_settings.setting",
        "rights view public.pg_stat_statements",
      ]);
      expect((await observe(c, { schemas: [] })).unmodelled).toEqual([]);
    }));

  test("each thing without a room is named once, and says what of ours it depends on", () =>
    withReader(major, async (c) => {
      const database = (await c.query("select current_database() as d"))[0]!.rows[0]!["d"]!;
      await c.query(world(database));
      await c.query(`create subscription "Sub x" connection '' publication p with (connect = false, slot_name = none)`);
      // A database with a subscription cannot be dropped.
      const o = await observe(c, {}, true).finally(() => c.query(`rollback; drop subscription "Sub x"`));
      const list = o.unmodelled.map(said).filter((u) => !u.startsWith("trigger state"));
      expect([...list].sort()).toEqual([...expected].sort());
      expect(o.unmodelled.filter((u) => u.what === "trigger state").length).toBe(2);

      const on = (name: string): readonly string[] => {
        const found = o.unmodelled.filter((u) => said(u) === name);
        expect(found.length, name).toBe(1);
        return [...found[0]!.dependsOn.map(encode), ...(found[0]!.of ? [`of ${encode(found[0]!.of)}`] : [])].sort();
      };
      expect(on("invalid index shop.t_note")).toEqual([]);

      const foreign = o.foreignNames.filter((f) => f.extension === null).map((f) => `${f.what} ${f.schema}.${f.name}`);
      expect(foreign).not.toContain("table shop.typed");
      expect(foreign).not.toContain("type shop.shell");
      expect(foreign).not.toContain("table shop.t");
      expect(foreign).not.toContain("type shop.status");
    }));

  if (major >= 15)
    test("an identity's sequence that is logged though its table is not is named", () =>
      onDatabase(major, async (c) => {
        await c.query(`create unlogged table t (i int generated always as identity, s serial); create table u (i int generated always as identity);
          alter sequence t_i_seq set logged`);
        expect((await observe(c)).unmodelled.map(said)).toEqual(["persistence sequence public.t_i_seq"]);
      }));

  if (major >= 14)
    test("what functions with a body that Postgres has read depend on", () =>
      onDatabase(major, async (c) => {
        await c.query(`
create table t (a int, b int);
create function f() returns bigint language sql begin atomic select count(*) from t where b > 0; end`);
        const o = await observe(c, {}, true);
        expect(o.unmodelled).toEqual([]);
        const f = o.database.objects.find((x) => x.id.kind === "function");
        expect(f?.needs.map(encode)).toEqual(["column:public.t.b"]);
      }));

  test("objects need what pg_depend says, by whatever detour, and not what they go with", () =>
    onDatabase(major, async (c) => {
      await c.query(`
create extension citext;
create schema "S s";
create type "S s"."E e" as enum ('x');
create domain "S s".d as "S s"."E e";
create domain "S s".mail as citext;
create sequence "S s".counter;
create table "S s"."T t" (
  a "S s"."E e"[], b "S s".d default 'x', c citext, m "S s".mail[], n bigint default nextval('"S s".counter'),
  s serial, i int generated always as identity, g int generated always as (i + 1) stored, unique (i, g));
create table "S s".child (r int, q int, row "S s"."T t", foreign key (r, q) references "S s"."T t" (i, g), check (r > q));
create index on "S s".child (r) where q > 0;
create table "S s".heir (q int, r int) inherits ("S s".child)`);
      const o = await observe(c, {}, true);
      const needs = (key: string): readonly string[] => {
        const found = o.database.objects.find((x) => encode(x.id) === key);
        expect(found, key).toBeDefined();
        return found!.needs
          .map(encode)
          .filter((n) => n !== `schema:"S s"`)
          .sort();
      };
      const column = (n: string): string => `column:"S s"."T t".${n}`;
      expect(needs(`domain:"S s".d`)).toEqual([`enum:"S s"."E e"`]);
      expect(needs(`domain:"S s".mail`)).toEqual(["extension:citext"]);
      expect(needs(column("a"))).toEqual([`enum:"S s"."E e"`]);
      expect(needs(column("b"))).toEqual([`domain:"S s".d`, `enum:"S s"."E e"`]);
      expect(needs(column("c"))).toEqual(["extension:citext"]);
      expect(needs(column("m"))).toEqual([`domain:"S s".mail`]);
      expect(needs(column("n"))).toEqual([`sequence:"S s".counter`]);
      expect(needs(column("s"))).toEqual([`sequence:"S s"."T t_s_seq"`]);
      expect(needs(`sequence:"S s"."T t_s_seq"`)).toEqual([]);
      expect(needs(column("i"))).toEqual([]);
      expect(needs(column("g"))).toEqual([column("i")]);
      expect(needs(`column:"S s".child.row`)).toEqual([`table:"S s"."T t"`]);
      expect(needs(`foreignKey:"S s".child.child_r_q_fkey`)).toEqual(
        [
          `column:"S s".child.q`,
          `column:"S s".child.r`,
          column("g"),
          column("i"),
          `unique:"S s"."T t"."T t_i_g_key"`,
        ].sort(),
      );
      // The check that an heir has ties its columns together, but none needs another.
      for (const c of ["r", "q"]) expect(needs(`column:"S s".heir.${c}`)).toEqual([]);
      expect(needs(`check:"S s".child.child_check`)).toEqual([`column:"S s".child.q`, `column:"S s".child.r`]);
      expect(needs(`index:"S s".child.child_r_idx`)).toEqual([`column:"S s".child.q`, `column:"S s".child.r`]);
      expect(needs(`table:"S s"."T t"`)).toEqual([]);
      expect(o.unmodelled).toEqual([]);
    }));

  test("a session's temporary schema is called pg_temp, and nothing else is looked at", () =>
    onDatabase(major, async (c) => {
      await c.query("create table real (a int)");
      await c.query(`begin; create domain pg_temp.d as text check (value <> 'pg_temp');
        create temp table "T t" (a pg_temp.d, b int unique, check (b > 1), foreign key (b) references "T t" (b)); create index on "T t" (lower(a))`);
      const o = await observe(c, { temporary: Object.keys(rooms) as Kind[] });
      expect(o.database.objects.map((x) => encode(x.id)).sort()).toEqual([
        `check:pg_temp."T t"."T t_b_check"`,
        `column:pg_temp."T t".a`,
        `column:pg_temp."T t".b`,
        "domain:pg_temp.d",
        "domainCheck:pg_temp.d.d_check",
        `foreignKey:pg_temp."T t"."T t_b_fkey"`,
        `index:pg_temp."T t"."T t_lower_idx"`,
        `table:pg_temp."T t"`,
        `unique:pg_temp."T t"."T t_b_key"`,
      ]);
      const key = o.database.objects.find((x) => x.id.kind === "foreignKey");
      expect(key?.attributes).toMatchObject({ references: { schema: "pg_temp", name: "T t" } });
      expect(o.unmodelled).toEqual([]);
      // The transaction is somebody else's and still there.
      expect((await c.query('select count(*)::text as n from pg_temp."T t"'))[0]!.rows).toEqual([{ n: "0" }]);
      await c.query("rollback");
      expect((await observe(c)).database.objects.map((x) => encode(x.id))).toEqual([
        "table:public.real",
        "column:public.real.a",
      ]);
    }));

  test("what an ordinary user may not read is not asked for", () =>
    withReader(major, async (c) => {
      await c.query(
        "create table t (a int primary key); alter index t_pkey depends on extension plpgsql; set role reader",
      );
      const o = await observe(c, {}, true);
      expect(o.unmodelled.map(said)).toEqual(["extension dependency public.t_pkey"]);
      await c.query("reset role");
    }));
});
