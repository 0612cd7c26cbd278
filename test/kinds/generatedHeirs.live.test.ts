/** Heirs of a generated column that is made anew because what it is computed from is. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle, testChanges } from "./said.ts";

const text = (collation: string): string => `domain d text ${collation}
table base {
  logs   d
  size  int?  generated (length(logs::text))
}
table heir {
  inherits base
  /// How long it is.
  inherited size  int?  generated (length(logs::text))  statistics 50
  unique (logs, size)
  index on (size) where (size > 1)
  check (size < 100)
  statistics both on (logs, size)
  exclude using btree (size with =)
}
table lower {
  inherits heir
  unique (size)
}
view sizes as $$ select size from only heir $$
grant select (size) on heir to public
`;

const parted = (collation: string): string => `domain d text ${collation}
table base partition by list (k) {
  k     int
  logs  d
  size  int?  generated (length(logs::text))
}
partition one of base for (1) {
  unique (logs, size)
  index on (size)
  check (size < 100)
}
`;

test.each(testMajors)("what partitions have on it is made again (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, parted(""));
    await goAndReturn(c, parted('collate pg_catalog."POSIX"'));
  }),
);
test.each(testMajors)("what heirs have on it is made again (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text(""));
    await goAndReturn(c, text('collate pg_catalog."POSIX"'));
  }),
);

/** An heir, or a partition, that computes it otherwise than the table above. */
const otherwise = {
  "an heir": (type: string, times: number, own: number): string => `table base {
  k int
  a ${type}
  g bigint? generated (a * ${times})
}
table one {
  inherits base
  inherited g bigint? generated (a * ${own})
}
`,
  "a partition": (type: string, times: number, own: number): string => `table base partition by list (k) {
  k int
  a ${type}
  g bigint? generated (a * ${times})
}
partition one of base for (1) {
  g bigint? generated (a * ${own})
}
`,
};
const ways = Object.entries(otherwise).flatMap(([what, text]) =>
  testMajors.filter((major) => major >= 17).map((major) => [what, major, text] as const),
);
test.each(ways)("%s that computes it otherwise still does (PostgreSQL %i)", (_, major, text) =>
  onDatabase(major, async (c) => {
    await settle(c, text("int", 2, 3));
    await c.query("insert into one values (1, 5)");
    await goAndReturn(c, text("int", 4, 3));
    await goAndReturn(c, text("bigint", 4, 3));
    expect((await c.query("select g from one"))[0]?.rows).toEqual([{ g: "15" }]);
    await goAndReturn(c, text("bigint", 5, 6));
  }),
);

const stored = (g: string, below = ""): string =>
  `table top {\n  a text?\n  g text? ${g}\n}\ntable low { inherits top }\n${below}`;
const lower = "table lower { inherits low }\n";
testChanges(
  "how heirs store a column that is made anew above them",
  [
    ["beginning to be computed", stored("compression pglz"), stored("generated (a || 'x') compression pglz")],
    ["with another storage", stored("storage main"), stored("generated (a || 'x') storage external")],
    [
      "computed otherwise",
      stored("generated (a || 'y') storage main compression pglz statistics 7", lower),
      stored("generated (a || 'x') storage external compression pglz statistics 9", lower),
    ],
  ],
  14,
);

test.each(testMajors)("a column does not end being computed through three levels (PostgreSQL %i)", (major) =>
  onDatabase(major, async (connection) => {
    const computed = stored("generated (a || 'x')", lower);
    await settle(connection, computed);
    await expect(connection.query("alter table top alter column g drop expression")).rejects.toThrow();
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: stored("", lower) }] });
    expect(refusals.map((r) => r.message)).toEqual([expect.stringContaining("heirs of public.top have heirs")]);
    await goAndReturn(connection, stored("generated (a || 'x')"));
    await goAndReturn(connection, stored(""));
  }),
);

test.each(testMajors)("a new heir says what its parent computes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text =
      "table p { a int, b int? generated (a * 2) }\ntable h {\n  inherits p\n  a int\n  b int? generated (a * 2)\n}";
    await goAndReturn(c, text);
    await goAndReturn(c, text.replace(/\ntable h[^]*/, ""));
  }),
);

/** An heir computes a column from one that it has from above, and ends that where the other is made anew, or goes. */
const ending = (above: string, own: string): string => `table base {
${above}
  t smallint
}
table heir {
  inherits base
  own int? ${own}
}
`;
const ends = ["  c smallint generated (-t)", ""].flatMap((above) => testMajors.map((major) => [major, above] as const));
test.each(ends)(
  "PostgreSQL %i: what heirs compute no more is let go of before the parent's change: %s",
  (major, above) =>
    onDatabase(major, async (c) => {
      await settle(c, ending("  c smallint identity", "generated (t + c)"));
      await goAndReturn(c, ending(above, ""));
    }),
);
