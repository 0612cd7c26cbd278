import { expect, test } from "vitest";
import { conversion } from "../../src/kinds/parts/casts.ts";
import { usualOf } from "../../src/kinds/parts/storage.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";

const nothing = new Map();

test.each(testMajors)(
  "which conversions PostgreSQL %i does by itself, which it must be told, and which there are not",
  async (major) => {
    await onDatabase(major, async (c) => {
      const { rows } = (
        await c.query(`with ty as (
          select oid, format_type(oid, null) as name, typcategory = 'S' as string, typstorage from pg_type
          where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typcategory not in ('A', 'Z', 'P')
            and typname not in ('bit', 'pg_ndistinct') and typname !~ '^pg_')
        select a.name as a, b.name as b, a.string::text as string_a, b.string::text as string_b, c.castcontext::text as context
        from ty a cross join ty b left join pg_cast c on c.castsource = a.oid and c.casttarget = b.oid where a.oid <> b.oid`)
      ).at(-1)!;
      const wrong = rows.flatMap((row) => {
        const wanted =
          row["context"] === "i" || row["context"] === "a" || row["string_b"] === "true"
            ? "none"
            : row["context"] === "e" || row["string_a"] === "true"
              ? "cast"
              : "text";
        const ours = conversion(row["a"]!, row["b"]!, nothing, nothing).using;
        // Before 15 "char" counts as a string type; being told, and the way by the text, are right there too.
        if (major < 15 && ours !== "none" && (row["a"] === '"char"' || row["b"] === '"char"')) return [];
        // Casts between bytea and numbers came with 18; the way by the text is right on all.
        if (row["a"] === "bytea" || row["b"] === "bytea") return [];
        // A cast that 14 was the last to have; its function says that it is not implemented.
        if (major < 15 && row["a"] === "path" && row["b"] === "point") return [];
        return ours === wanted ? [] : [`${row["a"]} -> ${row["b"]}: ${ours}, not ${wanted}`];
      });
      expect(wrong).toEqual([]);
      expect(rows.length).toBeGreaterThan(1000);
    });
  },
);

test.each(testMajors)("storage that types of PostgreSQL %i bring along", async (major) => {
  await onDatabase(major, async (c) => {
    const { rows } = (
      await c.query(`select format_type(oid, null) as name, typstorage::text as storage from pg_type
        where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typcategory <> 'Z'`)
    ).at(-1)!;
    const codes = { plain: "p", main: "m", extended: "x", external: "e" };
    expect(
      rows
        .filter((row) => codes[usualOf(row["name"]!, () => null).storage] !== row["storage"])
        .map((row) => row["name"]),
    ).toEqual([]);
  });
});

/** Values that a conversion keeps, measured as PostgreSQL's own round trip by way of the text; every lossy one must be called so. */
test.each(testMajors)(
  "no conversion that loses something on PostgreSQL %i passes for a lossless one",
  async (major) => {
    const values: Readonly<Record<string, readonly string[]>> = {
      smallint: ["7", "-32768"],
      integer: ["2147483647", "16777217"],
      bigint: ["9007199254740993", "3"],
      numeric: ["1.25", "99999999999999999999.5"],
      "numeric(10,4)": ["1.2345", "999999.9999"],
      real: ["1.5", "1.1"],
      "double precision": ["1.7", "1.1", "3e30"],
      text: ["'abc  '", "'7'", "'1.50'", '\'{"a": 1, "a": 2}\'', "'2020-01-01 10:00:00.123'"],
      "character varying(10)": ["'abc  '"],
      "character(5)": ["'ab'"],
      "timestamp with time zone": ["'2020-01-01 10:00:00.123456+05'"],
      "timestamp without time zone": ["'2020-01-01 10:00:00.123456'"],
      date: ["'2020-01-01'"],
      "time without time zone": ["'10:00:00.123456'"],
      interval: ["'1 day 25:00:00.5'"],
      inet: ["'10.1.2.3/8'", "'10.0.0.0/8'"],
      json: ['\'{"a": 1, "a": 2}\''],
      jsonb: ["'{\"a\": 1}'"],
      "bit(8)": ["'10101010'"],
      "bit varying": ["'101'"],
      boolean: ["true"],
    };
    const targets = [
      ...Object.keys(values).filter((t) => t !== "bit(8)"),
      "numeric(10,2)",
      "numeric(20,4)",
      "timestamp(0) with time zone",
      "character varying(3)",
      "cidr",
      "name",
      "money",
    ];
    await onDatabase(major, async (c) => {
      await c.query("set timezone = 'UTC'");
      const missed: string[] = [];
      for (const [from, list] of Object.entries(values))
        for (const to of targets) {
          if (from === to) continue;
          const { using, lossy } = conversion(from, to, nothing, nothing);
          if (lossy || using !== "none") continue;
          for (const value of list) {
            await c.query(`begin; create temp table x (c ${from}) on commit drop; insert into x values (${value})`);
            try {
              const back = (
                await c.query(`create temp table before on commit drop as select c::text as t from x; alter table x alter c type ${to};
                alter table x alter c type ${from} using c::text::${from}; select x.c::text as now, b.t as was from x, before b`)
              ).at(-1)!.rows[0]!;
              if (back["now"] !== back["was"])
                missed.push(`${from} ${value} -> ${to}: ${back["was"]} became ${back["now"]}`);
            } catch {
              // Refused is not lost.
            }
            await c.query("rollback");
          }
        }
      expect(missed).toEqual([]);
    });
  },
);
