import { describe, expect, test } from "vitest";
import pg from "pg";
import type { TypeNode } from "../../grammar/nodes.ts";
import { baseType, describeType, spellType, typeParts } from "../../src/kinds/parts/types.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { random, type Random } from "./random.ts";

const at = { file: "", start: 0, end: 0 };
const node = (text: string, more: Partial<TypeNode> = {}, quoted = false): TypeNode => ({
  schema: null,
  name: { text, quoted, span: at },
  fields: null,
  modifiers: [],
  dimensions: [],
  span: at,
  ...more,
});
const declared = (schema: string | null, name: string) =>
  (schema === null || schema === "Übel") && name === 'mood "x"'
    ? { schema: "Übel", name, needs: { kind: "enum", schema: "Übel", name } as const }
    : null;
/** The node as SQL. */
function sql(t: TypeNode): string {
  const q = (n: { text: string; quoted: boolean }): string => (n.quoted ? `"${n.text.replaceAll('"', '""')}"` : n.text);
  const modifiers = t.modifiers.length ? `(${t.modifiers.join(",")})` : "";
  const [first, ...rest] = t.name.text.split(" ");
  const zoned = /^time(stamp)? (with|without)/.test(t.name.text);
  const name =
    zoned && !t.name.quoted
      ? `${first}${modifiers} ${rest.join(" ")}`
      : q(t.name) + (t.fields ? ` ${t.fields}` : "") + modifiers;
  return (t.schema ? `${q(t.schema)}.` : "") + name + t.dimensions.map((d) => `[${d ?? ""}]`).join("");
}

const strange = { text: 'mood "x"', quoted: true, span: at };
const words = (list: string): TypeNode[] => list.split(",").map((w) => node(w.trim()));
const list: readonly TypeNode[] = [
  ...words(
    `int, int2, int4, int8, integer, smallint, bigint, float, float4, float8, real, double precision, decimal, dec, numeric, bool, boolean, char, character, nchar,
     national char, national character, varchar, char varying, character varying, national character varying, nchar varying, national char varying, bpchar, text, bit, bit varying, varbit, date,
     time, timetz, timestamp, timestamptz, time with time zone, time without time zone, timestamp with time zone, timestamp without time zone, interval, json, jsonb, jsonpath,
     xml, uuid, bytea, name, oid, oidvector, int2vector, tid, xid, cid, xid8, pg_lsn, money, inet, cidr, macaddr, macaddr8, point, line, lseg, box, path, polygon, circle,
     tsvector, tsquery, gtsvector, refcursor, txid_snapshot, pg_snapshot, aclitem, regclass, regproc, regprocedure, regoper, regoperator, regtype, regrole, regnamespace,
     regconfig, regdictionary, regcollation, int4range, int8range, numrange, tsrange, tstzrange, daterange, _int4, _text, _bpchar, _varchar, _timestamptz`,
  ),
  node("char", {}, true),
  node("bit", {}, true),
  node("bpchar", {}, true),
  node("varchar", { modifiers: ["3"] }, true),
  node("int4", {}, true),
  node("timestamp", {}, true),
  node("char", { schema: { text: "pg_catalog", quoted: false, span: at } }),
  node("bit", { schema: { text: "pg_catalog", quoted: false, span: at } }),
  node("int4", { schema: { text: "pg_catalog", quoted: false, span: at }, dimensions: [3, null] }),
  node("float", { modifiers: ["1"] }),
  node("float", { modifiers: ["24"] }),
  node("float", { modifiers: ["25"] }),
  node("float", { modifiers: ["53"] }),
  node("numeric", { modifiers: ["10"] }),
  node("numeric", { modifiers: ["010", "2"] }),
  node("interval", { fields: "DAY TO SECOND", modifiers: ["3"] }),
  node("timestamp", { modifiers: ["9"] }),
  node("", { name: strange }),
  node("", { name: strange, dimensions: [null] }),
  node("", { name: strange, schema: { text: "Übel", quoted: true, span: at }, dimensions: [null, 4] }),
];

function randomType(r: Random): TypeNode {
  const dimensions = r.chance(0.3) ? [r.pick([null, 3])] : [];
  const n = String(1 + r.below(40));
  const p = String(r.below(7));
  switch (r.below(6)) {
    case 0:
      return node(r.pick(["numeric", "decimal", "dec"]), {
        modifiers: [String(40 + r.below(9)), String(r.below(40))],
        dimensions,
      });
    case 1:
      return node(
        r.pick([
          "varchar",
          "char",
          "character",
          "bpchar",
          "national character varying",
          "bit",
          "varbit",
          "bit varying",
        ]),
        {
          modifiers: [n],
          dimensions,
        },
      );
    case 2:
      return node(
        r.pick(["time", "timetz", "timestamp", "timestamptz", "time with time zone", "timestamp without time zone"]),
        { modifiers: [p], dimensions },
      );
    case 3: {
      const fields = r.pick([
        null,
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "year to month",
        "day to hour",
        "day to minute",
        "day to second",
        "hour to minute",
        "hour to second",
        "minute to second",
      ]);
      const modifiers = fields === null || fields.endsWith("second") ? (r.chance(0.5) ? [p] : []) : [];
      return node("interval", { fields, modifiers, dimensions });
    }
    case 4:
      return node("float", { modifiers: [String(1 + r.below(53))], dimensions });
    default:
      return { ...r.pick(list.filter((t) => !t.dimensions.length && !t.name.text.startsWith("_"))), dimensions };
  }
}

test.each(testMajors)("types are spelled as format_type of PostgreSQL %i spells them", async (major) => {
  const r = random(1000 + major);
  const types = [
    ...list,
    ...Array.from({ length: 600 }, () => randomType(r)),
    ...(major >= 14 ? words("int4multirange, datemultirange, nummultirange") : []),
    ...(major >= 15 ? [node("numeric", { modifiers: ["3", "-2"] }), node("numeric", { modifiers: ["3", "5"] })] : []),
  ];
  await withDatabase(major, async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(
        `create schema "Übel"; create type "Übel"."mood ""x""" as enum ('a'); set search_path = "Übel"`,
      );
      await client.query(`create table public.t (${types.map((t, i) => `c${i} ${sql(t)}`).join(", ")})`);
      const shown = await client.query<{ type: string; name: string }>(
        `set search_path = pg_catalog; select attname as name, format_type(atttypid, atttypmod) as type
         from pg_attribute where attrelid = 'public.t'::regclass and attnum > 0 order by attnum`,
      );
      const rows = (Array.isArray(shown) ? shown[1] : shown).rows as { type: string; name: string }[];
      const wrong = rows.flatMap(({ type }, i) => {
        const ours = spellType(types[i]!, declared);
        const again = spellType(describeType(type), declared);
        return ours.sql === type && ours.known && ours.problem === null && again.sql === type
          ? []
          : [
              {
                written: sql(types[i]!),
                shown: type,
                ours: ours.sql,
                again: again.sql,
                problem: ours.problem?.message,
              },
            ];
      });
      expect(wrong).toEqual([]);
      expect(rows.length).toBe(types.length);
    } finally {
      await client.end();
    }
  });
});

test("no type of pg_catalog is unknown to us", async () => {
  for (const major of testMajors)
    await withDatabase(major, async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const { rows } = await client.query<{ typname: string }>(
          "select typname from pg_type where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typname not like '\\_%'",
        );
        expect(rows.map((row) => row.typname).filter((n) => !spellType(node(n, {}, true), () => null).known)).toEqual(
          [],
        );
      } finally {
        await client.end();
      }
    });
});

describe("what is wrong is said", () => {
  test.each([
    node("float", { modifiers: ["54"] }),
    node("float", { modifiers: ["0"] }),
    node("text", { modifiers: ["5"] }),
    node("varchar", { modifiers: ["5", "6"] }),
    node("varchar", { modifiers: ["x"] }),
    node("serial", { dimensions: [null] }),
  ])("$name.text $modifiers", (t) => {
    expect(spellType(t, () => null).problem?.code).toBe("invalid-option");
  });
  test("an unknown type stays as written", () => {
    expect(spellType(node("intt", { dimensions: [null] }), () => null)).toMatchObject({ known: false, sql: "intt[]" });
  });
});

test("serial types", () => {
  expect(spellType(node("bigserial"), () => null)).toMatchObject({ sql: "bigint", serial: "bigint" });
  expect(spellType(node("serial2"), () => null)).toMatchObject({ sql: "smallint", serial: "smallint" });
  expect(spellType(node("serial", {}, true), () => null)).toMatchObject({ known: false });
});

test("parts of types", () => {
  expect(typeParts("timestamp(3) with time zone[]")).toMatchObject({
    name: "timestamp with time zone",
    modifiers: ["3"],
    array: true,
  });
  expect(typeParts('"a.b"."c""(d)"(Point,4326)')).toMatchObject({
    schema: "a.b",
    name: 'c"(d)',
    modifiers: ["Point", "4326"],
  });
  expect(baseType('"a.b"."c""(d)"(Point,4326)[]')).toBe('"a.b"."c""(d)"');
  expect(baseType('"char"')).toBe('"char"');
  expect(typeParts("interval day to second(3)")).toMatchObject({
    name: "interval",
    fields: "day to second",
    modifiers: ["3"],
  });
});
