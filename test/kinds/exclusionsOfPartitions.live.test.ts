/** Exclusions and keys without overlaps of partitioned tables: Postgres takes no index of a partition for a part of theirs, and makes one. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { expectAnew } from "./anew.ts";
import { testChanges } from "./said.ts";

test.each(testMajors.filter((m) => m >= 18))("keys without overlaps of partitions (PostgreSQL %i)", async (major) => {
  const text = await expectAnew(
    major,
    `create extension btree_gist; create table p (id int, v tstzrange, w tstzrange, primary key (id, v without overlaps), unique (id, w without overlaps)) partition by list (id);
     create table p1 partition of p for values in (1); create table p2 partition of p for values in (2) partition by list (id); create table p2a partition of p2 for values in (2)`,
  );
  expect(text).not.toContain("index");
});
test.each(testMajors.filter((m) => m >= 17))("exclusions of partitions (PostgreSQL %i)", async (major) => {
  const text = await expectAnew(
    major,
    `create extension btree_gist; create table p (a int4range, b int, exclude using gist (b with =, a with &&) where (b > 0), constraint x exclude using gist (b with =, int4range(lower(a), upper(a)) with &&)) partition by list (b);
     create table p1 partition of p for values in (1); create table p2 (a int4range, b int); alter table p attach partition p2 for values in (2)`,
  );
  expect(text).toContain("exclude");
});

const gist = "extension btree_gist\n";
const head = (of: string, part: string, members: string): string =>
  `${gist}table p partition by list (b) { a int4range, b int ${members} }\n${of}${part}`;
const excluded = "\n exclude using gist (b with =, a with &&)\n";
const p1 = "partition p1 of p for (1)\n";
const alone = "table p1 { a int4range, b int }\n";
testChanges(
  "exclusions of partitions",
  [
    ["a partition comes", head("", "", excluded), head("", p1, excluded)],
    ["a table becomes a partition", head("", alone, excluded), head("", p1, excluded)],
    ["one with its own", head("", alone.replace("int }", `int ${excluded} }`), excluded), head("", p1, excluded)],
    [
      "one with its own keeps it",
      head("", alone.replace("int }", `int \n constraint own ${excluded.trim()}\n }`), excluded),
      head("", p1.replace(/\n$/, ` {\n constraint own ${excluded.trim()}\n}\n`), excluded),
    ],
    ["another bound", head("", p1, excluded), head("", p1.replace("(1)", "(1, 2)"), excluded)],
    ["it comes and goes", head("", p1, ""), head("", p1, excluded)],
    ["it changes", head("", p1, excluded), head("", p1, excluded.replace("=, a", "=,  int4range(lower(a), 9)"))],
    [
      "it changes with the bound",
      head("", p1, excluded),
      head("", p1.replace("(1)", "(1, 2)"), excluded.replace("b with =, a with &&", "a with &&, b with =")),
    ],
    [
      "levels",
      head("", "", excluded),
      head("partition q of p for (1) partition by list (b)\n", "partition p1 of q for (1)\n", excluded),
    ],
  ],
  17,
);
const temporal = (part: string): string =>
  `${gist}table p partition by list (b) {\n a int4range\n b int\n c int4range\n primary key (b, a without overlaps)\n unique (b, c without overlaps)\n }\n${part}`;
testChanges(
  "keys without overlaps",
  [
    [
      "a partition comes and gets another bound",
      temporal(p1),
      temporal(p1.replace("(1)", "(1, 2)") + "partition p2 of p for (3)\n"),
    ],
    [
      "a table with its own becomes one",
      temporal("table p1 {\n a int4range\n b int\n c int4range\n primary key (b, a without overlaps)\n}\n"),
      temporal(p1),
    ],
    ["the key changes", temporal(p1), temporal(p1).replace("unique (b, c without", "unique (b, a, c without")],
    [
      "it becomes an ordinary key",
      temporal(p1),
      temporal(p1).replace("unique (b, c without overlaps)", "unique (b, c)"),
    ],
    [
      "it leaves",
      temporal(p1),
      temporal(
        "table p1 {\n a int4range\n b int\n c int4range\n primary key (b, a without overlaps)\n unique (b, c without overlaps)\n}\n",
      ),
    ],
  ],
  18,
);
