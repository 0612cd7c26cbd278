/** The types that columns and domains are made of, in Postgres's canonical spelling, and what can be done with them. */
import type { DbObject, Id, QualifiedName } from "../../src/model/objects.ts";
import { isPlainName } from "../../src/sql.ts";
import type { Rng } from "./rng.ts";
import { allColumns, of, type World } from "./world.ts";

/** What expressions and indexes may do with a value. */
export type TypeClass =
  | "int"
  | "float"
  | "numeric"
  | "text"
  | "bool"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "uuid"
  | "jsonb"
  | "bytea"
  | "inet"
  | "bits"
  | "point"
  | "tsvector"
  | "range"
  | "enum"
  | "array"
  | "hstore"
  | "other";

export interface TypeInfo {
  /** As format_type writes it with only pg_catalog in the path. */
  readonly text: string;
  readonly class: TypeClass;
  /** Has a default btree operator class. */
  readonly ordered: boolean;
  readonly collatable: boolean;
  /** The storage it has by itself where another can be chosen; null: only plain. */
  readonly storage: "extended" | "external" | "main" | null;
  readonly element: TypeInfo | null;
  readonly enum: DbObject<"enum"> | null;
  readonly domain: DbObject<"domain"> | null;
  /** The collation that a domain beneath gives it; null: the database's. */
  readonly usual: QualifiedName | null;
  readonly needs: readonly Id[];
}

/** As Postgres's own quote_identifier has it: a dollar sign wants quotes. */
const quoted = (n: string): string => (isPlainName(n) && !n.includes("$") ? n : '"' + n.replaceAll('"', '""') + '"');
const qualified = (n: QualifiedName): string => `${quoted(n.schema)}.${quoted(n.name)}`;

interface Builtin {
  readonly name: string;
  readonly class: TypeClass;
  readonly ordered?: false;
  readonly storage?: "extended" | "main";
  readonly since?: number;
  readonly modifier?: (rng: Rng) => string;
  /** Where the modifier stands, when not at the end: "timestamp$ with time zone". */
  readonly shape?: string;
}
const precision = (rng: Rng): string => (rng.chance(0.4) ? `(${rng.int(7)})` : "");
const builtins: readonly Builtin[] = [
  { name: "smallint", class: "int" },
  { name: "integer", class: "int" },
  { name: "integer", class: "int" },
  { name: "bigint", class: "int" },
  { name: "real", class: "float" },
  { name: "double precision", class: "float" },
  {
    name: "numeric",
    class: "numeric",
    storage: "main",
    modifier: (r) => (r.chance(0.6) ? `(${6 + r.int(20)},${r.int(6)})` : ""),
  },
  { name: "text", class: "text", storage: "extended" },
  { name: "text", class: "text", storage: "extended" },
  {
    name: "character varying",
    class: "text",
    storage: "extended",
    modifier: (r) => (r.chance(0.8) ? `(${1 + r.int(200)})` : ""),
  },
  { name: "character", class: "text", storage: "extended", modifier: (r) => `(${1 + r.int(20)})` },
  { name: "boolean", class: "bool" },
  { name: "date", class: "date" },
  {
    name: "timestamp without time zone",
    class: "timestamp",
    shape: "timestamp$ without time zone",
    modifier: precision,
  },
  { name: "timestamp with time zone", class: "timestamptz", shape: "timestamp$ with time zone", modifier: precision },
  { name: "time without time zone", class: "other", shape: "time$ without time zone", modifier: precision },
  { name: "time with time zone", class: "other", shape: "time$ with time zone", modifier: precision },
  {
    name: "interval",
    class: "interval",
    modifier: (r) => r.pick(["", "", "(3)", " year to month", " day to second", " day to second(2)", " hour"]),
  },
  { name: "uuid", class: "uuid" },
  { name: "json", class: "other", ordered: false, storage: "extended" },
  { name: "jsonb", class: "jsonb", storage: "extended" },
  { name: "bytea", class: "bytea", storage: "extended" },
  { name: "inet", class: "inet", storage: "main" },
  { name: "cidr", class: "inet", storage: "main" },
  { name: "macaddr", class: "other" },
  { name: "bit", class: "bits", storage: "extended", modifier: (r) => `(${1 + r.int(9)})` },
  {
    name: "bit varying",
    class: "bits",
    storage: "extended",
    modifier: (r) => (r.chance(0.5) ? `(${1 + r.int(9)})` : ""),
  },
  { name: "point", class: "point", ordered: false },
  { name: "tsvector", class: "tsvector", storage: "extended" },
  { name: "xml", class: "other", ordered: false, storage: "extended" },
  { name: "int4range", class: "range", storage: "extended" },
  { name: "tstzrange", class: "range", storage: "extended" },
  { name: "daterange", class: "range", storage: "extended" },
  { name: "numrange", class: "range", storage: "extended" },
  { name: "int4multirange", class: "other", storage: "extended", since: 14 },
  { name: '"char"', class: "other" },
  { name: "name", class: "other" },
  { name: "oid", class: "other" },
  { name: "money", class: "other" },
  { name: "pg_lsn", class: "other" },
];

/** Some type of this world, with modifiers and arrays. `user`: enums, domains and types of extensions too. */
export function someType(rng: Rng, world: World, user = true): string {
  const candidates: (() => string)[] = [];
  for (let i = 0; i < 7; i++)
    candidates.push(() => {
      const b = rng.pick(builtins.filter((t) => (t.since ?? 0) <= world.major));
      const modifier = b.modifier?.(rng) ?? "";
      return b.shape ? b.shape.replace("$", modifier) : b.name + modifier;
    });
  if (user) {
    for (const kind of ["enum", "domain", "composite", "range", "baseType"] as const)
      for (const o of of(world, kind))
        candidates.push(
          () => qualified(o.id),
          () => qualified(o.id),
        );
    for (const e of ["citext", "hstore"]) {
      const extension = of(world, "extension").find((x) => x.id.name === e);
      if (extension) candidates.push(() => qualified({ schema: extension.attributes.schema, name: e }));
    }
  }
  const text = rng.pick(candidates)();
  return rng.chance(0.1) ? text + "[]" : text;
}

/** What is known of a type by its canonical text; null when it is not of this world (any more). */
export function infoOf(world: World, text: string): TypeInfo | null {
  if (text.endsWith("[]")) {
    const element = infoOf(world, text.slice(0, -2));
    return (
      element && {
        text,
        class: "array",
        ordered: element.ordered,
        collatable: element.collatable,
        storage: "extended",
        element,
        enum: null,
        domain: null,
        usual: element.usual,
        needs: element.needs,
      }
    );
  }
  return text.includes(".") ? madeType(world, text) : builtinType(text);
}

/** Types that somebody made are written with their schema. */
function madeType(world: World, text: string): TypeInfo | null {
  for (const o of of(world, "enum"))
    if (qualified(o.id) === text) return { ...simple(text, "enum"), enum: o, needs: [o.id] };
  for (const o of of(world, "domain"))
    if (qualified(o.id) === text) {
      const base = infoOf(world, o.attributes.type.sql);
      if (!base) return null;
      // Postgres finds no operator of these for a domain over them.
      const polymorphic = ["enum", "array", "range"].includes(base.class);
      return {
        ...base,
        text,
        class: polymorphic ? "other" : base.class,
        ordered: base.ordered && !polymorphic,
        domain: o,
        usual: o.attributes.collation ?? base.usual,
        needs: [o.id],
      };
    }
  // Whether two composite values can be compared is known only when they are.
  for (const o of of(world, "composite"))
    if (qualified(o.id) === text)
      return { ...simple(text, "other"), ordered: false, storage: "extended", needs: [o.id] };
  for (const o of of(world, "range"))
    if (qualified(o.id) === text) return { ...simple(text, "other"), storage: "extended", needs: [o.id] };
  for (const o of of(world, "baseType"))
    if (qualified(o.id) === text) {
      const { storage, collatable } = o.attributes;
      const known = { ...simple(text, "other"), ordered: false, collatable, needs: [o.id] };
      return { ...known, storage: storage === "plain" ? null : storage };
    }
  for (const e of of(world, "extension")) {
    const own: QualifiedName = { schema: e.attributes.schema, name: e.id.name };
    if (qualified(own) !== text) continue;
    if (e.id.name === "citext")
      return { ...simple(text, "text"), collatable: true, storage: "extended", needs: [e.id] };
    if (e.id.name === "hstore") return { ...simple(text, "hstore"), storage: "extended", needs: [e.id] };
  }
  return null;
}

function builtinType(text: string): TypeInfo | null {
  const bare = text.startsWith("interval") ? "interval" : text.replace(/\(\d+(,\d+)?\)/, "");
  const b = builtins.find((t) => t.name === bare);
  if (!b) return null;
  return {
    ...simple(text, b.class),
    ordered: b.ordered !== false,
    collatable: b.class === "text",
    storage: b.storage ?? null,
  };
}

const simple = (text: string, c: TypeClass): TypeInfo => ({
  text,
  class: c,
  ordered: true,
  collatable: false,
  storage: null,
  element: null,
  enum: null,
  domain: null,
  usual: null,
  needs: [],
});

/** The type of a column, by its table's own or inherited columns. */
export function columnType(world: World, table: QualifiedName, column: string): TypeInfo | null {
  const c = allColumns(world, table).find((x) => x.id.name === column);
  return c ? infoOf(world, c.attributes.type.sql) : null;
}
