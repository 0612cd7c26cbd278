/** SQL as people write it, over the columns at hand: conditions, values, defaults, keys. All of it is valid. */
import type { DbObject, Fragment, Id, QualifiedName } from "../../src/model/objects.ts";
import { literal, name, qualified } from "../../src/sql.ts";
import type { Rng } from "./rng.ts";
import { texts } from "./names.ts";
import { infoOf, type TypeInfo } from "./types.ts";
import { of, type World } from "./world.ts";

export interface Expression {
  readonly fragment: Fragment;
  readonly columns: readonly string[];
  readonly needs: readonly Id[];
}
export interface Typed {
  readonly name: string;
  readonly type: TypeInfo;
}

const written = (
  sql: string,
  columns: readonly string[],
  needs: readonly Id[],
  path: readonly string[] = [],
): Expression => ({
  fragment: { sql, path, canonical: null },
  columns,
  needs,
});

/** `'label'` of an enum, in the ways one may write it; unqualified only where the path leads to it. */
function label(rng: Rng, type: TypeInfo, e: DbObject<"enum">, from: string): { sql: string; path: readonly string[] } {
  const text = literal(rng.pick(e.attributes.labels)).trim();
  // A name that is also one of Postgres's own types leads there first.
  if (
    e.id.schema === from &&
    !["name", "path", "text", "date", "point", "trigger"].includes(e.id.name) &&
    rng.chance(0.3)
  )
    return { sql: `${text}::${name(e.id.name)}`, path: [from] };
  return { sql: !type.domain && rng.chance(0.5) ? text : `${text}::${qualified(e.id)}`, path: [] };
}

/** A condition over one or two of these columns; null when none is of use. */
export function condition(rng: Rng, table: QualifiedName, columns: readonly Typed[]): Expression | null {
  if (columns.length === 0) return null;
  const c = rng.pick(columns);
  const q = name(c.name);
  const one = (sql: string): Expression => written(sql, [c.name], c.type.needs);
  const others = columns.filter((x) => x.name !== c.name && x.type.text === c.type.text && !x.type.domain);
  if (others.length > 0 && c.type.ordered && rng.chance(0.2)) {
    const d = rng.pick(others);
    return written(
      `${q} ${rng.pick(["<", "<=", "<>", "is distinct from"])} ${name(d.name)}`,
      [c.name, d.name],
      c.type.needs,
    );
  }
  if (columns.length > 1 && rng.chance(0.1)) {
    const d = rng.pick(columns.filter((x) => x.name !== c.name));
    return written(`num_nonnulls(${q}, ${name(d.name)}) >= 1`, [c.name, d.name], [...c.type.needs, ...d.type.needs]);
  }
  if (rng.chance(0.06)) return one(`${q} is not null`);
  const e = c.type.enum;
  if (e && c.type.class === "enum") {
    const l = label(rng, c.type, e, table.schema);
    const m = label(rng, c.type, e, table.schema);
    const sql = rng.pick([
      `${q} <> ${l.sql}`,
      `${q} in (${l.sql}, ${m.sql})`,
      `${q} >= ${l.sql}`,
      `not ${q} = ${l.sql}`,
    ]);
    const path = sql.includes(m.sql) ? [...new Set([...l.path, ...m.path])] : l.path;
    return written(sql, [c.name], c.type.needs, path);
  }
  switch (c.type.class) {
    case "int":
    case "numeric":
    case "float":
      return one(
        rng.pick([
          `${q} >= 0`,
          `${q} > -5 and ${q} < 1000`,
          `${q} between 1 and 10`,
          `${q} in (1, 2, 3)`,
          `(${q}) <> 7`,
          `${q} is null or ${q} > 0`,
          `case when ${q} > 0 then ${q} < 100 else true end`,
          `abs(${q}) < 1e6`,
          `coalesce(${q}, 0) >= 0`,
          `not (${q} < 0)`,
          `${q}::text <> '0'`,
          // Not the numbers of the list above: of a numeric the two are spelled alike from the second time on, which is no change.
          `${q} = any (array[4, 5, 6])`,
        ]),
      );
    case "text":
      return one(
        rng.pick([
          `length(${q}::text) > 2`,
          `${q} <> ''`,
          `${q} in ('a', 'b')`,
          `${q} = 'x' or ${q} = 'y'`,
          `${q} like 'a%'`,
          `${q}::text ~ '^[a-z]+$'`,
          `lower(${q}) = ${q}`,
          `trim(both from ${q}) <> ''`,
          `position('@' in ${q}) > 0`,
          `${q} <> ${literal(rng.pick(texts)).trim()}`,
          `${q} is not null and char_length(${q}) <= 40`,
          `${q} similar to '(a|b)%'`,
          `substring(${q} from 1 for 2) <> 'zz'`,
          `${q} not in ('draft', 'placed')`,
        ]),
      );
    case "bool":
      return one(rng.pick([q, `not ${q}`, `${q} is true`, `${q} is not false`, `coalesce(${q}, true)`]));
    case "date":
      return one(
        rng.pick([
          `${q} > '2020-01-01'`,
          `${q} >= date '2000-01-01'`,
          `extract(year from ${q}) > 2000`,
          `${q} - date '2020-01-01' < 5000`,
        ]),
      );
    case "timestamp":
      return one(
        rng.pick([
          `${q} > '2020-01-01'`,
          `date_trunc('day', ${q}) = ${q}`,
          `extract(hour from ${q}) < 12`,
          `${q} < timestamp '2100-01-01 10:00'`,
        ]),
      );
    case "timestamptz":
      return one(
        rng.pick([
          `${q} > '2020-01-01 00:00:00+02'`,
          `${q} < timestamptz '2100-01-01 UTC'`,
          `extract(year from ${q} at time zone 'UTC') > 1999`,
        ]),
      );
    case "interval":
      return one(rng.pick([`${q} >= interval '0'`, `${q} < '1 year'`, `justify_days(${q}) <> interval '30 days'`]));
    case "uuid":
      return one(rng.pick([`${q} <> '00000000-0000-0000-0000-000000000000'`, `${q}::text <> ''`]));
    case "jsonb":
      return one(
        rng.pick([
          `jsonb_typeof(${q}) = 'object'`,
          `${q} ? 'a'`,
          `${q} @> '{"a": 1}'`,
          `${q} ->> 'k' <> 'v'`,
          `(${q} -> 'n')::int > 3`,
          `${q} #>> '{a,b}' is null`,
        ]),
      );
    case "bytea":
      return one(rng.pick([`octet_length(${q}) < 100`, `${q} <> '\\x00'`]));
    case "inet":
      return one(rng.pick([`family(${q}) = 4`, `${q} << '10.0.0.0/8'`, `masklen(${q}) > 3`]));
    case "range":
      return one(rng.pick([`not isempty(${q})`, `lower(${q}) is not null`]));
    case "array":
      return one(
        rng.pick([`cardinality(${q}) < 10`, ...(c.type.ordered ? [`${q} <> '{}'`] : []), `array_length(${q}, 1) > 0`]),
      );
    case "hstore":
    case "bits":
    case "point":
    case "tsvector":
    case "enum":
    case "other":
      return one(rng.pick([`${q} is not null`, `(${q} is null) = false`]));
  }
}

/** What a column may be by default; null: nothing fitting. */
export function defaultFor(rng: Rng, world: World, schema: string, type: TypeInfo): Expression | null {
  const v = (sql: string, needs: readonly Id[] = [], path: readonly string[] = []): Expression =>
    written(sql, [], [...type.needs, ...needs], path);
  const e = type.enum;
  if (e) {
    const l = label(rng, type, e, schema);
    return v(l.sql, [], l.path);
  }
  switch (type.class) {
    case "int": {
      const sequences = of(world, "sequence").filter((s) => s.attributes.type !== "bigint" || type.text === "bigint");
      if (!type.domain && sequences.length > 0 && rng.chance(0.25)) {
        const s = rng.pick(sequences);
        if (s.id.schema === schema && rng.chance(0.3))
          return v(`nextval(${literal(name(s.id.name)).trim()})`, [s.id], [schema]);
        return v(`nextval(${literal(qualified(s.id)).trim()}${rng.chance(0.5) ? "::regclass" : ""})`, [s.id]);
      }
      return v(rng.pick(["0", "1", "-1", "+5", "(1 + 1)", "'7'", "length('abc')", "(2 * (3 + 4))"]));
    }
    case "numeric":
      return v(rng.pick(["0", "1.50", "-0.5", "0.0", "'NaN'", "round(1.567, 2)", "100"]));
    case "float":
      return v(rng.pick(["0", "1.5", "-2.5e10", "random()", "'Infinity'", "pi()"]));
    case "text": {
      const short = ["''", "'x'", "('a' || 'b')"];
      const long = [
        literal(rng.pick(texts)).trim(),
        "upper('abc')",
        "current_user",
        "md5('x')",
        "'it''s'",
        "concat('a', 1)",
        "now()::text",
        "E'a\\tb'",
      ];
      // A default that its own type refuses is refused by ADD COLUMN at once, by CREATE TABLE never.
      return v(rng.pick(type.domain || /\(\d\d?\)/.test(type.text) ? short : [...short, ...long]));
    }
    case "bool":
      return v(
        rng.pick(["true", "false", "(1 < 2)", "'t'", "not false"].map((s) => (s === "not false" ? "(not false)" : s))),
      );
    case "date":
      return v(rng.pick(["current_date", "'2020-01-01'", "now()", "date '2000-02-29'", "(current_date + 7)"]));
    case "timestamp":
      return v(
        rng.pick([
          "now()",
          "localtimestamp",
          "'2020-01-01 10:00'",
          "(now() at time zone 'utc')",
          "timestamp '2001-02-03'",
        ]),
      );
    case "timestamptz":
      return v(
        rng.pick([
          "now()",
          "current_timestamp",
          "clock_timestamp()",
          "(now() + interval '1 day')",
          "'2020-01-01 00:00:00+00'",
          "'infinity'",
        ]),
      );
    case "interval":
      return v(rng.pick(["'1 day'", "interval '1 hour'", "make_interval(days => 3)", "'00:00:01'"]));
    case "uuid":
      return v(rng.pick(["gen_random_uuid()", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"]));
    case "jsonb":
      return v(rng.pick([`'{}'`, `'[]'`, `'{"a": [1, 2]}'`, "jsonb_build_object('a', 1)", "'null'", "to_jsonb(1)"]));
    case "bytea":
      return v(rng.pick([`'\\x00ff'`, "decode('00', 'hex')", "''"]));
    case "inet":
      return v(
        rng.pick(type.text.startsWith("inet") ? ["'127.0.0.1'", "'10.0.0.0/8'", "inet '::1'"] : ["'10.0.0.0/8'"]),
      );
    case "bits": {
      const fixed = /^bit\((\d+)\)/.exec(type.text);
      return fixed && !type.domain ? v(`B'${"1".repeat(Number(fixed[1]))}'`) : null;
    }
    case "point":
      return v(rng.pick(["'(0,0)'", "point(1, 2)", "point '(1.5,2)'"]));
    case "tsvector":
      return v(rng.pick(["''", "to_tsvector('simple', 'a b')", "'a:1'"]));
    case "range":
      return v(rng.pick(["'empty'", "'(,)'", type.text === "int4range" ? "int4range(1, 10)" : "'empty'"]));
    case "array": {
      const element = type.element;
      if (element?.class === "int" && rng.chance(0.4)) return v("array[1, 2, 3]");
      if (element?.class === "enum" && element.enum && rng.chance(0.5)) {
        const l = literal(rng.pick(element.enum.attributes.labels)).trim();
        return v(`array[${l}]::${element.text}[]`);
      }
      return v(rng.pick(["'{}'", `array[]::${type.text}`, `'{}'::${type.text}`]));
    }
    case "hstore":
      return v("''");
    case "enum":
      return null;
    case "other":
      if (type.text === '"char"') return v("'a'");
      if (type.text === "json") return v(`'{"b": 1, "a": 2}'`);
      if (type.text.startsWith("time")) return v("'10:00'");
      if (type.text === "oid") return v("0");
      if (type.text === "name") return v("current_user");
      return null;
  }
}

/** An immutable expression that can be stored in a column of this type. */
export function generatedFor(rng: Rng, type: TypeInfo, columns: readonly Typed[]): Expression | null {
  const fit = columns.filter((c) => c.type.class === type.class && !c.type.domain && !c.type.enum);
  const c = fit.length > 0 ? rng.pick(fit) : null;
  const q = c ? name(c.name) : "";
  const one = (sql: string): Expression => written(sql, [c!.name], [...c!.type.needs, ...type.needs]);
  const d = fit.length > 1 ? rng.pick(fit.filter((x) => x !== c)) : null;
  if (type.class === "int" && rng.chance(0.4)) {
    const t = columns.filter((x) => x.type.class === "text");
    if (t.length > 0) {
      const x = rng.pick(t);
      return written(`length(${name(x.name)}::text)`, [x.name], [...x.type.needs, ...type.needs]);
    }
  }
  if (type.class === "text" && rng.chance(0.4)) {
    const j = columns.filter((x) => x.type.class === "jsonb");
    if (j.length > 0) {
      const x = rng.pick(j);
      return written(`${name(x.name)} ->> 'k'`, [x.name], [...x.type.needs, ...type.needs]);
    }
  }
  if (!c) return null;
  if (type.class === "int" || type.class === "numeric" || type.class === "float") {
    if (d && rng.chance(0.5)) return written(`${q} + ${name(d.name)}`, [c.name, d.name], type.needs);
    return one(rng.pick([`${q} * 2`, `${q} + 1`, `coalesce(${q}, 0)`, `-${q}`, `(${q} - 1) * 3`]));
  }
  if (type.class === "text")
    return one(
      rng.pick([`upper(${q})`, `lower(${q}) || 'x'`, `coalesce(${q}, '') || ''`, `md5(${q}::text)`, `trim(${q})`]),
    );
  if (type.class === "bool") return one(`not ${q}`);
  if (type.class === "timestamp") return one(`${q} + interval '1 day'`);
  if (type.class === "jsonb") return one(rng.pick([`${q} -> 'a'`, `${q} || '{}'`]));
  return null;
}

/** An immutable expression to index: something of a simple type with a default btree operator class. */
export function keyExpression(rng: Rng, columns: readonly Typed[]): Expression | null {
  const fit = columns.filter((c) => ["int", "numeric", "text", "jsonb", "timestamp", "array"].includes(c.type.class));
  if (fit.length === 0) return null;
  const c = rng.pick(fit);
  const q = name(c.name);
  const one = (sql: string): Expression => written(sql, [c.name], c.type.needs);
  switch (c.type.class) {
    case "int":
    case "numeric":
      return one(rng.pick([`abs(${q})`, `(${q} + 1)`, `coalesce(${q}, 0)`, `(${q} % 10)`]));
    case "text":
      return one(
        rng.pick([`lower(${q})`, `length(${q}::text)`, `md5(${q}::text)`, `upper(${q})`, `substr(${q}::text, 1, 3)`]),
      );
    case "jsonb":
      return one(rng.pick([`(${q} ->> 'k')`, `(${q} #>> '{a,b}')`]));
    case "timestamp":
      return one(`date_trunc('day', ${q})`);
    case "array":
      return one(`cardinality(${q})`);
    default:
      return null;
  }
}

/** A condition on VALUE for a domain. */
export function domainCondition(rng: Rng, schema: string, type: TypeInfo): Expression | null {
  const placeholder = "schemac_value_placeholder";
  const e = condition(rng, { schema, name: "" }, [{ name: placeholder, type }]);
  return e && written(e.fragment.sql.replaceAll(placeholder, "value"), [], e.needs, e.fragment.path);
}

export const typed = (world: World, columns: readonly DbObject<"column">[]): readonly Typed[] =>
  columns.flatMap((c) => {
    const type = infoOf(world, c.attributes.type.sql);
    return type ? [{ name: c.id.name, type }] : [];
  });
