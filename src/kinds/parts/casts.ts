/** How the values of a column get from one type to another: with which USING, what may be lost, and at what cost. */
import type { Index } from "../../model/database.ts";
import { isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Cost } from "../../model/plan.ts";
import type { DbObject, Id } from "../../model/objects.ts";
import { typeIn } from "./typeIds.ts";
import { baseType, typeParts, type TypeParts, typeText } from "./types.ts";

export interface Conversion {
  /** "none": Postgres does it by itself; "cast": `x::new`; "text": `x::text::new`, because there is no cast. */
  readonly using: "none" | "cast" | "text";
  /** Part of a value may be lost without an error. */
  readonly lossy: boolean;
  /** Some values are refused. */
  readonly mayFail: boolean;
  readonly cost: Cost;
}

const reg =
  "oid regclass regtype regproc regprocedure regoper regoperator regconfig regdictionary regnamespace regrole regcollation";
/** Casts that ALTER TYPE uses by itself (implicit and assignment casts of pg_cast), and those it must be told to use. */
const assignment = casts(`
  bigint: smallint integer money real,double precision,numeric ${reg}
  smallint: bigint integer real,double precision,numeric ${reg}
  integer: smallint bigint money real,double precision,numeric ${reg}
  oid: bigint integer ${reg}
  regproc: bigint integer oid regprocedure
  regprocedure: bigint integer oid regproc
  regoper: bigint integer oid regoperator
  regoperator: bigint integer oid regoper
  regclass: bigint integer oid
  regtype: bigint integer oid
  regrole: bigint integer oid
  regnamespace: bigint integer oid
  regconfig: bigint integer oid
  regdictionary: bigint integer oid
  regcollation: bigint integer oid
  real: bigint smallint integer numeric,double precision
  double precision: bigint smallint integer real numeric
  numeric: bigint smallint integer money real,double precision
  money: numeric
  json: jsonb
  jsonb: json
  point: box
  path: polygon
  box: polygon
  polygon: path
  cidr: inet
  inet: cidr
  macaddr: macaddr8
  macaddr8: macaddr
  date: timestamp without time zone,timestamp with time zone
  time without time zone: interval,time with time zone
  time with time zone: time without time zone
  timestamp without time zone: date,time without time zone,timestamp with time zone
  timestamp with time zone: date,time without time zone,timestamp without time zone,time with time zone
  interval: time without time zone
  bit: bit varying
  bit varying: bit
  boolean:
  text: "char" name regclass
  character varying: "char" name regclass
  character: "char" name
  "char":
  name:`);
const explicit = casts(`
  bigint: bit
  integer: boolean "char" bit
  boolean: integer
  "char": integer
  box: point lseg circle
  lseg: point
  polygon: point box circle
  circle: point box polygon
  bit: bigint integer
  jsonb: boolean bigint smallint integer real numeric,double precision
  int4range: int4multirange
  int8range: int8multirange
  numrange: nummultirange
  daterange: datemultirange
  tsrange: tsmultirange
  tstzrange: tstzmultirange
  xid8: xid`);

function casts(table: string): ReadonlyMap<string, ReadonlySet<string>> {
  const out = new Map<string, Set<string>>();
  for (const line of table.trim().split("\n")) {
    const [source, targets] = line.trim().split(/:\s*/) as [string, string];
    // Names of several words stand between commas.
    const list = targets
      .split(",")
      .flatMap((part) => (/^(time|double)/.test(part.trim()) ? [part.trim()] : part.trim().split(" ")));
    out.set(source, new Set(list.filter((t) => t !== "")));
  }
  return out;
}

const strings = new Set(["text", "character varying", "character", "bpchar", "name"]);
const isString = (p: TypeParts): boolean =>
  p.schema === null ? !p.quoted && strings.has(p.name) : p.name === "citext";

interface Resolved {
  /** The type beneath any domains. */
  readonly parts: TypeParts;
  readonly base: string;
  readonly domain: boolean;
  /** A domain that refuses some values of its base. */
  readonly picky: boolean;
  readonly enum: boolean;
  /** The object of the database that makes it, by its key: Postgres knows no casts of it but from a range to its multirange. */
  readonly made: string | null;
  readonly multirange: boolean;
}

/** What a type is beneath its domains, and these, the outermost first. */
export function beneathDomains(
  type: string,
  find: (id: Id) => DbObject | null,
): { readonly parts: TypeParts; readonly domains: readonly DbObject<"domain">[]; readonly enum: boolean } {
  let parts = typeParts(type);
  const domains: DbObject<"domain">[] = [];
  // Domains over domains end somewhere.
  while (domains.length < 100 && parts.schema !== null) {
    const found = find({ kind: "domain", schema: parts.schema, name: parts.name });
    if (!found || !isKind(found, "domain")) break;
    domains.push(found);
    const beneath = typeParts(typeText(found.attributes.type));
    parts = { ...beneath, array: parts.array || beneath.array };
  }
  const isEnum = parts.schema !== null && find({ kind: "enum", schema: parts.schema, name: parts.name }) !== null;
  return { parts, domains, enum: isEnum };
}

/** `all`: the database in which the type's name means something. */
function resolve(type: string, all: Index): Resolved {
  const { parts, domains, enum: isEnum } = beneathDomains(type, (id) => all.get(encode(id)) ?? null);
  const picky = domains.some(
    ({ id, attributes }) =>
      attributes.notNull ||
      [...all.values()].some((o) => isKind(o, "domainCheck") && o.id.schema === id.schema && o.id.domain === id.name),
  );
  const base = baseOf(parts);
  const made = parts.schema === null ? null : typeIn(base, all);
  return {
    parts,
    base,
    domain: domains.length > 0,
    picky,
    enum: isEnum,
    made: made && encode(made),
    multirange: made !== null && (made.schema !== parts.schema || made.name !== parts.name),
  };
}
/** The type's own name, by which Postgres knows it. */
export function baseOf(p: TypeParts): string {
  const quoted = (s: string): string => `"${s.replaceAll('"', '""')}"`;
  if (p.schema !== null) return `${quoted(p.schema)}.${quoted(p.name)}`;
  return p.quoted ? quoted(p.name) : p.name === "bpchar" ? "character" : p.name;
}

export function conversion(from: string, to: string, had: Index, has: Index): Conversion {
  const a = resolve(from, had);
  const b = resolve(to, has);
  const { lossy, mayFail } = risk(a, b);
  const cast = encode({ kind: "cast", from: bareType(from), to: bareType(to) });
  return {
    using: had.has(cast) && has.has(cast) ? "cast" : pathOf(a, b),
    lossy,
    mayFail: mayFail || b.picky,
    cost: a.parts.array || b.parts.array ? (from === to ? "instant" : "rewrite") : b.picky ? "rewrite" : costOf(a, b),
  };
}

function pathOf(a: Resolved, b: Resolved): Conversion["using"] {
  if (a.parts.array !== b.parts.array) {
    if (!b.parts.array && isString(b.parts)) return "none";
    return !a.parts.array && isString(a.parts) ? "cast" : "text";
  }
  if (a.base === b.base || isString(b.parts)) return "none";
  if (assignment.get(a.base)?.has(b.base)) return "none";
  if (isString(a.parts) || explicit.get(a.base)?.has(b.base)) return "cast";
  if (a.made !== null && a.made === b.made && !a.multirange) return "cast";
  const known = (x: Resolved): boolean => x.made !== null || x.parts.schema === null;
  if (a.enum || b.enum || (known(a) && known(b))) return "text";
  // Between types of extensions only Postgres knows the casts.
  return "cast";
}

const numbers = (p: TypeParts): readonly number[] => p.modifiers.map(Number);
/** The most that a modifier lets through; without one there is no limit. */
const most = (p: TypeParts): number => numbers(p)[0] ?? Infinity;

/** Digits before the point that a whole number may have. */
const digits: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };
const order = ["smallint", "integer", "bigint"];

/** An allow-list: every pair that is not known to keep all of a value may lose some of it. */
function risk(a: Resolved, b: Resolved): { readonly lossy: boolean; readonly mayFail: boolean } {
  const safe = { lossy: false, mayFail: false };
  const picky = { lossy: false, mayFail: true };
  const loses = { lossy: true, mayFail: true };
  const [from, to] = [a.parts, b.parts];
  if (from.array !== to.array) return !to.array && to.name === "text" ? safe : loses;
  const padded = a.base === "character";
  switch (b.base) {
    case "text":
      return padded ? loses : safe;
    case "character varying":
      if (padded) return loses;
      if (most(to) === Infinity || (a.base === "character varying" && most(from) <= most(to))) return safe;
      // Too many blanks at the end are cut off without an error, as the SQL standard wants it.
      return isString(from) ? loses : picky;
    case "character":
      return padded ? (most(from) <= most(to) ? safe : picky) : loses;
    case "smallint":
    case "integer":
    case "bigint":
      if (order.includes(a.base)) return order.indexOf(a.base) <= order.indexOf(b.base) ? safe : picky;
      return a.base === "numeric" && numbers(from).length > 0 && (numbers(from)[1] ?? 0) <= 0 ? picky : loses;
    case "numeric": {
      const [precision, scale = 0] = numbers(to);
      const whole = digits[a.base];
      if (whole !== undefined)
        return precision === undefined || precision - scale >= whole ? safe : scale >= 0 ? picky : loses;
      if (a.base !== "numeric") return loses;
      const [had, fraction = 0] = numbers(from);
      if (precision === undefined) return safe;
      if (had === undefined || scale < fraction) return loses;
      return precision - scale >= had - fraction ? safe : picky;
    }
    case "real":
      return a.base === "smallint" || a.base === "real" ? safe : loses;
    case "double precision":
      return ["smallint", "integer", "real", "double precision"].includes(a.base) ? safe : loses;
    case "timestamp without time zone":
    case "timestamp with time zone":
      // Both hold the same moments as long as the session's zone is UTC, which ours is.
      if (a.base === "date") return safe;
      return a.base.startsWith("timestamp") && Math.min(6, most(from)) <= Math.min(6, most(to)) ? safe : loses;
    case "time without time zone":
    case "time with time zone":
    case "interval":
      if (a.base === b.base && from.fields === to.fields)
        return Math.min(6, most(from)) <= Math.min(6, most(to)) ? safe : loses;
      if (a.base === "interval" && b.base === "interval" && to.fields === null)
        return Math.min(6, most(to)) === 6 ? safe : loses;
      return a.base === "time without time zone" && Math.min(6, most(from)) <= Math.min(6, most(to)) ? safe : loses;
    case "bit varying":
      return (a.base === "bit" || a.base === "bit varying") && most(from) <= most(to)
        ? safe
        : a.base.startsWith("bit")
          ? picky
          : loses;
    case "bit":
      return a.base === "bit" && most(from) === most(to) ? safe : a.base.startsWith("bit") ? picky : loses;
    default:
      break;
  }
  if (a.base === b.base) return from.modifiers.join() === to.modifiers.join() ? safe : loses;
  // Labels of an enum stay what they are, and so does the text of json.
  if (b.enum) return a.enum || isString(from) ? picky : loses;
  if (isString(to)) return padded ? loses : to.modifiers.length ? picky : to.name === "name" ? loses : safe;
  if ((b.base === "json" || b.base === "xml") && isString(from) && !padded) return picky;
  const kept: Readonly<Record<string, string>> = { cidr: "inet", macaddr: "macaddr8", jsonb: "json" };
  return kept[a.base] === b.base ? safe : loses;
}

/** What Postgres does without touching a row (ATColumnChangeRequiresRewrite in tablecmds.c). */
function costOf(a: Resolved, b: Resolved): Cost {
  const [from, to] = [a.parts, b.parts];
  const wider = most(from) <= most(to);
  if (a.base === b.base) {
    switch (a.base) {
      case "character varying":
      case "bit varying":
        return wider ? "instant" : "rewrite";
      case "numeric": {
        const [precision, scale = 0] = numbers(to);
        const [had, fraction = 0] = numbers(from);
        return precision === undefined || (had !== undefined && scale === fraction && precision >= had)
          ? "instant"
          : "rewrite";
      }
      case "timestamp without time zone":
      case "timestamp with time zone":
      case "time without time zone":
      case "time with time zone":
      case "interval":
        return from.fields === to.fields && Math.min(6, most(to)) >= Math.min(6, most(from)) ? "instant" : "rewrite";
      default:
        return from.modifiers.join() === to.modifiers.join() ? "instant" : "rewrite";
    }
  }
  if (a.base === "character varying" && b.base === "text") return "instant";
  if (a.base === "text" && b.base === "character varying") return to.modifiers.length ? "rewrite" : "instant";
  if (a.base === "cidr" && b.base === "inet") return "instant";
  if (a.base.startsWith("timestamp") && b.base.startsWith("timestamp"))
    return Math.min(6, most(from)) <= Math.min(6, most(to)) ? "instant" : "rewrite";
  return "rewrite";
}

/** The type without modifiers, as USING casts to it: an explicit cast to `varchar(5)` would cut values off silently. */
export const bareType = (type: string): string => baseType(type) + (typeParts(type).array ? "[]" : "");
