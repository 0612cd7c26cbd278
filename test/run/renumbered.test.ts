/** Applied revisions whose files got another number, another name or other parents since: ids and steps stay. */
import { describe, expect, it } from "vitest";
import { apply, connect, rollback, stamp, status } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { failure, idOf, list, revision, tables } from "./base.ts";

const [base, mine] = [revision(1), revision(2, { name: "mine" })];
const theirs = revision(2, { id: idOf(9), name: "theirs", up: [], down: [] });
/** One's own line put last, as is advised where the history forks. */
const last = { ...mine, number: 3, parents: [theirs.id] };
const numbers = (revisions: readonly { readonly number: number }[]): string => revisions.map((r) => r.number).join(" ");

describe.each(testMajors)("revisions with other files than before, on PostgreSQL %i", (major) => {
  it("applied before what they build on now: rolled back, then applied with it", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(base, mine) });
      const all = list(base, theirs, last);
      const e = await failure(apply({ url, revisions: all }));
      expect([e.exit, e.message]).toEqual([6, "0003_mine is applied, but 0002_theirs, on which it builds, is not"]);
      expect(e.advice).toMatch(/^Nothing was run\. Roll it back .*`schemac rollback`.* and apply again/);
      expect(numbers((await status({ url, revisions: all })).current)).toBe("3");
      expect(numbers((await rollback({ url, revisions: all, target: "mine" })).undone)).toBe("");
      expect(numbers((await rollback({ url, revisions: all, target: "1", dryRun: true })).undone)).toBe("3");
      expect(numbers((await rollback({ url, revisions: all })).undone)).toBe("3");
      expect(await tables(url)).toBe("t1");
      expect(numbers((await apply({ url, revisions: all })).applied)).toBe("2 3");
      expect((await status({ url, revisions: all })).atHead).toBe(true);
    }));

  it("applied before what they build on now, and more after them: one by one", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(base, mine, revision(3)) });
      const all = list(base, theirs, last, revision(4, { ...revision(3), number: 4 }));
      expect(numbers((await rollback({ url, revisions: all })).undone)).toBe("4");
      expect(numbers((await rollback({ url, revisions: all })).undone)).toBe("3");
      expect(numbers((await apply({ url, revisions: all })).applied)).toBe("2 3 4");
    }));

  it("edited too: not undone", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(base, mine) });
      const e = await failure(rollback({ url, revisions: list(base, theirs, { ...last, down: [] }) }));
      expect(e.message).toBe("generated/0003_mine.ts was edited after it was applied");
      expect(await tables(url)).toBe("t1 t2");
    }));

  it("that build on others now: those that nothing builds on are undone first", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(base, revision(2), revision(3)) });
      const all = list(base, revision(2, { parents: [idOf(3)] }), revision(3, { parents: [idOf(1)] }));
      expect(numbers((await status({ url, revisions: all })).current)).toBe("2");
      expect(numbers((await rollback({ url, revisions: all, target: "3", dryRun: true })).undone)).toBe("2");
      expect(numbers((await rollback({ url, revisions: all, target: "2", dryRun: true })).undone)).toBe("");
      const undone = await rollback({ url, revisions: all });
      expect([numbers(undone.undone), numbers(undone.current)]).toEqual(["2", "3"]);
      expect((await status({ url, revisions: all })).problems).toEqual([]);
      expect(numbers((await rollback({ url, revisions: all })).undone)).toBe("3");
      expect(await tables(url)).toBe("t1");
    }));

  it("whose files make a circle with one that is missing: nothing is undone", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(base, revision(2), revision(3)) });
      const e = await failure(rollback({ url, revisions: list(base, revision(2, { parents: [idOf(3)] })) }));
      expect(e.exit).toBe(6);
      expect(await tables(url)).toBe("t1 t2 t3");
    }));

  it("are shown and found by their new number and name", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(base, revision(2)) });
      const all = list(base, revision(2, { number: 7, name: "seven" }));
      const s = await status({ url, revisions: all });
      expect([s.current, s.applied.at(-1)]).toMatchObject([[{ number: 7, name: "seven" }], { number: 7 }]);
      expect(numbers((await rollback({ url, revisions: all, target: "7" })).undone)).toBe("");
      expect((await failure(rollback({ url, revisions: all, target: "2" }))).message).toMatch(/no revision "2"/);
      expect((await rollback({ url, revisions: all, target: "1" })).undone).toMatchObject([{ name: "seven" }]);
      expect((await status({ url, revisions: all })).undone).toMatchObject([{ number: 7, name: "seven" }]);
      await apply({ url, revisions: all });
      const again = list(base, revision(2, { number: 8, name: "eight" }));
      const connection = await connect(url);
      expect((await stamp(connection, again, "1")).unstamped).toMatchObject([{ number: 8, name: "eight" }]);
      await connection.close();
    }));
});
