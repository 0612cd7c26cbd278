import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";
import { literal } from "../../src/sql.ts";

const [a, b] = [`grant a${process.pid}`, `grant_b${process.pid}`];
rolesOnServers(a, b);

const things = `schema s {
  enum e { x y }
  domain d int
  sequence q
  table t { id bigint, n int, "A b" e }
  aggregate total(numeric) (sfunc = numeric_add, stype = numeric)
}
`;

test.each(testMajors)("what is granted is there, and nothing else (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, things);
    const said = `${things}schema s {
  grant select, insert (n, "A b"), update (id) on t to "${a}", ${b}
  grant all on sequence q to ${b}
  revoke execute on aggregate total(numeric) from public
  grant execute on aggregate total(numeric) to "${a}"
  grant delete on t to ${b} with grant option
  grant usage on schema s to "${a}", public
  revoke usage on type e, domain d from public
  grant usage on type e to ${b}
  revoke truncate on t from owner
}`;
    const up = await goAndReturn(c, said);
    expect(sqlOf(up)).toContain(`grant insert ("A b") on table s.t to "${a}"`);
    const text = await expectReadable(await observe(c));
    expect(text).toContain("grant all on sequence q to");
    expect(text).toContain(`grant select, update (id), insert (n, "A b") on t to`);
    // Less, more, and other options; what is revoked from the table stays on its columns where it is said.
    await goAndReturn(c, said.replace("grant delete on t", "grant delete, update on t").replace(", update (id)", ""));
    await goAndReturn(
      c,
      said.replace(" with grant option", "").replace("select, insert (n,", "select (id), insert (id,"),
    );
    await c.query(`grant insert on s.t to "${a}", ${b}`);
    await settle(c, said);
    await goAndReturn(c, `${things}grant select on s.t to owner with grant option`);
    await goAndReturn(c, things);
    await c.query(`grant all on all tables in schema s to public`);
    await settle(c, things);
    expect(sqlOf(await planned(c, `${things}grant usage on type s.e to public`)), "it is so anyway").toEqual([]);
  }),
);

test.each(testMajors)("what is made anew gets its privileges back; with owners (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const said = `${things}grant usage on type s.e to ${b}\nrevoke usage on type s.e from public\ngrant select on s.t to ${b}`;
    await settle(c, said);
    await goAndReturn(c, said.replace("{ x y }", "{ y x }"));
    // The new owner has all; what was granted to it is part of that, and comes back.
    await goAndReturn(c, `${said}\nowner ${b} in s`);
    await goAndReturn(c, `${said.replace(/\ngrant .*$/, "")}\nowner "${a}" in s`);
    await goAndReturn(c, `${said}\nowner ${b} in s`);
  }),
);

test.each(testMajors)("grants of others than the owner (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const start = `${things}grant usage on schema s to "${a}"\n`;
    await settle(c, start);
    await goAndReturn(
      c,
      `${start}grant select, delete on s.t to "${a}" with grant option\ngrant select on s.t to ${b} granted by "${a}"\ngrant delete on s.t to ${b}`,
    );
    await goAndReturn(c, `${start}grant select on s.t to "${a}"`);
  }),
);

test.each(testMajors)("the schema public (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await goAndReturn(c, "revoke usage on schema public from public");
    await goAndReturn(c, `grant all on schema public to ${b}`);
    await c.query("drop schema public; create schema public");
    await expectReadable(await observe(c));
    await settle(c, "");
  }),
);

test.each(testMajors)("default privileges, and what they do to things made later (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const said = `${things}default privileges for role postgres grant select on tables to "${a}", ${b} with grant option
default privileges for role postgres in schema s grant usage on sequences to ${b}
default privileges for role postgres revoke usage on types from public
default privileges for role "${a}" grant execute on functions to ${b}
default privileges for role postgres revoke execute on functions from public
default privileges for role postgres in schema s grant all on tables to public
grant select, insert on s.t to ${b}
`;
    await goAndReturn(c, said);
    const later = `${said}schema s {
  table u { id int }
  sequence r
  aggregate largest(numeric order by numeric) (sfunc = numeric_add, stype = numeric)
  enum f { x }
  domain g int
  grant select on u to ${b}
  revoke usage on domain g from public
}`;
    await goAndReturn(c, later);
    await goAndReturn(c, later.replace(" with grant option", "").replace("select, insert", "select"));
    await goAndReturn(c, things);
  }),
);

test.each(testMajors)("what an extension makes has the usual rights (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const said = `default privileges for role postgres revoke execute on functions from public
default privileges for role postgres grant all on functions to ${b}
default privileges for role postgres grant usage on types to ${b}
default privileges for role postgres grant select on tables to ${b}
`;
    await settle(c, said);
    await goAndReturn(c, `${said}extension citext\n`);
    const [found] = await c.query(
      "select count(*) as n from pg_proc p join pg_depend d on d.objid = p.oid and d.deptype = 'e' where p.proacl::text like '%' || " +
        `${literal(b)} || '%'`,
    );
    expect(found!.rows).toEqual([{ n: "0" }]);
  }),
);

test.each(testMajors)("views and their columns, and their owners (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const said = `${things}schema s {
  view v as $$ select id, n from s.t $$
  materialized view m as $$ select n from s.t $$
  grant select (n), update (n) on v to "${a}"
  grant select on v, m to ${b}
  owner "${a}" on materialized view m
}`;
    await goAndReturn(c, said);
    await goAndReturn(c, said.replace("select id, n from", "select n, id from"));
    await goAndReturn(c, said.replace("select (n), update (n)", "select"));
  }),
);

test.each(testMajors)("who may no more grant a table on, may its columns (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (table: string): string =>
      `${things}schema s {
  grant ${table}
  grant update (n) on t to ${b} with grant option
}`;
    await settle(c, text(`update, delete on t to ${b} with grant option`));
    await goAndReturn(c, text(`update on t to ${b}`));
  }),
);

test.each(testMajors)("rights to a column change while its type is made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string, granted: string, option = ""): string =>
      `schema s {
  enum e { ${labels} }
  table t {
    id  int  primary key
    n   e    = 'one'
  }
  grant ${granted} on t to ${b}${option}
}`;
    await settle(c, text("one, two, three", "insert (n), references (n)"));
    await goAndReturn(c, text("one, two", "insert (n), select (n)"));
    await goAndReturn(c, text("one", "select (n)", " with grant option"));
    await settle(c, text("one, two", "select (n)", " with grant option"));
    await goAndReturn(c, text("one", "select (n)"));
  }),
);
