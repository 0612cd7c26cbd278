/** Names that nobody knows, or that are there twice. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { nearest, problem, type Problem, type Span } from "../../problems.ts";
import { name as quoteName, qualified } from "../../sql.ts";

export function unknown(
  code: "unknown-mixin" | "unknown-column" | "unknown-role" | "unknown-object" | "missing-in-body",
  word: string,
  text: string,
  span: Span,
  candidates: Iterable<string>,
  /** Words of SQL's own, which mean something else in quotes, or nothing. */
  words: readonly string[] = [],
): Problem {
  const near = nearest(text, [...candidates, ...words]);
  const spelled = near === null || words.includes(near) ? near : quoteName(near);
  return problem(code, span, `There is no ${word} called ${quoteName(text)}.`, {
    help: spelled === null ? "Declare it, or correct the name." : `Did you mean ${spelled}?`,
    ...(spelled === null ? {} : { fix: spelled }),
  });
}

export const twice = (span: Span, what: string): Problem =>
  problem("duplicate-name", span, `${what} is declared twice.`, { help: "Remove one of them, or rename it." });

/** Where a name that nobody knows is looked for, and what there is. */
interface Sought {
  /** As it is written: with a schema, or without. */
  readonly schema: string | null;
  readonly name: string;
  readonly span: Span;
  /** Whatever could be meant, wherever it is. */
  readonly known: readonly QualifiedName[];
  /** The schemas in which a name without one is looked for. */
  readonly path: readonly string[];
}

/** A name of which nothing is where it is looked for: what has it elsewhere is meant, or what has one like it. */
export function unknownIn(
  code: "unknown-table" | "missing-in-body" | "unknown-type" | "unknown-object",
  word: string,
  { schema, name, span, known, path }: Sought,
  words: readonly string[] = [],
): Problem {
  const within = known.filter((k) => (schema === null ? path.includes(k.schema) : k.schema === schema));
  const near = (all: readonly QualifiedName[], more: readonly string[] = []): string | null => {
    const found = nearest(name, [...all.map((k) => k.name), ...more]);
    if (found === null || more.includes(found)) return found;
    const meant = all.find((k) => k.name === found)!;
    return schema === null && path.includes(meant.schema) ? quoteName(found) : qualified(meant);
  };
  const elsewhere = known.find((k) => k.name === name);
  const meant = elsewhere ? qualified(elsewhere) : (near(within, schema === null ? words : []) ?? near(known));
  const shown = schema === null ? quoteName(name) : qualified({ schema, name });
  return problem(code, span, `There is no ${word} called ${shown}.`, {
    help: meant === null ? "Declare it, or correct the name." : `Did you mean ${meant}?`,
    ...(meant === null ? {} : { fix: meant }),
  });
}

/** Schemas that something lives in and nobody declares, each with the first object in it. */
export function undeclaredSchemas(
  objects: ReadonlyMap<string, DbObject>,
  needs: (o: DbObject) => readonly Id[],
): { readonly missing: ReadonlyMap<string, DbObject>; readonly declared: readonly string[] } {
  const declared = new Set<string>();
  for (const o of objects.values()) if (o.id.kind === "schema") declared.add(o.id.name);
  const missing = new Map<string, DbObject>();
  for (const o of objects.values())
    for (const need of needs(o))
      if (need.kind === "schema" && need.name !== "public" && !declared.has(need.name) && !missing.has(need.name))
        missing.set(need.name, o);
  return { missing, declared: [...declared] };
}

/** A function that one of several extensions may have which are not there yet. */
export const ofNewExtension = (text: string, at: Span): Problem =>
  problem("unknown-object", at, `Nobody knows yet which of the new extensions has ${quoteName(text)}.`, {
    help: "Write the schema of the extension before its name.",
  });
