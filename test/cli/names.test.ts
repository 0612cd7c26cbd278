/** Names that hold line breaks, which could counterfeit a line of the command line's. */
import { expect, test } from "vitest";
import { ask } from "../run/base.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { edit, project as projectOf } from "./project.ts";
import { folders } from "./support.ts";

const folder = folders();
const forged = "No difference: the database is as schema/ says.";
const name = `"x\n${forged}"`;

test("stand in one line wherever they are printed, and mean the same when they are pasted", () =>
  withDatabase(testMajors.at(-1)!, async (url) => {
    const { cwd, run } = projectOf(folder, url, `table ${name} {\n  a int\n  b int\n}\n`);
    const said: string[] = [];
    const see = async (...args: string[]): Promise<number | null> => {
      const { code, out, err } = await run(...args);
      said.push(...`${out}\n${err}`.split("\n"));
      return code;
    };
    expect([await see("plan", "--check"), await see("plan", "-m", "start"), await see("apply")]).toEqual([2, 0, 0]);
    await ask(url, `create rule r as on insert to public.${name} do also nothing`);
    edit(cwd, "  b int\n", "");
    expect(await see("plan", "-v")).toBe(3);
    expect(await see("plan", "--allow-drop", `column:public.${name}.b`)).toBe(0);
    expect([await see("show", "head"), await see("apply", "--dry-run"), await see("status", "-v")]).toEqual([0, 0, 0]);
    expect(said.some((line) => line.includes(`"x\\n${forged}`))).toBe(true);
    expect(said.filter((line) => line.startsWith(forged.slice(0, 13)))).toEqual([]);
  }));
