/** Which types can refer to which: what is told before is what Postgres refuses. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";

const made = `create type mood as enum ('a'); create type temper as enum ('a'); create type span as range (subtype = float8);
create type pair as (a int); create domain word as varchar(9); create domain amount as int;
create function turned(mood) returns uuid language sql immutable as 'select null::uuid'; create cast (mood as uuid) with function turned as implicit;`;
const said = `enum mood { a }
enum temper { a }
type span range of float8
type pair { a int }
domain word varchar(9)
domain amount int
cast (mood as uuid) with function turned as implicit
function turned(mood) returns uuid language sql immutable as $$ select null::uuid $$
`;
const types = (
  "smallint,int,bigint,numeric,numeric(9;2),real,float8,text,varchar,varchar(5),char,char(5),bpchar,name,date,timestamp,timestamptz(3),time,timetz," +
  'interval,bit,bit(3),varbit(3),inet,cidr,macaddr,macaddr8,boolean,bytea,uuid,money,json,jsonb,xml,point,tsvector,pg_lsn,oid,regclass,xid,"char",' +
  "int4range,tstzrange,int[],bigint[],text[],varchar(5)[],mood,temper,span,pair,word,amount,mood[],word[]"
)
  .split(",")
  .map((t) => t.replace(";", ","));

/** `key<-column` of the pairs that Postgres refuses, and the types that can be keys. */
const tried = `create table refused (pair text); create table keys (type text);
do $$ declare p text; f text; begin
  foreach p in array $types loop
    begin execute format('create table p (a %s primary key)', p); exception when undefined_object then continue; end;
    insert into keys values (p);
    foreach f in array $types loop
      begin
        execute format('create table f (a %s references p)', f);
        drop table f;
      exception when datatype_mismatch or internal_error then insert into refused values (p || '<-' || f);
      end;
    end loop;
    drop table p;
  end loop;
end $$`;

/** Those of which Postgres's own changes from version to version, or only Postgres knows what is in them. */
const open = /^(.*<-"char"|"char"<-.*|.*\bpair\b.*|word\[\]<-.*|.*<-word\[\])$/;

test.each(testMajors)("types that Postgres refuses are told, others are not (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const array = `array[${types.map((t) => `'${t}'`).join(", ")}]`;
    await c.query(made + tried.replaceAll("$types", array));
    const rows = async (sql: string): Promise<readonly string[]> => (await c.query(sql))[0]!.rows.map((r) => r["x"]!);
    const refused = new Set(await rows("select pair as x from refused"));
    const keys = await rows("select type as x from keys");
    expect(keys.length).toBeGreaterThan(40);
    const tables = keys.flatMap((p, i) => [
      `table p${i} { a ${p} primary key }`,
      ...types.map((f, j) => `table f${i}_${j} { a ${f} -> p${i} }`),
    ]);
    const text = said + tables.join("\n");
    const { declarations, problems } = parse("t.schema", text);
    expect(problems).toEqual([]);
    const declared = await declare(declarations, { version: major * 10000 });
    const told = declared.problems.map((p) => {
      expect(p.code, p.message).toBe("foreign-key-type");
      const at = /table f(\d+)_(\d+) [^\n]*$/.exec(text.slice(0, p.span.start))!;
      return `${keys[Number(at[1])]}<-${types[Number(at[2])]}`;
    });
    expect(
      told.filter((t) => !refused.has(t)),
      "told, though Postgres takes it",
    ).toEqual([]);
    expect(
      [...refused].filter((r) => !told.includes(r) && !open.test(r)),
      "not told",
    ).toEqual([]);
  }),
);
