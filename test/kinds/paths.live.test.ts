/** Names in a fragment are looked up where it stands, whatever stands beside it in one statement. */
import { expect, test } from "vitest";
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

const calling = (more: string): string => `schema lib {
  function plain(a text) returns text language plpgsql immutable as $$ begin return lower(a); end $$
}
schema shop {
  function short(a text) returns text language plpgsql immutable as $$ begin return left(a, 3); end $$
  function tidy(a text) returns text language plpgsql immutable as $$ begin return short(a); end $$
  table items {
    name  text
${more}
  }
}
`;

test.each(testMajors)("what calls a function that looks names up comes back with its path (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, calling(`code text? generated (tidy(name))\n    check (tidy(name) <> '')`));
    await c.query("set local search_path = shop; insert into shop.items values ('hammer')");
    await goAndReturn(c, calling(""));
    await goAndReturn(c, calling("code text = tidy('Nail')"));
    expect((await c.query("select * from shop.items"))[0]?.rows).toEqual([{ name: "hammer", code: "Nai" }]);
    await goAndReturn(c, calling(""));
  }),
);

const twoOf = (condition: string): string => `schema lib
extension hstore in lib
table bags in public {
  old  lib.hstore?
  new  lib.hstore?
  constraint changed check (${condition})
}
`;

test.each(testMajors)(
  "an operator that no text names, of an extension in a schema of its own (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      await settle(c, twoOf("old is distinct from new"));
      await goAndReturn(c, twoOf("new is distinct from old"));
    }),
);
