/** Walks through what the SQL parser answers, which is JSON of Postgres's own nodes. */

/** Walks into parsed JSON; undefined where the way ends. */
export function at(node: unknown, ...keys: readonly string[]): unknown {
  let n = node;
  for (const key of keys) n = typeof n === "object" && n !== null && key in n ? n[key as keyof typeof n] : undefined;
  return n;
}
export const list = (node: unknown): readonly unknown[] => (Array.isArray(node) ? node : []);
export const text = (node: unknown): string => (typeof node === "string" ? node : "");
/** The parts of a name: a list of String nodes. */
export const strings = (nodes: unknown): string[] =>
  list(nodes).flatMap((n) => (at(n, "String") ? [text(at(n, "String", "sval"))] : []));
/** A string constant's value. */
export const constant = (node: unknown): string | undefined =>
  at(node, "A_Const", "sval") ? text(at(node, "A_Const", "sval", "sval")) : undefined;

/** A name as a string holds it, with the schema before it ("": none): folded where no quotes are around it. */
export function nameIn(written: string): readonly [schema: string, name: string] {
  const parts = [...written.matchAll(/"((?:[^"]|"")*)"|[^\s".]+/g)].map(([whole, quoted]) =>
    quoted === undefined ? whole.toLowerCase() : quoted.replaceAll('""', '"'),
  );
  return [parts.at(-2) ?? "", parts.at(-1) ?? ""];
}

/** A statement of a text. */
export interface WholeStatement {
  /** Its node, and what that says of the sort of object ("OBJECT_VIEW"; "" where the node alone says it). */
  readonly node: string;
  readonly object: string;
  /** In bytes of the whole text, or UTF-16 units of the fragment. */
  readonly at: number;
  /** What it makes in a schema, by its name there ("" for the schema: none is said); null: nothing of the kind, or for a session alone. */
  readonly makes: readonly [schema: string, name: string] | null;
}

/** The statements of a text, in order. */
export const wholeStatements = (tree: unknown): readonly WholeStatement[] =>
  list(at(tree, "stmts")).flatMap((raw) => {
    const [node, n]: readonly [string?, unknown?] = Object.entries(at(raw, "stmt") ?? {})[0] ?? [];
    if (node === undefined) return [];
    const object = ["objtype", "kind", "removeType"].map((key) => text(at(n, key))).find((x) => x !== "") ?? "";
    return [{ node, object, at: Number(at(raw, "stmt_location") ?? 0), makes: made(n) }];
  });

/** Where nodes that make something keep its name: as a relation, or as a list of its parts. */
const relations = [["relation"], ["base", "relation"], ["into", "rel"], ["view"], ["sequence"], ["typevar"]] as const;
const names = ["funcname", "typeName", "domainname", "defnames"] as const;
function made(n: unknown): WholeStatement["makes"] {
  for (const way of relations) {
    const relation = at(n, ...way);
    if (!text(at(relation, "relname"))) continue;
    return at(relation, "relpersistence") === "t"
      ? null
      : [text(at(relation, "schemaname")), text(at(relation, "relname"))];
  }
  for (const key of names) {
    const parts = strings(at(n, key));
    if (parts.length) return [parts.at(-2) ?? "", parts.at(-1)!];
  }
  return null;
}
