/** Names that nobody knows, or that are there twice. */
import type { DbObject, Id } from "../../model/objects.ts";
import { nearest, problem, type Problem, type Span } from "../../problems.ts";
import { name as quoteName, qualified } from "../../sql.ts";

export function unknown(
  code: "unknown-table" | "unknown-type" | "unknown-mixin" | "unknown-column" | "unknown-role" | "unknown-object",
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

/**
 * A table that a text looks for in a schema that has none of that name: it lives elsewhere now, or another one there is meant.
 * In a body that Postgres keeps as a text (`late`) that is no error: a live database can have such a one, and nobody may run it.
 */
export function unknownTable(
  [written, text]: readonly [schema: string, name: string],
  span: Span,
  /** Whatever can be read like a table, by its name. */
  known: readonly ReadonlyMap<string, readonly { readonly schema: string }[]>[],
  late: boolean,
): Problem {
  const tables = known.flatMap((m) => [...m].flatMap(([name, all]) => all.map(({ schema }) => ({ schema, name }))));
  const near = nearest(
    text,
    tables.flatMap((t) => (t.schema === written ? [t.name] : [])),
  );
  const meant = tables.find((t) => t.name === text) ?? (near === null ? null : { schema: written, name: near });
  const what = `There is no table called ${qualified({ schema: written, name: text })}.`;
  return problem(late ? "missing-in-body" : "unknown-table", span, what, {
    help: meant === null ? "Declare it, or correct the name." : `Did you mean ${qualified(meant)}?`,
    ...(meant === null ? {} : { fix: qualified(meant) }),
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
