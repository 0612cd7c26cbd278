/** The second observer itself: it sees every kind of thing, on every major, and any change of it. */
import { describe, expect, test } from "vitest";
import { connect } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { everything } from "./everything.ts";
import { facts } from "./facts.ts";
import { said } from "./said.ts";
import { witnessAlone, witnessed } from "./witness.ts";

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  test("it sees each kind of thing, and that it changes", async () => {
    await withDatabase(major, async (url) => {
      const c = await connect(url);
      try {
        let before = await witnessAlone(c);
        expect(before.filter((l) => !/^(schema|owner|database|comment)/.test(l))).toEqual([]);
        for (const sql of everything(major)) {
          await c.query(sql);
          const now = await witnessAlone(c);
          expect(witnessed(now, before), sql).not.toBeNull();
          before = now;
        }
        expect(before).not.toContain("(no line)");
        const seen = new Set(before.map((l) => l.slice(0, l.search(/ [[\w"]/))));
        // Labels need a provider that is loaded with the server.
        const unseen = [...facts(major), ...said]
          .map(([what]) => what)
          .filter((what) => ![...seen].some((s) => what.startsWith(s)));
        expect(unseen.filter((what) => !what.startsWith("label"))).toEqual([]);
        await c.query("alter subscription sub set (slot_name = none); drop subscription sub");
      } finally {
        await c.close();
      }
    });
  });
});
