/**
 * The configuration of a project, `schemac.config.ts`. Importable alone as `schemac/config`; loads nothing.
 *
 * ```ts
 * import { defineConfig } from "schemac/config";
 * export default defineConfig({
 *   environments: { local: { url: "embedded" }, production: { url: async () => await secret("database-url") } },
 *   defaultEnvironment: "local",
 * });
 * ```
 */

/** A URL, `embedded` for the Postgres kept in `.schemac/db`, or a function that finds the URL out (a secret store, a token). */
export type Url = string | (() => string | Promise<string>);

/** Which part of a database belongs to the project. Postgres's own schemas, extension members and `schemac*` never do. */
export interface Manage {
  /** Only these schemas. Absent: all. */
  readonly schemas?: readonly string[];
  /** All but these schemas. */
  readonly exclude?: readonly string[];
  /** Roles (true: all that are declared) whose attributes, memberships and settings belong to the project. Absent: none's. */
  readonly roles?: true | readonly string[];
}

/** What `${name}` in a `.schema` file stands for. */
export type Values = Readonly<Record<string, string | number | boolean>>;

export interface Environment {
  readonly url: Url;
  /** Which database it must be: the `instance` of its ledger, as `schemac status -v` shows it. Another one is refused (exit 5). */
  readonly instance?: string;
  /** Over the project's `values`. */
  readonly values?: Values;
  /** In place of the project's `manage`. */
  readonly manage?: Manage;
}

export interface Config {
  /** Folder of the `.schema` files, from the config's folder. Default `schema`. */
  readonly schema?: string;
  /** Folder of the revisions. Default `generated`. */
  readonly generated?: string;
  readonly environments?: Readonly<Record<string, Environment>>;
  /** The environment taken when nothing names a database. */
  readonly defaultEnvironment?: string;
  readonly values?: Values;
  readonly manage?: Manage;
  /** Schema of the ledger in the target database. Default `schemac`. */
  readonly ledgerSchema?: string;
}

/** Gives the config its type. Returns it unchanged. */
export const defineConfig = (config: Config): Config => config;
