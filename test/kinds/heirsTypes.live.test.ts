/** What stands on an heir's column waits for the parent, which is where the column gets its type. */
import { test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

const text = (labels: string): string => `schema a {
  table heir {
    inherits z.above
    inherited note z.e
    "in" z.e

    rule swept on update do instead $$ delete from a.heir where note <= "in" $$
    check (note <= "in")
  }
}
schema z {
  enum e { ${labels} }
  table above { note e }
}
`;

test.each(testMajors)("an enum under columns of parents and heirs is made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text("a b c"));
    await goAndReturn(c, text("b a c"));
    await goAndReturn(c, text("c b"));
  }),
);
