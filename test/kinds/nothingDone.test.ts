/** A difference about which no statement does anything is told, and is no empty revision. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { isKind } from "../../src/model/database.ts";
import { plan } from "../../src/plan/index.ts";

test("a plan that would do nothing is refused, with what differs", async () => {
  const { declarations } = parse("a.schema", "table t {\n  a int\n  index i on (a)\n}");
  const { database } = await declare(declarations, { version: 180000 });
  // Of a table that is no partition: attaching it would have brought this about.
  const partOf = { kind: "index", schema: "public", table: "above", name: "of_all" } as const;
  const objects = database.objects.map((o) =>
    isKind(o, "index") ? { ...o, attributes: { ...o.attributes, partOf } } : o,
  );
  expect(() => plan(database, { objects }, { version: 180000 })).toThrow(
    "Nothing is known to do about these differences (a bug of schemac's rooms, please report it): alter index public.t.i (partOf)",
  );
  expect(plan(database, database, { version: 180000 })).toEqual({ plan: null, refusals: [] });
});
