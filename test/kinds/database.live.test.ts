/** What is said of the database itself, whatever it is called. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";

const [a, b] = [`database a${process.pid}`, `database_b${process.pid}`];
rolesOnServers(a, b);

test.each(testMajors)("comment and privileges (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const up = await goAndReturn(
      c,
      `/// It's "ours" 100 %
database

grant connect, create on database to "${a}" with grant option
grant temporary on database to ${b} granted by "${a}"
grant all on database to "${a}" with grant option
revoke connect on database from public
revoke temporary on database from owner`,
    );
    expect(sqlOf(up).filter((s) => s.includes("comment"))).toEqual([
      `do $$begin execute 'comment on database ' || pg_catalog.quote_ident(pg_catalog.current_database()) || ' is ''It''''s "ours" 100 %'''; end$$`,
    ]);
    await goAndReturn(c, `/// Other words.\ndatabase\n  set work_mem = '5MB'\n\ngrant all on database to ${b}`);
    const text = await expectReadable(await observe(c));
    expect(text).toContain(`/// Other words.\ndatabase\n  set work_mem = '5MB'`);
    expect(text).toContain(`grant all on database to ${b}`);
    await settle(c, "");
    expect((await observe(c)).database.objects).toEqual([]);
  }),
);

test.each(testMajors)("its name, its owner and other schemas are no difference (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = (await c.query("select quote_ident(current_database()) as d"))[0]!.rows[0]!["d"]!;
    await c.query(`alter database ${name} owner to ${b}; comment on database ${name} is 'x'`);
    const said = `/// x\ndatabase\nrevoke temporary on database from owner`;
    await goAndReturn(c, said);
    const elsewhere = `alter default privileges for role ${b}`;
    await c.query(`alter database ${name} set work_mem = '5MB'; ${elsewhere} grant select on tables to "${a}"`);
    expect((await observe(c, { schemas: ["public"] })).database.objects).toEqual([]);
    await c.query(`alter database ${name} reset work_mem; ${elsewhere} revoke select on tables from "${a}"`);
    expect(sqlOf(await planned(c, said)), "nothing is left to do").toEqual([]);
    await c.query(`alter database ${name} owner to postgres`);
  }),
);
