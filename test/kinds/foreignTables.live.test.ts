/** Foreign tables and foreign partitions: tables whose rows are elsewhere. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, rolesOnServers, settle, sqlOf, testChanges } from "./said.ts";

const [a, b] = [`ft ${process.pid}`, `ft_b${process.pid}`];
rolesOnServers(a, b);

const servers = `
foreign data wrapper w
server films foreign data wrapper w
server "Other films" foreign data wrapper w
function touch() returns trigger language plpgsql as $$ begin return new; end $$
`;
const things = `${servers}
/// What is shown.
foreign table films server films options (schema_name 'public', "Table Name" 'it''s') {
  /// Its number.
  id      bigint         options (column_name 'ID', "Key" '')
  title   text?          = 'none' collate "C" options (column_name 'a\\b')
  length  numeric(12,2)  check (length > 0)
  twice   numeric        generated (length * 2)
  n       int            storage plain statistics 50 with (n_distinct = 5)

  constraint positive check (n > 0 and length > 1)
  trigger touch before insert for each row when (new.id > 1) execute touch()
}
table takings partition by range (day) { day date, amount int? }
partition takings_2025 of takings for ('2025-01-01') to ('2026-01-01')
foreign partition takings_2026 of takings for ('2026-01-01') to ('2027-01-01') server "Other films" options (t '2026') {
  amount int? = 5 options (column_name 'sum')
}
table base { id int, note text? }
foreign table below server films {
  inherits base
  own int
}
`;

test.each(testMajors)("they are made, changed and taken away (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await goAndReturn(c, things);
    expect((await observe(c)).unmodelled).toEqual([]);
    const changed = things
      .replace("schema_name 'public', ", "")
      .replace("'it''s'", "'it', more ''")
      .replace("numeric(12,2)", "numeric(14,3)")
      .replace(" options (column_name 'ID', \"Key\" '')", "")
      .replace("options (column_name 'a\\b')", "options (added 'x', column_name 'c')")
      .replace("text?          = 'none' collate", "varchar(9)     = 'some' collate")
      .replace("statistics 50 with (n_distinct = 5)", "statistics 60")
      .replace("n > 0 and", "n > 1 and")
      .replace("  twice   numeric        generated (length * 2)\n", "  added   int            options (x 'y')\n")
      .replace("own int", "own text")
      .replace("id int, note", "id bigint, note")
      .replace("= 5 options (column_name 'sum')", "options (column_name 'amount')")
      .replace("Its number", "The number")
      .replace("What is shown", "What they show");
    const one = sqlOf(await goAndReturn(c, changed));
    expect(one.filter((s) => s.includes(" foreign table ") && !s.startsWith("comment"))).toEqual([]);
    expect(one).toContain("comment on foreign table public.films is 'What they show.'");
    await goAndReturn(c, servers);
    await goAndReturn(c, "");
  }),
);

test.each(testMajors)("owners, grants, sequences; a partition comes and goes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, things);
    const said = `${things.replace("id      bigint         ", "id      serial         ").replace("n       int            ", "n       int            identity ")}
owner "${a}" on films, server films
grant select, update (title) on films to ${b}
`;
    await goAndReturn(c, said);
    expect(await expectReadable(await observe(c))).toContain("foreign table films");
    await goAndReturn(
      c,
      said
        .replace("partition takings_2026 of takings for ('2026-01-01') to ('2027-01-01')", "table takings_2026")
        .replace("amount int? = 5 options", "day date\n  amount int? = 5 options"),
    );
  }),
);

test("what a foreign table cannot have is said; so is that its server stays", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    const judged = (text: string) => compile({ connection, files: [{ path: "a.schema", text: servers + text }] });
    const problems = async (text: string): Promise<readonly string[]> =>
      (await judged(text)).problems.map((p) => p.message);
    expect(await problems("foreign table t { id int }")).toEqual(["a foreign table names its server"]);
    expect(await problems("table t server films { id int }")).toEqual(["only a foreign table is on a server"]);
    expect(await problems("table t options (a 'b') { id int }")).toEqual(["only a foreign table has `options (…)`"]);
    expect(await problems("foreign table t server films using heap { id int }")).toEqual([
      "a foreign table has no `using`",
    ]);
    expect(await problems("foreign table t server films { id int primary key }")).toEqual([
      "A foreign table's rows are elsewhere, so it has no primary key.",
    ]);
    expect(await problems("foreign table t server films {\n  id int\n  index on (id)\n}")).toEqual([
      "A foreign table's rows are elsewhere, so it has no index.",
    ]);
    expect(await problems("table t { id int options (a 'b') }")).toEqual([
      "Only a foreign table's column has `options (…)`.",
    ]);
    await settle(connection, `${servers}foreign table t server films { id int }`);
    const retyped = servers.replace("server films", "server films type 'x'");
    const { refusals } = await compile({
      connection,
      files: [{ path: "a.schema", text: `${retyped}foreign table t server films { id int }` }],
    });
    expect(refusals.map((r) => r.message)).toEqual([expect.stringContaining("foreign tables that stay")]);
    expect((await judged(`foreign table t server "Other films" { id int }`)).refusals).toEqual([
      expect.objectContaining({ message: expect.stringContaining("where a table's rows are") as string }),
    ]);
  }));

test.each(testMajors)("a type that is made anew under them (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const said = (base: string): string => `${servers}
domain code ${base}
foreign table t server films { id code? = '1' }
table own { id code? = '1' }
`;
    await settle(c, said("text"));
    await goAndReturn(c, said("integer"));
  }),
);

const parted = (type: string, before = ""): string => `${servers}${before}
table m partition by range (day) { day date, n ${type} }
partition m1 of m for ('2025-01-01') to ('2026-01-01')
foreign partition m2 of m for ('2026-01-01') to ('2027-01-01') server films
`;
const inherited = (type: string, before = ""): string => `${servers}${before}
table top { n ${type} }
table middle { inherits top }
foreign table low server films { inherits middle }
`;
test.each([
  ["a text becomes a number", parted("text"), parted("int"), "m2"],
  ["the text says how", parted("int"), parted("bigint using (n + 1)"), "m2"],
  ["by way of a parent between them", inherited("text"), inherited("int"), "low"],
  ["a domain made anew", parted("d", "domain d int"), parted("d", "domain d bigint"), "m2"],
  ["an enum made anew", inherited("e", "enum e { a b }"), inherited("e", "enum e { b }"), "low"],
])("values are not converted above a foreign table: %s", (_, before, after, foreign) =>
  onDatabase(testMajors[0]!, async (connection) => {
    await settle(connection, before);
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: after }] });
    expect(refusals.map((r) => r.message)).toEqual([
      expect.stringContaining(`table public.${foreign} has the column from it, and where a foreign table does`),
    ]);
  }),
);
testChanges("a type changes above a foreign table", [
  ["by an assignment", parted("bigint"), parted("int")],
  ["through several levels", inherited("int"), inherited("bigint")],
  ["which goes", parted("bigint"), parted("numeric").replace(/foreign partition.*\n/, "")],
]);
