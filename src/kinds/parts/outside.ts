/** Names that nobody declares: those that the live database has of extensions, and those that a new extension may bring. */
import type { Declaration } from "../../../grammar/declarations.ts";
import type { ForeignName } from "../../model/database.ts";
import type { Id } from "../../model/objects.ts";
import { alwaysThere } from "./builtIn.ts";

export class Outside {
  /** By what they are and their name. */
  readonly names = new Map<string, ForeignName[]>();
  /** Extensions that are declared. */
  readonly extensions: ReadonlySet<string>;
  /** Those of them that the live database does not have yet: a name nobody knows may come from one. */
  readonly newExtensions: readonly Id[];
  /** The schema that names of the first of them would be in; null: there is none. */
  readonly newSchema: string | null;
  readonly #newSchemas: ReadonlySet<string>;
  readonly #extensionSchemas: readonly string[];
  readonly #paths = new Map<string, readonly string[]>();

  constructor(declarations: readonly Declaration[], foreign: readonly ForeignName[]) {
    const into = new Map(
      declarations.flatMap((d) =>
        d.kind === "extension" && d.name.text !== alwaysThere ? [[d.name.text, d.into?.text ?? "public"]] : [],
      ),
    );
    this.extensions = new Set(into.keys());
    // An extension that moves takes along what it holds in its own schema.
    const where = (f: ForeignName): string => (f.extension !== null && f.moves && into.get(f.extension)) || f.schema;
    for (const f of foreign) {
      const key = `${f.what} ${f.name}`;
      const found = { ...f, schema: where(f) };
      const list = this.names.get(key);
      if (list) list.push(found);
      else this.names.set(key, [found]);
    }
    const installed = new Set(foreign.map((f) => f.extension));
    const added = [...into].filter(([x]) => !installed.has(x));
    this.newExtensions = added.map(([name]) => ({ kind: "extension", name }));
    this.#newSchemas = new Set(added.map(([, schema]) => schema));
    this.newSchema = [...this.#newSchemas][0] ?? null;
    this.#extensionSchemas = [
      ...new Set([...into.values(), ...foreign.flatMap((f) => (f.extension === null ? [] : [where(f)]))]),
    ];
  }

  /** Own schema, public, then the schemas of extensions. */
  path(schema: string): readonly string[] {
    let path = this.#paths.get(schema);
    if (!path) this.#paths.set(schema, (path = [...new Set([schema, "public", ...this.#extensionSchemas])]));
    return path;
  }

  /** The entry in the schema that is written, else in the first of the path. */
  find<T extends { readonly schema: string }>(
    all: readonly T[] | undefined,
    written: string | null,
    schema: string,
  ): T | undefined {
    if (!all) return undefined;
    for (const s of written === null ? this.path(schema) : [written]) {
      const found = all.find((x) => x.schema === s);
      if (found) return found;
    }
    return undefined;
  }

  /** The schema of a new extension that a name without one, in a text of this schema, is looked for in; null: it may be any. */
  likely(schema: string): string | null {
    // A text's own schema is looked in first.
    return this.#newSchemas.has(schema) ? schema : this.#newSchemas.size === 1 ? this.newSchema : null;
  }

  /** Names of one kind. */
  *namesOf(what: ForeignName["what"]): Generator<ForeignName> {
    for (const [key, all] of this.names) if (key.startsWith(`${what} `)) yield* all;
  }
}
