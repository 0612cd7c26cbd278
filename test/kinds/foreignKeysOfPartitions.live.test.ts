/** Foreign keys of partitioned tables: which names they have in partitions, and in partitions of those. */
import { expect, test } from "vitest";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { planned, settle } from "./said.ts";

const partitions = (members = ""): string => `
partition notes of documents for ('note')
partition rest of documents default partition by hash (id)${members}
partition rest_0 of rest for modulus 2 remainder 0
partition rest_1 of rest for modulus 2 remainder 1`;
const table = (name = ""): string => `
table tenants { id int primary key }
table documents partition by list (kind) {
  id int
  tenant int
  kind text
  ${name}foreign key (tenant) -> tenants
}`;

/** A plan can hold differences for which nothing is to be run. */
async function comesToRest(connection: Connection, text: string): Promise<void> {
  await settle(connection, text);
  expect((await planned(connection, text)).plan).toBeNull();
}

test.each(testMajors)("each partition has the name of the one above, all the way down (%i)", (major) =>
  onDatabase(major, (c) => comesToRest(c, table() + partitions())),
);

test.each(testMajors)("one whose table has a constraint of that name gets another (%i)", (major) =>
  onDatabase(major, (c) =>
    comesToRest(c, table("constraint of_tenant ") + partitions(" { constraint of_tenant check (id > 0) }")),
  ),
);

test.each(testMajors)("a name that nobody says any more stays, in partitions too (%i)", (major) =>
  onDatabase(major, async (c) => {
    await comesToRest(c, table("constraint custom ") + partitions());
    await comesToRest(c, table() + partitions());
  }),
);

test.each(testMajors)("indexes and keys of another name than the one that goes without saying (%i)", (major) =>
  onDatabase(major, async (c) => {
    const keys = (a: string, b: string): string => `
table t partition by list (k) {
  k  int
  v  int
  ${a}unique (k, v)
  index ${b}on (v)
}
partition p of t for (1)
partition q of t default partition by list (v)
partition q_1 of q for (1)`;
    await comesToRest(c, keys("constraint custom ", "by_v "));
    await comesToRest(c, keys("", ""));
  }),
);
