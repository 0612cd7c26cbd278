/** Of which types a foreign key's columns can be: what Postgres looks up in the index of a key of which type. */
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { plainType, typeParts } from "./types.ts";

const words = (text: string): readonly string[] => text.split(", ");
const integers = "smallint, integer, bigint";
const texts = "text, character varying, character";
const moments = "date, timestamp without time zone, timestamp with time zone";
const objects =
  "oid, regclass, regcollation, regconfig, regdictionary, regnamespace, regoper, regoperator, regproc, regprocedure, regrole, regtype";

/**
 * By types of keys, those that refer to them: of their index's operator family, or turned into the key's type without being asked.
 * The same on 13 to 18.
 */
const groups: readonly (readonly [keys: string, takes: string])[] = [
  [integers, integers],
  ["numeric", `${integers}, numeric`],
  ["real, double precision", `${integers}, numeric, real, double precision`],
  ["text, character varying, name", `${texts}, name`],
  ["character", texts],
  [moments, moments],
  ["interval", "interval, time without time zone"],
  ["time with time zone", "time with time zone, time without time zone"],
  ["bit, bit varying", "bit, bit varying"],
  ["inet, cidr", "inet, cidr"],
  ["macaddr, macaddr8", "macaddr, macaddr8"],
  [objects, `${integers}, ${objects}`],
];
const taken: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  groups.flatMap(([keys, takes]) => words(keys).map((k) => [k, new Set(words(takes))] as const)),
);
/** Types that nothing but themselves refers to. */
const alone: ReadonlySet<string> = new Set(
  words(
    "boolean, bytea, uuid, money, json, jsonb, xml, point, line, lseg, box, path, polygon, circle, tsvector, tsquery, pg_lsn, tid, xid, xid8, " +
      "time without time zone, int4range, int8range, numrange, daterange, tsrange, tstzrange, " +
      "int4multirange, int8multirange, nummultirange, datemultirange, tsmultirange, tstzmultirange",
  ),
);

/** Whether it is one of which all that matters is known: built in, or an enum or a range of the program's own. */
function isKnown(type: string, all: Index): boolean {
  const { schema, name, quoted } = typeParts(type);
  if (schema === null) return !quoted && (taken.has(plainType(name)) || alone.has(plainType(name)));
  return (["enum", "range"] as const).some((kind) => all.has(encode({ kind, schema, name })));
}

/** Whether Postgres certainly refuses a column of one type as a reference to a key of another. Both without modifiers, beneath domains. */
export function cannotRefer(column: string, key: string, all: Index): boolean {
  const [mine, other] = [plainType(column), plainType(key)];
  if (mine === other || !isKnown(column, all) || !isKnown(key, all)) return false;
  if (taken.get(other)?.has(mine)) return false;
  for (const o of all.values())
    if (isKind(o, "cast") && o.attributes.context === "implicit" && o.id.from === mine && o.id.to === other)
      return false;
  return true;
}
