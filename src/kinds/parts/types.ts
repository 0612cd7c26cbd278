/** Types as a person writes them → as Postgres's format_type shows them, and back. */
import type { TypeNode } from "../../../grammar/nodes.ts";
import type { Id } from "../../model/objects.ts";
import { problem, type Problem } from "../../problems.ts";
import { name as quoted } from "../../sql.ts";
import { nameNode, nowhere } from "./nodes.ts";

/** What format_type calls the types that have a name in the SQL standard, by their name in pg_type. */
const shown: Readonly<Record<string, string>> = {
  bool: "boolean",
  bpchar: "character",
  float4: "real",
  float8: "double precision",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  time: "time without time zone",
  timetz: "time with time zone",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  varbit: "bit varying",
  varchar: "character varying",
  bit: "bit",
  interval: "interval",
  numeric: "numeric",
};
/** Every other type in pg_catalog that a column can have, on 13 to 18. */
const others =
  "aclitem box bytea char cid cidr circle date datemultirange daterange gtsvector inet int2vector int4multirange int4range int8multirange int8range json jsonb jsonpath line lseg macaddr macaddr8 money name nummultirange numrange oid oidvector path pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_dependencies pg_lsn pg_mcv_list pg_ndistinct pg_node_tree pg_snapshot point polygon refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole text tid tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid xid xid8 xml regtype";
/** Those that only arguments and results of functions can have. */
const pseudoTypes: ReadonlySet<string> = new Set(
  (
    "any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray anycompatiblerange anyelement anyenum " +
    "anymultirange anynonarray anyrange cstring event_trigger fdw_handler index_am_handler internal language_handler record " +
    "table_am_handler trigger tsm_handler unknown void pg_ddl_command"
  ).split(" "),
);
/** Names in pg_type of the built-in types. */
const catalogNames: ReadonlySet<string> = new Set([...others.split(" "), ...Object.keys(shown)]);

/** Spellings of the grammar's own (SQL keywords), by name in pg_type. They are no names: quoted they mean something else. */
const keywords: Readonly<Record<string, string>> = {
  bigint: "int8",
  "bit varying": "varbit",
  boolean: "bool",
  char: "bpchar",
  "char varying": "varchar",
  character: "bpchar",
  "character varying": "varchar",
  dec: "numeric",
  decimal: "numeric",
  "double precision": "float8",
  int: "int4",
  integer: "int4",
  "national char": "bpchar",
  "national char varying": "varchar",
  "national character": "bpchar",
  "national character varying": "varchar",
  nchar: "bpchar",
  "nchar varying": "varchar",
  real: "float4",
  smallint: "int2",
  "time with time zone": "timetz",
  "time without time zone": "time",
  "timestamp with time zone": "timestamptz",
  "timestamp without time zone": "timestamp",
};
const serials: Readonly<Record<string, "smallint" | "integer" | "bigint">> = {
  bigserial: "bigint",
  serial: "integer",
  serial2: "smallint",
  serial4: "integer",
  serial8: "bigint",
  smallserial: "smallint",
};

export interface KnownType {
  readonly schema: string;
  readonly name: string;
  readonly needs: Id | null;
}
export interface SpelledType {
  /** As format_type shows it with search_path = pg_catalog, where certain. */
  readonly sql: string;
  /** False when only Postgres knows how it shows the modifiers (an extension's type), or whether the type exists. */
  readonly certain: boolean;
  readonly known: boolean;
  readonly needs: Id | null;
  readonly serial: "smallint" | "integer" | "bigint" | null;
  readonly problem: Problem | null;
  /** Right spellings of built-in types, to suggest from. */
  readonly candidates: readonly string[];
}

const candidates: readonly string[] = [
  ...new Set([...Object.keys(keywords), ...Object.keys(serials), ...catalogNames, "float", "timestamp", "time"]),
];

/**
 * Postgres's spelling of a type. `resolve` finds a declared or an extension's type by schema (null: not written) and name.
 * Names of pg_catalog come first, as in Postgres. `of`: what is typed; routines, and operators and their classes, may have pseudo-types.
 */
export function spellType(
  t: TypeNode,
  resolve: (schema: string | null, name: string) => KnownType | null,
  of: "column" | "routine" = "column",
): SpelledType {
  const array = t.dimensions.length ? "[]" : "";
  const found = (sql: string, more: Partial<SpelledType> = {}): SpelledType => ({
    sql: sql + array,
    certain: true,
    known: true,
    needs: null,
    serial: null,
    problem: null,
    candidates,
    ...more,
  });
  const plain = t.schema === null && !t.name.quoted;
  const text = plain ? t.name.text.toLowerCase() : t.name.text;
  const serial = plain && Object.hasOwn(serials, text) ? serials[text]! : null;
  if (serial) {
    const wrong = t.dimensions.length
      ? problem("invalid-option", t.span, `There are no arrays of ${text}.`)
      : t.modifiers.length
        ? problem("invalid-option", t.span, `${text} takes no modifiers.`)
        : null;
    return { ...found(serial, { serial, problem: wrong }), sql: serial };
  }
  if (plain && text === "float") return float(t, found);
  const written = t.schema?.text ?? null;
  const builtIn =
    written === null || written === "pg_catalog"
      ? plain && Object.hasOwn(keywords, text)
        ? keywords[text]!
        : catalogNames.has(text) || (of === "routine" && pseudoTypes.has(text))
          ? text
          : arrayName(text)
      : null;
  if (builtIn !== null) {
    // `char` and `bit` of the grammar have a length of 1; the types of these names in pg_type have none.
    const keyword = plain && (Object.hasOwn(keywords, text) || text === "bit");
    const { sql, wrong } = spellBuiltIn(builtIn, keyword, t);
    return found(sql, { problem: wrong });
  }
  // Rows of Postgres's own tables and views.
  if (/^_?pg_/.test(text) && (written === null || written === "pg_catalog")) return found(quoted(text));
  if (written === "information_schema") return found(`information_schema.${quoted(text)}`);
  const own = resolve(written, text);
  if (own) {
    const base = own.schema === "pg_catalog" ? quoted(own.name) : `${quoted(own.schema)}.${quoted(own.name)}`;
    const modifiers = t.modifiers.length ? `(${t.modifiers.join(",")})` : "";
    return found(base + modifiers, { certain: modifiers === "", needs: own.needs });
  }
  const unknown = (t.schema ? `${quoted(t.schema.text)}.` : "") + quoted(text);
  return found(unknown + (t.modifiers.length ? `(${t.modifiers.join(",")})` : ""), { known: false, certain: false });
}

/** `_int4` is the array of int4. */
const arrayName = (text: string): string | null =>
  text.startsWith("_") && catalogNames.has(text.slice(1)) ? text : null;

function float(t: TypeNode, found: (sql: string, more?: Partial<SpelledType>) => SpelledType): SpelledType {
  const [bits, ...rest] = t.modifiers;
  if (bits === undefined) return found("double precision");
  const n = whole(bits);
  const wrong =
    rest.length || n === null || n < 1n || n > 53n
      ? problem("invalid-option", t.span, "float takes one precision, from 1 to 53 bits.")
      : null;
  return found(n !== null && n <= 24n ? "real" : "double precision", { problem: wrong });
}

const whole = (modifier: string): bigint | null =>
  /^[+-]?\d+$/.test(modifier) ? BigInt(modifier.replace("+", "")) : null;

function spellBuiltIn(
  type: string,
  keyword: boolean,
  t: TypeNode,
): { readonly sql: string; readonly wrong: Problem | null } {
  const complain = (message: string): Problem => problem("invalid-option", t.span, message);
  if (type.startsWith("_")) {
    return {
      sql: `${bare(type.slice(1))}[]`,
      wrong: t.dimensions.length ? complain(`There are no arrays of the array type ${type}.`) : null,
    };
  }
  const numbers = t.modifiers.map(whole);
  const [one, two] = numbers;
  const most = (n: number): Problem | null =>
    numbers.length > n || numbers.some((x) => x === null)
      ? complain(`${t.name.text} takes ${n === 1 ? "one whole number" : "two whole numbers"} in brackets.`)
      : null;
  switch (type) {
    case "numeric":
      if (one === undefined) return { sql: "numeric", wrong: null };
      return { sql: `numeric(${one},${two ?? 0n})`, wrong: most(2) };
    case "bpchar":
    case "bit":
      if (one === undefined) return { sql: keyword ? `${shown[type]}(1)` : bare(type), wrong: null };
      return { sql: `${shown[type]}(${one})`, wrong: most(1) };
    case "varchar":
    case "varbit":
      return { sql: one === undefined ? shown[type]! : `${shown[type]}(${one})`, wrong: most(1) };
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz": {
      const kind = type.startsWith("timestamp") ? "timestamp" : "time";
      const zone = type.endsWith("tz") ? "with time zone" : "without time zone";
      const precision = one === undefined || one === null ? "" : `(${one > 6n ? 6n : one})`;
      return { sql: `${kind}${precision} ${zone}`, wrong: most(1) };
    }
    case "interval": {
      const fields = t.fields === null ? "" : ` ${t.fields.toLowerCase()}`;
      const precision = one === undefined || one === null ? "" : `(${one > 6n ? 6n : one})`;
      return { sql: `interval${fields}${precision}`, wrong: most(1) };
    }
    default:
      return {
        sql: bare(type),
        wrong: t.modifiers.length ? complain(`The type ${t.name.text} takes no modifiers.`) : null,
      };
  }
}

/** A built-in type without any modifier: not the same as `char` or `bit` in the grammar, which have a length of 1. */
const bare = (type: string): string =>
  type === "bit" || type === "char" || type === "any"
    ? `"${type}"`
    : type === "bpchar"
      ? "bpchar"
      : (shown[type] ?? type);

/** A type as format_type shows it, in its parts. */
export interface TypeParts {
  readonly schema: string | null;
  /** "timestamp with time zone", "order_status", "\"char\" without its quotes" */
  readonly name: string;
  /** True for a name that stood in quotes. */
  readonly quoted: boolean;
  readonly fields: string | null;
  readonly modifiers: readonly string[];
  readonly array: boolean;
}

/** Takes apart what format_type showed. */
export function typeParts(type: string): TypeParts {
  const array = type.endsWith("[]");
  const text = array ? type.slice(0, -2) : type;
  const names: { text: string; quoted: boolean }[] = [];
  let i = 0;
  const readName = (): void => {
    if (text[i] === '"') {
      let name = "";
      for (i++; i < text.length; i++) {
        if (text[i] !== '"') name += text[i];
        else if (text[i + 1] === '"') name += text[i++];
        else break;
      }
      i++;
      names.push({ text: name, quoted: true });
    } else {
      const start = i;
      while (i < text.length && text[i] !== "." && text[i] !== "(") i++;
      names.push({ text: text.slice(start, i).trim(), quoted: false });
    }
  };
  readName();
  if (text[i] === ".") {
    i++;
    readName();
  }
  let modifiers: string[] = [];
  let rest = "";
  if (text[i] === "(") {
    const end = text.lastIndexOf(")");
    modifiers = text
      .slice(i + 1, end)
      .split(",")
      .map((m) => m.trim());
    rest = text.slice(end + 1).trim();
  }
  const last = names.at(-1)!;
  const schema = names.length > 1 ? names[0]!.text : null;
  if (schema === null && !last.quoted && last.text.startsWith("interval "))
    return { schema, name: "interval", quoted: false, fields: last.text.slice(9), modifiers, array };
  return {
    schema,
    name: rest ? `${last.text} ${rest}` : last.text,
    quoted: last.quoted,
    fields: null,
    modifiers,
    array,
  };
}

/** The type without modifiers and array brackets, e.g. "character varying", "shop.order_status". */
export function baseType(type: string): string {
  const p = typeParts(type);
  if (p.schema !== null) return `${quoted(p.schema)}.${quoted(p.name)}`;
  return p.quoted ? `"${p.name}"` : p.name;
}

/** As format_type shows a type where modifiers do not count: of arguments, casts and subtypes. */
export function plainType(type: string): string {
  const base = baseType(type);
  const plain = base === "bpchar" ? "character" : base === '"bit"' ? "bit" : base;
  return plain + (typeParts(type).array ? "[]" : "");
}

/** The short spellings that people write. */
const shortNames: Readonly<Record<string, string>> = {
  integer: "int",
  "character varying": "varchar",
  character: "char",
  "bit varying": "varbit",
  "timestamp with time zone": "timestamptz",
  "timestamp without time zone": "timestamp",
  "time with time zone": "timetz",
  "time without time zone": "time",
};

/** A type as format_type shows it → as import writes it. */
export function describeType(type: string): TypeNode {
  const p = typeParts(type);
  const plain = p.schema === null && !p.quoted;
  // `character(1)` is what `char` means, but saying the length is clearer.
  const text = plain ? (shortNames[p.name] ?? p.name) : p.name;
  return {
    schema: p.schema === null ? null : nameNode(p.schema),
    name: plain
      ? { text, quoted: false, span: nowhere }
      : { ...nameNode(text), quoted: p.quoted || nameNode(text).quoted },
    fields: p.fields,
    modifiers: p.modifiers,
    dimensions: p.array ? [null] : [],
    span: nowhere,
  };
}

/** The text of a type fragment: Postgres's spelling where it is known. */
export const typeText = (f: { readonly sql: string; readonly canonical: string | null }): string =>
  f.canonical ?? f.sql;
