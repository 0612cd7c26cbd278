/** A project on a server, for the tests of the main job. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { schemac, type Ran } from "./support.ts";

export const shop = `schema shop

enum status { draft placed }

/// People
table users {
  id     bigint  identity primary key
  email  text    unique
}

table orders {
  id      bigint  identity primary key
  buyer   bigint  -> users
  status  status  = 'draft'
  note    text?

  index on (buyer, status)
}
`;
export const json = (ran: Ran): Record<string, unknown> => JSON.parse(ran.out) as Record<string, unknown>;
export const revisions = (cwd: string): readonly string[] =>
  existsSync(join(cwd, "generated"))
    ? readdirSync(join(cwd, "generated"))
        .filter((f) => f !== ".gitkeep")
        .sort()
    : [];

/** A project as `init` leaves it, whose commands all go to one database. */
export function project(
  folder: (files: Readonly<Record<string, string>>) => string,
  url: string,
  schema = shop,
): { cwd: string; run: (...args: string[]) => Promise<Ran> } {
  const cwd = folder({
    "schema/shop.schema": schema,
    "schemac.config.ts": "export default {}",
    "generated/.gitkeep": "",
  });
  return { cwd, run: (...args) => schemac(cwd, args, { env: { DATABASE_URL: url } }) };
}
export const edit = (cwd: string, from: string, to: string): void => {
  const path = join(cwd, "schema/shop.schema");
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};
/** A revision written by hand, of one step each way; ready for `write`. */
export const revisionFile = (
  n: number,
  up: readonly string[],
  down: readonly string[],
): Readonly<Record<string, string>> => ({
  [join("generated", `000${n}_r${n}.ts`)]: `import type { Revision } from "schemac/runner";
export default {
  format: 1, id: "a0000000000${n}", number: ${n}, name: "r${n}", parents: [${n === 1 ? "" : `"a0000000000${n - 1}"`}], schema: null, proof: "not proven",
  hazards: { up: [], down: [] },
  up: [{ kind: "transaction", statements: ${JSON.stringify(up)} }],
  down: [{ kind: "transaction", statements: ${JSON.stringify(down)} }],
} satisfies Revision;
`,
});
