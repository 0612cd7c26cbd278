/** Transforms, and functions whose values go through them. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle, sqlOf } from "./said.ts";

const text = (support: string, returns: string): string => `schema s
transform for bigint language plpgsql { from sql ${support}, to sql int8recv }
function f(a bigint) returns ${returns} language plpgsql transform for type bigint as $$ begin return a; end $$
view v as $$ select s.f(1) as x $$
`;

test.each(testMajors)("a transform is replaced under what goes through it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text("varchar_support", "int"));
    const alone = await goAndReturn(c, text("numeric_support", "int"));
    expect(sqlOf(alone)).toEqual([
      "create or replace transform for bigint language plpgsql (from sql with function numeric_support(internal), to sql with function int8recv(internal))",
    ]);
    // The function is made anew together with it.
    await goAndReturn(c, text("varchar_support", "bigint"));
    await goAndReturn(c, text("numeric_support", "bigint").replace("view v", "view w"));
    await goAndReturn(c, "schema s\n");
  }),
);
