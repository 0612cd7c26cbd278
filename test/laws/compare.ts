/** Equality of databases for the laws, and the count of what a run has tried. */
import { isKind, same, type Database } from "../../src/model/database.ts";
import { ownPart } from "../../src/kinds/silence.ts";
import { encode } from "../../src/model/id.ts";
import type { DbObject } from "../../src/model/objects.ts";

type Loose = Readonly<Record<string, unknown>>;

/** What differs, in words; null: nothing. `fragments` false: texts of SQL are not compared, only whether there is one. */
export function differences(have: Database, want: Database, fragments = true): string | null {
  const left = byId(have);
  const right = byId(want);
  const out: string[] = [];
  for (const [id, o] of left) {
    const w = right.get(id);
    if (!w) out.push(`has ${id}`);
    else
      for (const a of new Set([...Object.keys(o.attributes), ...Object.keys(w.attributes)])) {
        const [x, y] = [(o.attributes as Loose)[a], (w.attributes as Loose)[a]].map((v) =>
          fragments || a === "type" ? (isKind(o, "sqlBlock") ? withoutPath(v) : v) : withoutTexts(v),
        );
        if (!fragments && a === "notNull" && same(unnamed(x), unnamed(y))) continue;
        // A name that nobody said any more stays.
        if (a === "notNull" && isUnnamed(y) && same(withoutName(x), y)) continue;
        // Which version is there is not said by the generator.
        if (isKind(o, "extension") && a === "version" && (x === null || y === null)) continue;
        if (isKind(o, "composite") && same(byName(x), byName(y))) continue;
        if (!same(x, y)) out.push(`${id}.${a}: has ${JSON.stringify(x)}, wants ${JSON.stringify(y)}`);
      }
  }
  for (const id of right.keys()) if (!left.has(id)) out.push(`lacks ${id}`);
  return out.length === 0 ? null : out.slice(0, 6).join("\n");
}

/**
 * A NOT NULL without the name that Postgres made up for it: a child's has its parent's, and which table comes first is not
 * the generator's to know.
 */
function unnamed(v: unknown): unknown {
  if (typeof v !== "object" || v === null || !("name" in v)) return v;
  return typeof v.name === "string" && v.name.endsWith("_not_null") ? { ...v, name: null } : v;
}

/** Attributes of a composite type: a new one comes last, whatever the place was that an old one had. */
const byName = (v: unknown): unknown =>
  Array.isArray(v) ? [...(v as { name: string }[])].sort((a, b) => (a.name < b.name ? -1 : 1)) : v;

const isUnnamed = (v: unknown): boolean => typeof v === "object" && v !== null && "name" in v && v.name === null;
const withoutName = (v: unknown): unknown =>
  typeof v === "object" && v !== null && "name" in v ? { ...v, name: null } : v;

function byId(d: Database): ReadonlyMap<string, DbObject> {
  // Roles that nobody made up are the server's. The schema public is there without saying, and so is its comment; an extension brings its own comment.
  const given = (o: DbObject): boolean =>
    (isKind(o, "role") && o.attributes.options === null) ||
    // Rows are compared as rows.
    o.id.kind === "rows" ||
    (o.id.kind === "schema" && o.id.name === "public") ||
    (o.id.kind === "comment" && o.id.target.kind === "schema" && o.id.target.name === "public");
  return new Map(
    ownPart(d)
      .objects.filter((o) => !given(o))
      .map((o) => [encode(o.id), o]),
  );
}

/** A block's text stays the same wherever it looks names up. */
const withoutPath = (v: unknown): unknown => (typeof v === "object" && v !== null ? { ...v, path: [] } : v);

/** Fragments reduced to the fact that there is one; types, whose text is settled, stay. */
function withoutTexts(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(withoutTexts);
  if (typeof v !== "object" || v === null) return v;
  if ("sql" in v && "canonical" in v) return "(sql)";
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, withoutTexts(x)]));
}

/** Adds to `counts` what changes from a to b: `kind.attribute`, `kind created`, `kind dropped`. */
export function count(counts: Map<string, number>, a: Database, b: Database): void {
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const withRows = (d: Database): ReadonlyMap<string, DbObject> =>
    new Map([...byId(d), ...d.objects.filter((o) => isKind(o, "rows")).map((o) => [encode(o.id), o] as const)]);
  const [left, right] = [withRows(a), withRows(b)];
  const seen = new Set<string>();
  const once = (key: string): void => {
    if (!seen.has(key)) add(key);
    seen.add(key);
  };
  for (const [id, o] of left) {
    const w = right.get(id);
    if (!w) once(`${o.id.kind} dropped`);
    else
      for (const x of Object.keys(o.attributes))
        if (!same((o.attributes as Loose)[x], (w.attributes as Loose)[x])) once(`${o.id.kind}.${x}`);
  }
  for (const [id, o] of right) if (!left.has(id)) once(`${o.id.kind} created`);
}
