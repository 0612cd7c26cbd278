/** Types that are made anew while others are made of them. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

test.each(testMajors)("an enum loses a label under a range of it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string): string => `schema s
enum grade { ${labels} }
type grades range of grade
table t { g grades? }
`;
    await settle(c, text("a b c"));
    await goAndReturn(c, text("a c"));
  }),
);

test.each(testMajors)("a type gets an attribute of one that is made anew, and loses it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string, attribute: string, more: string): string => `schema s
enum grade { ${labels} }
type pair {
  a text
  ${attribute}
}
table t {
  g grade?
  p pair? ${more}
}
`;
    await settle(c, text("a b c", "", ""));
    await goAndReturn(c, text("a c", "b grade", "storage external compression pglz"));
    await goAndReturn(c, text("a b c", "", "storage main"));
    await goAndReturn(c, text("a b c", "b grade", "storage external"));
    // The type of its attribute goes.
    await goAndReturn(
      c,
      text("a b c", "", "storage main").replace("enum grade { a b c }\n", "").replace("  g grade?\n", ""),
    );
  }),
);

test.each(testMajors.filter((m) => m >= 14))("a multirange gets no rights of its own (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = `schema s
default privileges for role postgres grant usage on types to pg_monitor
default privileges for role postgres revoke usage on types from public
`;
    await goAndReturn(c, text);
    await goAndReturn(c, `${text}type whole range of int\n`);
    const { unmodelled } = await observe(c);
    expect(unmodelled).toEqual([]);
    if (major >= 17) return;
    await c.query("alter type s.whole owner to pg_monitor");
    expect((await observe(c)).unmodelled).toEqual([]);
    await c.query("grant usage on type s.whole_multirange to pg_read_all_data");
    const { unmodelled: found } = await observe(c);
    expect(found.map((u) => `${u.what}: ${u.name}`)).toEqual(["rights to a multirange: type s.whole_multirange"]);
  }),
);
