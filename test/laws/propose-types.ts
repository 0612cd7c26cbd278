/** New schemas, extensions, enums, domains and sequences that fit into a world. */
import type { DbObject, Id, QualifiedName, SequenceOptions } from "../../src/model/objects.ts";
import { defaultFor, domainCondition } from "./expressions.ts";
import { freshName, labels } from "./names.ts";
import type { Rng } from "./rng.ts";
import { infoOf, someType, type TypeInfo } from "./types.ts";
import { has, of, takenNames, type World } from "./world.ts";

export const schemaNames = ["shop", "Mixed Case", "order", 'q"uote', "ünï"] as const;
export const extensionNames = ["citext", "btree_gist", "pg_trgm", "hstore"] as const;

export const someSchema = (rng: Rng, w: World): string =>
  rng.pick(["public", ...of(w, "schema").map((s) => s.id.name)]);

export const newName = (rng: Rng, w: World, schema: string): QualifiedName => ({
  schema,
  name: freshName(rng, takenNames(w, schema)),
});

export function proposeSchema(rng: Rng, w: World): DbObject<"schema"> | null {
  const free = schemaNames.filter((name) => !has(w, { kind: "schema", name }));
  return free.length === 0 ? null : { id: { kind: "schema", name: rng.pick(free) }, attributes: {}, needs: [] };
}

export function proposeExtension(rng: Rng, w: World, id?: Id<"extension">): DbObject<"extension"> | null {
  const free = extensionNames.filter((name) => !has(w, { kind: "extension", name }));
  if (!id && free.length === 0) return null;
  const schema = someSchema(rng, w);
  return {
    id: id ?? { kind: "extension", name: rng.pick(free) },
    attributes: { schema, version: null },
    needs: schemaNeed(schema),
  };
}

export const schemaNeed = (schema: string): readonly Id[] =>
  schema === "public" ? [] : [{ kind: "schema", name: schema }];

export function proposeEnum(rng: Rng, w: World, id?: Id<"enum">): DbObject<"enum"> {
  const own = id ?? { kind: "enum" as const, ...newName(rng, w, someSchema(rng, w)) };
  return { id: own, attributes: { labels: rng.shuffle(rng.some(labels, 1, 6)) }, needs: schemaNeed(own.schema) };
}

export const collations = ["C", "POSIX"] as const;
export const someCollation = (rng: Rng, w: World, type: TypeInfo): QualifiedName | null => {
  const made = of(w, "collation").map(({ id: { schema, name } }) => ({ schema, name }));
  const all = [...collations.map((name) => ({ schema: "pg_catalog", name })), ...made];
  return rng.pick(all.filter((c) => c.schema !== type.usual?.schema || c.name !== type.usual.name));
};
/** A collation that somebody made. */
export const collationNeeds = (c: QualifiedName | null): readonly Id[] =>
  c && c.schema !== "pg_catalog" ? [{ kind: "collation", ...c }] : [];

export function proposeDomain(rng: Rng, w: World, id?: Id<"domain">, typeText?: string): DbObject<"domain"> | null {
  const own = id ?? { kind: "domain" as const, ...newName(rng, w, someSchema(rng, w)) };
  const type = infoOf(w, typeText ?? someType(rng, w));
  if (!type || dependsOnDomain(w, type, own)) return null;
  const value = rng.chance(0.35) ? defaultFor(rng, w, own.schema, type) : null;
  const collation = type.collatable && rng.chance(0.25) ? someCollation(rng, w, type) : null;
  const notNull = rng.chance(0.25);
  const checks = of(w, "domainCheck").filter((c) => c.id.schema === own.schema && c.id.domain === own.name);
  return {
    id: own,
    attributes: {
      type: { sql: type.text, path: [], canonical: type.text },
      notNull,
      // Before 18 it is no constraint with a name.
      notNullName:
        notNull && w.major >= 18 && rng.chance(0.5) ? freshName(rng, new Set(checks.map((c) => c.id.name))) : null,
      default: value?.fragment ?? null,
      collation,
    },
    needs: [...schemaNeed(own.schema), ...type.needs, ...(value?.needs ?? []), ...collationNeeds(collation)],
  };
}

function dependsOnDomain(w: World, type: TypeInfo, id: Id<"domain">): boolean {
  const d = type.domain ?? type.element?.domain ?? null;
  if (!d) return false;
  if (d.id.schema === id.schema && d.id.name === id.name) return true;
  const base = infoOf(w, d.attributes.type.sql);
  return base !== null && dependsOnDomain(w, base, id);
}

export function proposeDomainCheck(rng: Rng, w: World, id?: Id<"domainCheck">): DbObject<"domainCheck"> | null {
  const domains = of(w, "domain");
  if (!id && domains.length === 0) return null;
  const domain = id ? domains.find((d) => d.id.schema === id.schema && d.id.name === id.domain) : rng.pick(domains);
  const base = domain && infoOf(w, domain.attributes.type.sql);
  // VALUE of an array over a domain and the like is left out: the conditions below are of the plain kinds.
  if (!domain || !base) return null;
  const e = domainCondition(rng, domain.id.schema, base);
  if (!e) return null;
  const { schema, name } = domain.id;
  const { notNullName } = domain.attributes;
  const taken = new Set([
    ...of(w, "domainCheck").map((c) => c.id.name),
    ...(notNullName === null ? [] : [notNullName]),
  ]);
  return {
    id: id ?? { kind: "domainCheck", schema, domain: name, name: freshName(rng, taken) },
    attributes: { expression: e.fragment, validated: !rng.chance(0.15) },
    needs: [domain.id, ...e.needs],
  };
}

const limits = {
  smallint: [-32768n, 32767n],
  integer: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
} as const;
export type SequenceType = keyof typeof limits;

export function sequenceOptions(rng: Rng, type: SequenceType): SequenceOptions {
  const [least, most] = limits[type];
  const increment = rng.chance(0.6) ? 1n : rng.pick([2n, 10n, -1n, -5n, 100n]);
  const up = increment > 0n;
  let min = up ? 1n : least;
  let max = up ? most : -1n;
  if (rng.chance(0.2)) min = up ? rng.pick([0n, -10n, 5n, least]) : -1000n;
  if (rng.chance(0.2)) max = up ? rng.pick([1000n, 32767n, 30000n]) : rng.pick([100n, most, 0n]);
  const first = up ? min : max;
  const start = rng.chance(0.3) ? (up ? min + BigInt(rng.int(100)) : max - BigInt(rng.int(100))) : first;
  return {
    start: String(start),
    increment: String(increment),
    min: String(min),
    max: String(max),
    cache: rng.chance(0.75) ? "1" : rng.pick(["2", "20", "1000"]),
    cycle: rng.chance(0.15),
  };
}

export function proposeSequence(rng: Rng, w: World, id?: Id<"sequence">): DbObject<"sequence"> {
  const own = id ?? { kind: "sequence" as const, ...newName(rng, w, someSchema(rng, w)) };
  const type = rng.pick(["smallint", "integer", "bigint", "bigint"] as const);
  return {
    id: own,
    attributes: {
      ...sequenceOptions(rng, type),
      type,
      persistence: w.major >= 15 && rng.chance(0.15) ? "unlogged" : "permanent",
    },
    needs: schemaNeed(own.schema),
  };
}
