import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";

const [a, b] = [`own a${process.pid}`, `own_b${process.pid}`];
rolesOnServers(a, b);

const things = `schema s {
  enum e { x y }
  domain d int
  sequence q
  table t { id bigint identity, n int, e e }
  sequence of_t owned by t (n)
}
schema r { table t { id int } }
`;

test.each(testMajors)("owners of single things, of a schema, of the project (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, things);
    const one = await goAndReturn(c, `${things}owner "${a}" on table s.t, type e, domain d, sequence q, schema s in s`);
    expect(sqlOf(one).length).toBe(5);
    expect(sqlOf(await planned(c, things)), "what is not said stays").toEqual([]);
    await goAndReturn(c, `${things}owner "${a}" in s\nowner ${b} on table s.t`);
    expect(await expectReadable(await observe(c))).toContain(`owner ${b}`);
    await goAndReturn(c, `${things}owner ${b}`);
    expect(await expectReadable(await observe(c))).not.toContain(" on ");
    await goAndReturn(c, `${things}owner postgres`);
    expect((await observe(c)).database.objects.filter((o) => o.id.kind === "owner")).toEqual([]);
  }),
);

test.each(testMajors)("what is made anew gets its owner back; sequences follow their table (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, `${things}owner "${a}" in s`);
    const anew = await goAndReturn(c, things.replace("{ x y }", "{ y x }"));
    expect(sqlOf(anew).filter((s) => s.includes("owner to"))).toEqual([`alter type s.e owner to "${a}"`]);
    // A new sequence on a table of somebody else's; one that was somebody else's on a table of ours.
    await goAndReturn(
      c,
      things.replace("sequence q", "sequence q owned by t (id)").replace("id bigint identity", "id bigint"),
    );
    await goAndReturn(
      c,
      things.replace("of_t owned by t (n)", "of_t").replace("id bigint identity", "id bigint = nextval('q')"),
    );
    await goAndReturn(
      c,
      `${things.replace("id int }", "id int, k int }")}sequence r.z owned by r.t (k)\nowner ${b} in r`,
    );
    await goAndReturn(c, `role "${a}"`);
    expect((await observe(c)).database.objects.filter((o) => o.id.kind === "owner")).toEqual([]);
  }),
);

test.each(testMajors)("the schema public has an owner too (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await goAndReturn(c, `owner ${b} on schema public`);
    expect(sqlOf(await planned(c, ""))).toEqual([]);
    await goAndReturn(c, `owner "${a}" on schema public`);
    await c.query("drop schema public; create schema public");
    await expectReadable(await observe(c));
  }),
);
