/** Names in a fragment are looked up where it stands, whatever stands beside it in one statement. */
import { test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

const text = `extension citext
schema public {
  table base {
    k  citext?
  }
}
schema shop {
  enum mood {
    placed
  }
  table events {
    inherits public.base
    notes  mood?  = 'placed'::mood
  }
}
`;

test.each(testMajors)("an heir's default beside a parent's column in another schema (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text);
    await goAndReturn(c, text.replace("'placed'::", "'placed'::text::"));
  }),
);
