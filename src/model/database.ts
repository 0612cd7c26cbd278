import type { AttributeName, Attributes, DbObject, Fragment, Id, Kind } from "./objects.ts";
import { encode } from "./id.ts";
import { oncePer } from "./once.ts";

/**
 * A whole database as data. Order is order of writing (columns in table order); it is never compared.
 * Objects are unique by id.
 */
export interface Database {
  readonly objects: readonly DbObject[];
}

/** Something a live database holds that has no kind here yet: named, counted, never silently ignored. */
export interface Unmodelled {
  /** Postgres's word: "view", "function", "trigger", "row level security", "privileges" … */
  readonly what: string;
  /** As Postgres identifies it: `shop.open_orders`, `shop.touch()`, `trigger touch on shop.orders`. */
  readonly name: string;
  /** What of ours it depends on, so that a change that would break it can be refused. */
  readonly dependsOn: readonly Id[];
  /** The object of ours that it is a part or a property of (the table of a trigger, whose owner it is): it goes when that goes, and is lost when that is made anew. Among `dependsOn`. */
  readonly of?: Id;
  /** The name that it keeps others from having, as rooms' `occupies` tells names. */
  readonly occupies?: string;
}

/** Whose those things are that are there before anybody makes anything. */
export interface Owners {
  readonly database: string;
  /** Of the schema public; null: there is none. */
  readonly publicSchema: string | null;
}

/** What is known of a live database besides its objects. */
export interface Observation {
  readonly database: Database;
  readonly unmodelled: readonly Unmodelled[];
  /** The role that is connected. */
  readonly me: string;
  readonly owners: Owners;
  /** What Postgres and extensions say of their own (a comment): who says the same says nothing. */
  readonly unsaid: readonly DbObject[];
  /** e.g. 150018 */
  readonly version: number;
  /** Types, operator classes, collations, functions, operators and tables of extensions, and of kinds not modelled yet, by schema; and all roles. */
  readonly foreignNames: readonly ForeignName[];
  /** Hash of all that was read: what is equal here is equal in every attribute. */
  readonly digest: string;
}

export type ForeignKind = "type" | "function" | "table" | "role" | NamedKind;
/** Kinds that references find by name, in the schemas of the path. */
export type NamedKind =
  | "collation"
  | "operator"
  | "operatorClass"
  | "operatorFamily"
  | "textSearchParser"
  | "textSearchTemplate"
  | "textSearchDictionary"
  | "textSearchConfiguration";

export interface ForeignName {
  readonly what: ForeignKind;
  readonly schema: string;
  readonly name: string;
  /** null: not of an extension, but of a kind not modelled yet */
  readonly extension: string | null;
  /** Whether it is in its extension's schema, and goes along when that moves. */
  readonly moves: boolean;
}

export type Index = ReadonlyMap<string, DbObject>;
/** Its objects by the text of their ids; made once for each database, for nothing changes in one. */
export const indexOf = oncePer((d: Database): Index => new Map(d.objects.map((o) => [encode(o.id), o])));
export const isKind = <K extends Kind>(o: { readonly id: { readonly kind: Kind } }, kind: K): o is DbObject<K> =>
  o.id.kind === kind;
export const ofKind = <K extends Kind>(d: Database, kind: K): readonly DbObject<K>[] =>
  d.objects.flatMap((o) => (isKind(o, kind) ? [o] : []));

export const fragment = (sql: string, path: readonly string[] = [], canonical: string | null = null): Fragment => ({
  sql,
  path,
  canonical,
});
/** Where an operator works without being named, so that nothing tells its schema. */
const operatorUnnamed = /\b(?:DISTINCT FROM|CASE|NULLIF|ROW|IN)\b/;
/**
 * Where names of a text that Postgres wrote are looked up when it is read again: it qualifies every name, but not the operators
 * that `is distinct from` and the like compare by. `path`: where these are.
 */
export const pathAgain = (sql: string, path: readonly string[]): readonly string[] =>
  operatorUnnamed.test(sql) ? path : [];
/** An observed fragment: the text is canonical already. */
export const observed = (sql: string): Fragment => ({ sql, path: [], canonical: sql });

const isFragment = (v: object): v is Fragment => "sql" in v && "canonical" in v;
const text = (f: Fragment): string => f.canonical ?? f.sql;

/** Equality of attribute values: structural, with fragments equal when their canonical texts, or what to write for them, are. Key order of objects never counts. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (isFragment(a) && isFragment(b)) return text(a) === text(b) || a.sql === b.sql;
  const ka = Object.keys(a) as (keyof typeof a)[];
  return ka.length === Object.keys(b).length && ka.every((k) => Object.hasOwn(b, k) && same(a[k], (b as typeof a)[k]));
}

/** Names of the attributes that differ. */
export function differing<K extends Kind>(from: DbObject<K>, to: DbObject<K>): AttributeName<K>[] {
  const [was, is]: readonly [Attributes<K>, Attributes<K>] = [from.attributes, to.attributes];
  // Every object of a database comes by here: nothing is made where nothing differs.
  const out: AttributeName<K>[] = [];
  for (const a in is) if (!same(was[a], is[a])) out.push(a);
  for (const a in was) if (!(a in is)) out.push(a);
  return out;
}

/** Every fragment in an attribute value, wherever it stands. */
export function fragmentsOf(value: unknown): readonly Fragment[] {
  const out: Fragment[] = [];
  collect(value, out);
  return out;
}
// These two see every attribute of a database in every run: plain loops, and nothing made where nothing is found.
function collect(value: unknown, out: Fragment[]): void {
  if (typeof value !== "object" || value === null) return;
  if (isFragment(value)) out.push(value);
  else for (const k in value) collect(value[k as keyof typeof value], out);
}

/** The value with each fragment replaced; everything else as it was. Same object when nothing changed. */
export function mapFragments<T>(value: T, change: (f: Fragment) => Fragment): T {
  // The shape is kept, so that the type is; the casts say no more than that.
  const walk = (v: unknown): unknown => {
    if (typeof v !== "object" || v === null) return v;
    if (isFragment(v)) return change(v);
    if (Array.isArray(v)) {
      const out = v.map(walk);
      return out.every((x, i) => x === v[i]) ? v : out;
    }
    let copy: Record<string, unknown> | null = null;
    for (const k in v) {
      const old: unknown = v[k as keyof typeof v];
      const next = walk(old);
      if (next === old) continue;
      copy ??= { ...v };
      copy[k] = next;
    }
    return copy ?? v;
  };
  return walk(value) as T;
}

/**
 * The value with the canonical texts that `observed`, a value of the same shape, holds at the same places. A text that Postgres
 * keeps nothing of (a default that is null) is none.
 */
export function respell<T>(value: T, observed: unknown): T {
  const walk = (v: unknown, o: unknown, depth: number): unknown => {
    if (typeof v !== "object" || v === null) return v;
    const text = isFragment(v);
    if (text && o === null) return null;
    if (typeof o !== "object" || o === null) return v;
    if (text) return isFragment(o) ? { ...v, canonical: o.canonical ?? o.sql } : v;
    if (Array.isArray(v)) return Array.isArray(o) ? v.map((x, i) => walk(x, o[i], depth + 1)) : v;
    // An attribute that a twin of another kind lacks is left alone; in a list by names there is none of what is lacking.
    const left = (x: unknown): boolean => depth === 0 || typeof x !== "object" || x === null || !isFragment(x);
    return Object.fromEntries(
      Object.entries(v).flatMap(([k, x]: [string, unknown]) =>
        k in o ? [[k, walk(x, o[k as keyof typeof o], depth + 1)]] : left(x) ? [[k, x]] : [],
      ),
    );
  };
  return walk(value, observed, 0) as T;
}
