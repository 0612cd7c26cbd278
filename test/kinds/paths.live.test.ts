/** Names in a fragment are looked up where it stands, whatever stands beside it in one statement. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf } from "./said.ts";

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

const mixed = (kind: string, mood: string): string => `schema public {
  enum kind {
    a
    b
  }
  mixin kept {
    a  kind?  = '${kind}'::kind
  }
}
schema shop {
  enum mood {
    placed
    sent
  }
  table events with kept {
    notes  mood?  = '${mood}'::mood
  }
}
`;
test.each(testMajors)("a table's default beside that of a mixin in another schema (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, mixed("a", "placed"));
    await goAndReturn(c, mixed("b", "sent"));
    expect(sqlOf(await planned(c, mixed("b", "sent")))).toEqual([]);
  }),
);
