/** Every `.case` file beside this one. `UPDATE_CASES=1 npm test` writes the expected plans anew. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compile, type Compiled } from "../../src/compile.ts";
import { composeRevision } from "../../src/compose.ts";
import type { RevisionHazard, Step } from "../../src/revision/format.ts";
import type { Connection } from "../../src/run/connection.ts";
import { connect } from "../../src/run/index.ts";
import { searchPath } from "../../src/sql.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { readCase, writeCase } from "./caseFiles.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(folder).filter((f) => f.endsWith(".case"));
/** Plans may differ in words between majors: the texts are this one's. */
const majorOfTexts = 15;
const update = process.env["UPDATE_CASES"] !== undefined && process.env["UPDATE_CASES"] !== "";

test("there are cases", () => expect(files.length).toBeGreaterThanOrEqual(12));

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  const all = files.map((file) => [file, readCase(readFileSync(folder + file, "utf8"))] as const);
  test.each(all.filter(([, c]) => c.since <= major))("%s", async (file, c) => {
    await withDatabase(major, async (url) => {
      const connection = await connect(url);
      try {
        const start = await plan(connection, c.before);
        if (start.plan) await run(connection, composeRevision(start.plan, head).up);
        expect((await plan(connection, c.before)).plan, "the state before is settled").toBeNull();

        const change = await plan(connection, c.after);
        const revision = change.plan && composeRevision(change.plan, head);
        const got = {
          ...c,
          up: revision ? script(revision.up, revision.hazards.up) : "",
          down: revision ? script(revision.down, revision.hazards.down) : "",
        };
        if (major === majorOfTexts) {
          if (update) writeFileSync(folder + file, writeCase(got));
          else expect(writeCase(got)).toBe(writeCase(c));
        }
        if (!revision) return;
        await run(connection, revision.up);
        expect((await plan(connection, c.after)).plan, "after up, nothing is left to plan").toBeNull();
        await run(connection, revision.down);
        expect((await plan(connection, c.before)).plan, "after down, nothing is left to plan").toBeNull();
      } finally {
        await connection.close();
      }
    });
  });
});

// They stand among what is observed, so that places in two databases cannot be compared.
test("what else the server has changes no plan", () =>
  withDatabase(testMajors[0]!, async (url) => {
    const c = readCase(readFileSync(folder + "functions.case", "utf8"));
    const connection = await connect(url);
    const roles = Array.from({ length: 80 }, (_, i) => `case_${process.pid}_${i}`);
    try {
      const start = await plan(connection, c.before);
      await run(connection, composeRevision(start.plan!, head).up);
      const up = async (): Promise<string> =>
        script(composeRevision((await plan(connection, c.after)).plan!, head).up, []);
      const alone = await up();
      await connection.query(["set lock_timeout = 0", ...roles.map((r) => `create role ${r}`)].join(";"));
      expect(await up()).toBe(alone);
    } finally {
      await connection.query(roles.map((r) => `drop role if exists ${r}`).join(";"));
      await connection.close();
    }
  }));

const head = { id: "000000000000", number: 1, name: "case", parents: [], schema: null };

async function plan(connection: Connection, text: string): Promise<Compiled> {
  const c = await compile({ connection, files: [{ path: "case.schema", text }] });
  expect(c.problems.filter((p) => p.severity === "error").map((p) => p.message)).toEqual([]);
  expect(c.refusals).toEqual([]);
  return c;
}

const texts = (step: Step): readonly string[] => {
  if (step.kind === "function") throw new Error("a planner writes no functions");
  const all = step.kind === "transaction" ? step.statements : [step.statement];
  return all.map((s) => (typeof s === "string" ? s : s.join("\n")));
};

function script(steps: readonly Step[], hazards: readonly RevisionHazard[]): string {
  const notes = hazards.map((h) => `-- ${h.code} on ${h.on}: ${h.detail}`);
  const blocks = steps.map((s) => {
    const path = s.kind !== "function" && s.path ? [`set local search_path = ${searchPath(s.path)};`] : [];
    return [...path, ...texts(s).map((t) => t + ";")].join("\n");
  });
  return [...notes, blocks.join("\n\n")].join("\n");
}

async function run(connection: Connection, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const path = step.kind === "function" ? [] : (step.path ?? []);
    await connection.query(
      ["begin", `set local search_path = ${searchPath(path)}`, ...texts(step), "commit"].join(";\n"),
    );
  }
}
