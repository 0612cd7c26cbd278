/** Values of a type that is made anew: an expression of the type as it was → of the type as it is. */
import type { DbObject } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { dollar, literal, name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { asideName } from "./aside.ts";
import { anyAnew } from "./boundTypes.ts";
import type { Column } from "./columnText.ts";
import { attributeChanges } from "./composites.ts";
import { labelSuccessors } from "./enumLabels.ts";
import { typeIn } from "./typeIds.ts";
import { typeParts, typeText } from "./types.ts";

/** The value by way of its text, with labels that are gone replaced by those that take over their rows. */
export const converted = (to: Column, context: Context): string =>
  new Conversion(context).value(name(to.id.name), typeText(to.attributes.type));

/**
 * The same for a column that gets its new type in place, with what stands around that: Postgres takes no query in USING, and only a
 * query looks at each element of an array, so a function does that.
 */
export function convertedInPlace(
  to: Column,
  context: Context,
): { readonly sql: string; readonly before: readonly Action[]; readonly after: readonly Action[] } {
  const type = typeText(to.attributes.type);
  const [self, { schema, name: own, array }] = [name(to.id.name), typeParts(type)];
  const conversion = new Conversion(context);
  const sql = conversion.value(self, type);
  if (!conversion.asks || schema === null) return { sql, before: [], after: [] };
  // No function takes a type yet that has just gone aside.
  const was = `${qualified(asideName({ schema, name: own }, context))}${array ? "[]" : ""}`;
  const f = qualified(asideName({ schema, name: to.id.name }, context));
  const body = dollar(` select ${new Conversion(context).value("$1", type)} `);
  return {
    sql: `${f}(${self})`,
    before: [action(`create function ${f}(${was}) returns ${type} language sql stable as ${body}`)],
    after: [action(`drop function ${f}(${was})`)],
  };
}

/** Whether elements of an array get attributes of another name than theirs, because a text only tells their places. */
export function isMixedUp(to: Column, context: Context): boolean {
  const type = typeText(to.attributes.type);
  const [was, is] = typeParts(type).array ? bothOf(type, context) : [];
  if (!was || !is || !isKind(was, "composite") || !isKind(is, "composite")) return false;
  // Those that are new come last; the others have their order still.
  const { dropped, added } = attributeChanges(was, is, context);
  const places = [...was.attributes.attributes.filter((a) => !dropped.includes(a)), ...added];
  return places.some((a, i) => a.name !== is.attributes.attributes[i]?.name);
}

/** The type, or that of an array's elements, as it was and as it is. */
function bothOf(type: string, { from, to }: Context): readonly (DbObject | undefined)[] {
  const id = typeIn(type, to);
  return id ? [from.get(encode(id)), to.get(encode(id))] : [];
}

/** Replaced labels of the enum that the type is, be it beneath domains; none: it is no enum, or none are gone. */
function labelsOf(type: string, context: Context): readonly (readonly [old: string, next: string])[] {
  const [was, is] = bothOf(type, context);
  if (!was || !is) return [];
  if (isKind(was, "enum") && isKind(is, "enum")) return [...labelSuccessors(was, is)];
  if (!isKind(was, "domain") || !isKind(is, "domain") || !same(was.attributes.type, is.attributes.type)) return [];
  const base = typeText(is.attributes.type);
  return typeParts(base).array ? [] : labelsOf(base, context);
}

/** Whether labels are replaced somewhere in what an element of the type's arrays is made of. */
function relabelsWithin(type: string, context: Context): boolean {
  const [was, is] = bothOf(type, context);
  if (!was || !is) return false;
  const within = (text: string): boolean => labelsOf(text, context).length > 0 || relabelsWithin(text, context);
  if (isKind(was, "domain") && isKind(is, "domain"))
    return same(was.attributes.type, is.attributes.type) && within(typeText(is.attributes.type));
  if (!isKind(was, "composite") || !isKind(is, "composite")) return false;
  return is.attributes.attributes.some(
    (a) => was.attributes.attributes.some((o) => o.name === a.name && same(o.type, a.type)) && within(typeText(a.type)),
  );
}

class Conversion {
  /** Whether what it wrote has queries in it. */
  asks = false;
  readonly #context: Context;
  #depth = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** `self` is an expression of the type as it was. */
  value(self: string, type: string): string {
    const { array } = typeParts(type);
    const [was, is] = bothOf(type, this.#context);
    if (!array && was && is && isKind(was, "composite") && isKind(is, "composite")) return this.#row(self, was, is);
    if (!array && was && is && isKind(was, "domain") && isKind(is, "domain")) {
      const base = typeText(is.attributes.type);
      // Attributes of a composite type go by their names, which its text does not tell; but only where it was one.
      if (same(was.attributes.type, is.attributes.type) && anyAnew(base, this.#context))
        return `(${this.value(self, base)})::${type}`;
    }
    const labels = labelsOf(type, this.#context);
    if (array && !labels.length && relabelsWithin(type, this.#context)) return this.#elements(self, type);
    let text = `${self}::text${array ? "[]" : ""}`;
    if (!labels.length) return `${text}::${type}`;
    if (array) {
      for (const [old, next] of labels)
        text = `pg_catalog.array_replace(${text}, ${literal(old).trim()}, ${literal(next).trim()})`;
      return `${text}::${type}`;
    }
    const arms = labels.map(([old, next]) => `when ${literal(old).trim()} then ${literal(next).trim()}`).join(" ");
    return `(case ${text} ${arms} else ${text} end)::${type}`;
  }

  #row(self: string, was: DbObject<"composite">, is: DbObject<"composite">): string {
    const fields = is.attributes.attributes.map((a) => {
      const old = was.attributes.attributes.find((o) => o.name === a.name);
      const field = `(${self}).${name(a.name)}`;
      const text = typeText(a.type);
      if (!old) return "null";
      // One that was of another type is not taken apart as if it had been of this one.
      if (!same(old.type, a.type)) return `${field}::text::${text}`;
      return anyAnew(text, this.#context) ? this.value(field, text) : field;
    });
    return `case when ${self} is not distinct from null then null else row(${fields.join(", ")})::${qualified(is.id)} end`;
  }

  /**
   * Element by element, with the bounds that the array had. One of several dimensions goes by its text as it stands, so Postgres
   * refuses it where it holds a label that is gone. What is empty has no dimension.
   */
  #elements(self: string, type: string): string {
    this.asks = true;
    const i = `at_${++this.#depth}`;
    const one = this.value(`(${self})[${i}]`, type.replace(/(\[\d*\])+$/, ""));
    this.#depth--;
    const all = `(select pg_catalog.array_agg(${one} order by ${i}) from pg_catalog.generate_subscripts(${self}, 1) as ${i})`;
    return `case pg_catalog.array_ndims(${self}) when 1 then (pg_catalog.array_dims(${self}) || '=' || ${all}::text)::${type} else ${self}::text[]::${type} end`;
  }
}
