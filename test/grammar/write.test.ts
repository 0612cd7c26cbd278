/** What is known of a default or a key without the grammar is what the grammar says. */
import { expect, test } from "vitest";
import { surelyFits } from "../../grammar/parts/fragments.ts";
import { vocabulary, wordOf } from "../../grammar/tokens.ts";
import { fitsGrammar } from "../../grammar/write.ts";

const texts = [
  ..."0|-1.5|'a'|'it''s'|''|'a'::text|'a'::character varying|'{}'::text[]|'a'::shop.state|'x'::double precision".split(
    "|",
  ),
  "now()",
  "CURRENT_TIMESTAMP",
  "COALESCE(a, '-1'::integer)",
  "NULL::integer",
  "pg_catalog.now()",
  "nextval('shop.orders_id_seq'::regclass)",
  "timezone('utc'::text, now())",
  "f(1.5, a, 'x''y', b.c)::integer::text",
  "lower(name)",
  "f('(')",
  "f(a::timestamp with time zone)",
  "'a'::timestamp without time zone",
  "'a'::timestamp with time zone[]",
  ...["time", "zone", "array", "row", ...vocabulary.map(wordOf)].flatMap((k) =>
    k === null
      ? []
      : [
          k,
          k.toUpperCase(),
          `${k.toUpperCase()}(A)`,
          `${k}::text`,
          `${k}(a)`,
          `f(${k})`,
          `'a'::${k}`,
          `'a'::${k.toUpperCase()}`,
          `${k}.f()`,
        ],
  ),
  "(1 + 2)",
  "(a)",
  "(lower(a))::text",
  "a",
  "f(a) + 1",
  "f(a",
  "f(a -- b)",
  "f(a /* b */)",
  "f('\n')",
  "f(\n)",
  "E'a'",
  "'a' 'b'",
  "'a'::numeric(3,2)",
  "ünï(a)",
  "f(a)(b)",
  "f(a).b",
  "f (a)",
  "",
];

test.each(["bare", "callAlone"] as const)("%s", (rule) => {
  const known = texts.filter((text) => surelyFits(text, rule) !== null);
  for (const text of known) expect(surelyFits(text, rule), text).toBe(fitsGrammar(text, rule));
  expect(known.length).toBeGreaterThan(50);
});
