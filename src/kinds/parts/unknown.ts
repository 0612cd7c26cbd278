/** Names that nobody knows, or that are there twice. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { nearest, problem, type Problem, type Span } from "../../problems.ts";
import { name as quoteName, qualified } from "../../sql.ts";
import { builtInRoles, roleSince } from "./builtIn.ts";

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

/** As `unknown`, of a role. None of Postgres's own is proposed: each gives other rights. */
export function unknownRole(text: string, span: Span, candidates: readonly string[]): Problem {
  const since = roleSince(text);
  if (since !== undefined)
    return problem("needs-newer-postgres", span, `The role ${text} needs PostgreSQL ${since / 10000}.`);
  if (!text.startsWith("pg_")) return unknown("unknown-role", "role", text, span, candidates);
  const near = nearest(text, builtInRoles);
  return problem("unknown-role", span, `There is no role called ${quoteName(text)}.`, {
    help:
      near === null ? "Names that start with pg_ are of Postgres's own roles: correct it." : `Did you mean ${near}?`,
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

/** As `unknownIn`, of a table. `isView`: a view has the name, which is no table to those who refer to one. */
export function unknownTable(sought: Sought, isView: boolean): Problem {
  const { schema, name, known, path } = sought;
  const isColumn =
    known.some((k) => k.name === schema && path.includes(k.schema)) && !known.some((k) => k.schema === schema);
  if (isColumn) {
    const [table, column] = [quoteName(schema!), quoteName(name)];
    return problem("unknown-table", sought.span, `There is no schema called ${table}, but a table.`, {
      help: `A column stands in brackets: ${table} (${column})`,
      fix: `${table} (${column})`,
    });
  }
  if (!isView) return unknownIn("unknown-table", "table", sought);
  return problem("unknown-table", sought.span, `${quoteName(sought.name)} is a view, where a table is needed.`, {
    help: "A view cannot be referenced, and has no rows of its own.",
  });
}

/** Types of well-known extensions. */
const extensionTypes: Readonly<Record<string, string>> = {
  cube: "cube",
  citext: "citext",
  ...{ ean13: "isn", isbn: "isn", isbn13: "isn", ismn: "isn", ismn13: "isn", issn: "isn", issn13: "isn", upc: "isn" },
  ...{ geography: "postgis", geometry: "postgis" },
  ...{ halfvec: "vector", sparsevec: "vector", vector: "vector" },
  hstore: "hstore",
  ...{ lquery: "ltree", ltree: "ltree", ltxtquery: "ltree" },
  query_int: "intarray",
  seg: "seg",
};

/** What types of other systems, or ones often misspelt, are called here. */
const otherTypes: Readonly<Record<string, string>> = {
  blob: "bytea",
  clob: "text",
  datetime: "timestamptz",
  double: "double precision",
  guid: "uuid",
  long: "bigint",
  number: "numeric",
  string: "text",
  timestampz: "timestamptz",
  tinyint: "smallint",
  uid: "uuid",
};

/** As `unknownIn`, of a type: it may be an extension's that nobody declares. `words`: right spellings of built-in types. */
export function unknownType(sought: Sought, words: readonly string[]): Problem {
  const { name, known, schema, span } = sought;
  const extension = Object.hasOwn(extensionTypes, name) ? extensionTypes[name]! : null;
  if (schema !== null || known.some((k) => k.name === name)) return unknownIn("unknown-type", "type", sought, words);
  if (Object.hasOwn(otherTypes, name)) {
    const fix = otherTypes[name]!;
    return problem("unknown-type", span, `There is no type called ${name}.`, { help: `Did you mean ${fix}?`, fix });
  }
  if (extension === null) return unknownIn("unknown-type", "type", sought, words);
  return problem("unknown-type", span, `The type ${name} is of an extension that is not declared.`, {
    help: `Add a line: extension ${extension}`,
  });
}

/** Schemas that something lives in and nobody declares, each told at the first object in it. */
export function unknownSchemas(
  objects: ReadonlyMap<string, DbObject>,
  needs: (o: DbObject) => readonly Id[],
  at: (o: DbObject) => Span | undefined,
): readonly Problem[] {
  const declared = new Set<string>();
  for (const o of objects.values()) if (o.id.kind === "schema") declared.add(o.id.name);
  const missing = new Map<string, DbObject>();
  for (const o of objects.values())
    for (const need of needs(o))
      if (need.kind === "schema" && need.name !== "public" && !declared.has(need.name) && !missing.has(need.name))
        missing.set(need.name, o);
  return [...missing].flatMap(([schema, o]) => {
    const span = at(o);
    const near = nearest(schema, declared);
    const line = `Add a line: schema ${quoteName(schema)}`;
    const help = near === null ? line : `Did you mean ${quoteName(near)}? Else: ${line}`;
    return span ? [problem("unknown-schema", span, `The schema ${quoteName(schema)} is not declared.`, { help })] : [];
  });
}

/**
 * Servers and foreign data wrappers that something needs and nobody declares. A wrapper is mostly an extension's, and only the server
 * knows whose; a `sql` block may make either.
 */
export function unknownForeign(
  objects: ReadonlyMap<string, DbObject>,
  needs: (o: DbObject) => readonly Id[],
  at: (o: DbObject) => Span | undefined,
): readonly Problem[] {
  const all = [...objects.values()];
  if (all.some((o) => o.id.kind === "sqlBlock")) return [];
  const named = (kind: Id["kind"]): ReadonlySet<string> =>
    new Set(all.flatMap(({ id }) => (id.kind === kind && "name" in id ? [id.name] : [])));
  const known = { server: named("server"), foreignDataWrapper: named("foreignDataWrapper") };
  const mayBeExtensions = named("extension").size > 0;
  return all.flatMap((o) =>
    needs(o).flatMap((need): readonly Problem[] => {
      const span = at(o);
      if (!span || (need.kind !== "server" && need.kind !== "foreignDataWrapper")) return [];
      if (known[need.kind].has(need.name) || (need.kind === "foreignDataWrapper" && mayBeExtensions)) return [];
      const isServer = need.kind === "server";
      const near = nearest(need.name, known[need.kind]);
      const otherwise = isServer
        ? "Declare it, or correct the name."
        : `Add its extension: extension ${quoteName(need.name)}`;
      const help = near === null ? otherwise : `Did you mean ${quoteName(near)}?`;
      const message = `There is no ${isServer ? "server" : "foreign data wrapper"} called ${quoteName(need.name)}.`;
      return [problem("unknown-object", span, message, { help })];
    }),
  );
}

/** A function that one of several extensions may have which are not there yet. */
export const ofNewExtension = (text: string, at: Span): Problem =>
  problem("unknown-object", at, `Nobody knows yet which of the new extensions has ${quoteName(text)}.`, {
    help: "Write the schema of the extension before its name.",
  });
