/** Heirs of a generated column that is made anew because what it is computed from is. */
import { test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

const text = (collation: string): string => `domain d text ${collation}
table base {
  logs   d
  size  int?  generated (length(logs::text))
}
table heir {
  inherits base
  /// How long it is.
  inherited size  int?  generated (length(logs::text))  statistics 50
  unique (logs, size)
  index on (size) where (size > 1)
  check (size < 100)
  statistics both on (logs, size)
  exclude using btree (size with =)
}
table lower {
  inherits heir
  unique (size)
}
view sizes as $$ select size from only heir $$
grant select (size) on heir to public
`;

const parted = (collation: string): string => `domain d text ${collation}
table base partition by list (k) {
  k     int
  logs  d
  size  int?  generated (length(logs::text))
}
partition one of base for (1) {
  unique (logs, size)
  index on (size)
  check (size < 100)
}
`;

test.each(testMajors)("what partitions have on it is made again (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, parted(""));
    await goAndReturn(c, parted('collate pg_catalog."POSIX"'));
  }),
);
test.each(testMajors)("what heirs have on it is made again (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text(""));
    await goAndReturn(c, text('collate pg_catalog."POSIX"'));
  }),
);
