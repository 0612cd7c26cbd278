/** New composite and range types that fit into a world. */
import type { CompositeAttribute, DbObject, Id } from "../../src/model/objects.ts";
import { encode, sameId } from "../../src/model/id.ts";
import { multirangeName } from "../../src/kinds/parts/names.ts";
import { freshName } from "./names.ts";
import { collationNeeds, newName, schemaNeed, someCollation, someSchema } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { infoOf, someType, type TypeInfo } from "./types.ts";
import { takenNames, type World } from "./world.ts";

const fragment = (sql: string) => ({ sql, path: [], canonical: sql });

/** Whether a type stands on another, however far. */
export function reaches(w: World, needs: readonly Id[], id: Id, seen = new Set<string>()): boolean {
  return needs.some((n) => {
    if (sameId(n, id)) return true;
    if (seen.has(encode(n))) return false;
    seen.add(encode(n));
    return reaches(w, w.objects.get(encode(n))?.needs ?? [], id, seen);
  });
}

function proposeAttribute(rng: Rng, w: World, id: Id, name: string): CompositeAttribute & { needs: readonly Id[] } {
  for (;;) {
    const type = infoOf(w, someType(rng, w));
    if (!type || reaches(w, type.needs, id)) continue;
    const collation = type.collatable && rng.chance(0.3) ? someCollation(rng, w, type) : null;
    return { name, type: fragment(type.text), collation, needs: type.needs };
  }
}

/** `old`: its attributes mostly stay, as they do where a type is changed. */
export function proposeComposite(rng: Rng, w: World, old?: DbObject<"composite">): DbObject<"composite"> {
  const id = old?.id ?? { kind: "composite" as const, ...newName(rng, w, someSchema(rng, w)) };
  const list: (CompositeAttribute & { needs?: readonly Id[] })[] = [...(old?.attributes.attributes ?? [])];
  const names = new Set(list.map((a) => a.name));
  const add = (): void => {
    const name = freshName(rng, names);
    names.add(name);
    list.push(proposeAttribute(rng, w, id, name));
  };
  if (!old) for (let n = rng.int(5); n > 0; n--) add();
  else {
    const what = rng.int(4);
    if (what === 0 || list.length === 0) add();
    else if (what === 1) list.splice(rng.int(list.length), 1);
    else {
      const i = rng.int(list.length);
      list[i] = proposeAttribute(rng, w, id, list[i]!.name);
    }
  }
  const needs = list.flatMap((a) => [
    ...(a.needs ?? infoOf(w, a.type.sql)?.needs ?? []),
    ...collationNeeds(a.collation),
  ]);
  return {
    id,
    attributes: { attributes: list.map(({ name, type, collation }) => ({ name, type, collation })) },
    needs: [...schemaNeed(id.schema), ...needs],
  };
}

const differences: Readonly<Record<string, string>> = {
  "double precision": "float8mi",
  numeric: "numrange_subdiff",
  integer: "int4range_subdiff",
  bigint: "int8range_subdiff",
  date: "daterange_subdiff",
  "timestamp without time zone": "tsrange_subdiff",
};
const subtypes = [
  ...Object.keys(differences),
  ...["text", "text", "character varying", "character", "uuid", "interval", "inet", "name", "boolean"],
];

export function proposeRange(rng: Rng, w: World, id?: Id<"range">): DbObject<"range"> {
  const own = id ?? { kind: "range" as const, ...newName(rng, w, someSchema(rng, w)) };
  const enums = [...w.objects.values()].filter((o) => o.id.kind === "enum" && o.id.schema === own.schema);
  const type: TypeInfo | null =
    enums.length > 0 && rng.chance(0.3)
      ? infoOf(w, someType(rng, w))
      : { ...infoOf(w, "text")!, text: rng.pick(subtypes) };
  const enumType = type?.enum && !type.element ? type : null;
  const text = enumType?.text ?? (type && subtypes.includes(type.text) ? type.text : "integer");
  const diff = differences[text];
  const textual = text === "text" || text === "character varying";
  const taken = takenNames(w, own.schema);
  const multirange =
    id || rng.chance(0.6) || taken.has(multirangeName(own.name)) ? multirangeName(own.name) : freshName(rng, taken);
  const same = (name: string) => ({ schema: "pg_catalog", name, arguments: [text, text] });
  return {
    id: own,
    attributes: {
      subtype: fragment(text),
      operatorClass: text === "text" && rng.chance(0.3) ? { schema: "pg_catalog", name: "text_pattern_ops" } : null,
      collation: textual && rng.chance(0.4) ? { schema: "pg_catalog", name: "C" } : null,
      canonical: null,
      subtypeDiff: diff !== undefined && rng.chance(0.5) ? same(diff) : null,
      multirange: w.major < 14 ? null : { schema: own.schema, name: multirange },
    },
    needs: [...schemaNeed(own.schema), ...(enumType?.needs ?? [])],
  };
}
