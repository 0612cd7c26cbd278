/** Names that Postgres has itself come first, as they do there. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { ForeignName } from "../../src/model/database.ts";
import { builtInRoles, isBuiltIn, takesAnyRow } from "../../src/kinds/parts/builtIn.ts";
import { testMajors } from "../servers/databases.ts";
import { expectReadable, goAndReturn } from "./said.ts";
import { observe, onDatabase } from "./live.ts";

const catalogs = [
  ["textSearchParser", "select prsname as name from pg_ts_parser where oid < 16384"],
  ["textSearchTemplate", "select tmplname as name from pg_ts_template where oid < 16384"],
  ["textSearchDictionary", "select dictname as name from pg_ts_dict where oid < 16384"],
  ["textSearchConfiguration", "select cfgname as name from pg_ts_config where oid < 16384"],
  ["role", "select rolname as name from pg_roles where rolname ~ '^pg_'"],
] as const satisfies readonly (readonly [ForeignName["what"], string])[];

test.each(testMajors)("what is known to be built in is just what is there (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const all = new Set<string>();
    const there = new Map<string, ReadonlySet<string>>();
    for (const [what, sql] of catalogs) {
      const names = (await c.query(sql))[0]!.rows.map((r) => r["name"]!);
      there.set(what, new Set(names));
      for (const n of [...names, "estonian", "estonian_stem", "unicode", ...builtInRoles]) all.add(n);
    }
    for (const [what] of catalogs)
      for (const n of all) expect(isBuiltIn(what, n, major * 10000), `${what} ${n}`).toBe(there.get(what)!.has(n));
    const collations = (await c.query("select collname as name from pg_collation where oid < 16384"))[0]!.rows.map(
      (r) => r["name"]!,
    );
    for (const n of ["default", "C", "POSIX", "ucs_basic", "unicode", "pg_c_utf8", "pg_unicode_fast", "mine"])
      expect(isBuiltIn("collation", n, major * 10000), n).toBe(collations.includes(n));
  }),
);

test.each(testMajors)("no role of Postgres's own is put in the place of another (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const wrong = ["pg_read_all_dta", "pg_read_all_stat", "pg_anything"];
    const text = [...builtInRoles, ...wrong].map((role) => `grant select on t to ${role}`).join("\n");
    const { problems } = await compile({ connection: c, files: [{ path: "a.schema", text: `table t {}\n${text}` }] });
    const newer = builtInRoles.filter((role) => !isBuiltIn("role", role, major * 10000));
    expect(problems.map((p) => p.code)).toEqual([
      ...newer.map(() => "needs-newer-postgres"),
      ...wrong.map(() => "unknown-role"),
    ]);
    expect(problems.filter((p) => p.fix !== undefined || p.help?.includes("Declare"))).toEqual([]);
  }),
);

const ofAnyRow = `
  select distinct proname::text as name from pg_proc
  where oid < 16384 and pronargs > 0 and pronargs - pronargdefaults <= 1 and prokind <> 'p'
    and proargtypes[0] = any (array['record', 'anyelement', '"any"', 'anynonarray', 'anycompatible', 'anycompatiblenonarray']::regtype[])`;
test.each(testMajors)("all functions that take whatever row are known (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const there = (await c.query(ofAnyRow))[0]!.rows.map((r) => r["name"]!);
    expect(there).toContain("count");
    expect(there.filter((n) => !takesAnyRow(n))).toEqual([]);
    expect(takesAnyRow("lower")).toBe(false);
  }),
);

test.each(testMajors)("own things called like Postgres's are others (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create schema s;
create text search parser s."default" (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search dictionary s.simple (template = pg_catalog.simple);
create collation s."C" (locale = 'POSIX');
create text search configuration s.words (parser = pg_catalog."default");
alter text search configuration s.words add mapping for word with pg_catalog.simple;
create table s.t (a text collate pg_catalog."C")`);
    const said = await expectReadable(await observe(c));
    expect(said).toContain("parser default");
    await goAndReturn(c, said.replace("parser default", 'parser s."default"'));
  }),
);
