/** A project's text brought about on a live database, and back: what is planned, run and planned again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile, type Compiled } from "../../src/compile.ts";
import { ownPart } from "../../src/kinds/silence.ts";
import type { Observation } from "../../src/model/database.ts";
import type { Scope } from "../../src/snapshot.ts";
import type { Connection } from "../../src/run/connection.ts";
import { connect } from "../../src/run/index.ts";
import { name } from "../../src/sql.ts";
import { serverUrl, testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { readAgain } from "./texts.ts";
import { differences, walk } from "./ways.ts";

export async function planned(connection: Connection, text: string, scope: Scope = {}): Promise<Compiled> {
  const c = await compile({ connection, files: [{ path: "a.schema", text }], scope });
  expect(c.problems.filter((p) => p.severity === "error").map((p) => p.message)).toEqual([]);
  expect(c.refusals).toEqual([]);
  return c;
}
export const sqlOf = (c: Compiled, way: "up" | "down" = "up"): readonly string[] =>
  c.plan?.[way].steps.flatMap((s) => s.actions.map((a) => a.sql)) ?? [];

/** Goes there; a second plan is empty. */
export const settle = async (connection: Connection, text: string, scope: Scope = {}): Promise<Compiled> =>
  (await arrive(connection, text, scope)).there;

/** The same, with the plan that found nothing to do. */
async function arrive(connection: Connection, text: string, scope: Scope) {
  const there = await planned(connection, text, scope);
  if (there.plan) await walk(connection, there.plan.up);
  const again = await planned(connection, text, scope);
  expect(sqlOf(again), "the second plan").toEqual([]);
  return { there, again };
}
/** What a plan began with. */
const seenBy = ({ observation }: Compiled): Observation => {
  if (!observation) throw new Error("nobody looked");
  return { ...observation, database: ownPart(observation.database) };
};

/** There and back, and there again; each time everything is as it was. */
export async function goAndReturn(connection: Connection, text: string, scope: Scope = {}): Promise<Compiled> {
  const { there: c, again } = await arrive(connection, text, scope);
  const [before, after] = [seenBy(c), seenBy(again)];
  await expectReadable(after, scope.roles);
  if (!c.plan) return c;
  await walk(connection, c.plan.down);
  expect(differences((await observe(connection, scope)).database, before.database), "back").toEqual([]);
  await walk(connection, c.plan.up);
  expect(differences((await observe(connection, scope)).database, after.database), "again").toEqual([]);
  return c;
}

/** A test for each change and major: from one text to the other, back, and there again. */
export function testChanges(
  title: string,
  changes: readonly (readonly [what: string, before: string, after: string])[],
  /** The first major that can hold it. */
  since = 13,
): void {
  const majors = testMajors.filter((major) => major >= since);
  const all = changes.flatMap(([what, before, after]) => majors.map((major) => ({ what, before, after, major })));
  test.each(all)(`${title}: $what (PostgreSQL $major)`, ({ before, after, major }) =>
    onDatabase(major, async (c) => {
      await settle(c, before);
      await goAndReturn(c, after);
    }),
  );
}

/** What import would write says all there is. */
export async function expectReadable(o: Observation, roles?: true | readonly string[]): Promise<string> {
  const reading = await readAgain(o, roles);
  expect(reading.problems, reading.text).toEqual([]);
  expect(reading.lost, reading.text).toEqual([]);
  return reading.text;
}

/** Roles of the file's own, on every server that it asks; roles belong to servers, not to databases. */
export function rolesOnServers(...roles: readonly string[]): void {
  const all = async (how: "create" | "drop"): Promise<void> => {
    for (const major of testMajors) {
      const c = await connect(serverUrl(major));
      // Who compares what is seen keeps all roles still, for longer than a runner would wait.
      await c.query(["set lock_timeout = 0", ...roles.map((role) => `${how} role ${name(role)}`)].join("; "));
      await c.close();
    }
  };
  beforeAll(() => all("create"));
  afterAll(() => all("drop"));
}
