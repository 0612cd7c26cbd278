/** Literal → Revision: every property is known, has its type, and nothing else is there. */
import type { FunctionStep, Revision, RevisionHazard, Statement, Step } from "./format.ts";
import type { Entry, Literal } from "./literal.ts";
import { Unreadable } from "./script.ts";

type Reader<T> = (value: Literal, where: string) => T;

/** Ids as `newRevisionId` makes them. */
export const idPattern = /^[a-z0-9]{12}$/;
export const namePattern = /^[a-z0-9_]{1,80}$/;

const wrong = (value: Literal, where: string, wanted: string): never => {
  throw new Unreadable(value.at, `${where} should be ${wanted}, not ${kindWords[value.kind]}`);
};
const kindWords: { readonly [K in Literal["kind"]]: string } = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  null: "null",
  array: "a list",
  object: "an object",
  code: "code",
};

const string: Reader<string> = (v, where) => (v.kind === "string" ? v.value : wrong(v, where, "a string"));
const matching =
  (pattern: RegExp, wanted: string): Reader<string> =>
  (v, where) => {
    const text = string(v, where);
    if (!pattern.test(text)) throw new Unreadable(v.at, `${where} should be ${wanted}`);
    return text;
  };
const list =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (v, where) =>
    v.kind === "array" ? v.items.map((i, n) => item(i, `${where}[${n}]`)) : wrong(v, where, "a list");
const positive: Reader<number> = (v, where) =>
  v.kind === "number" && Number.isSafeInteger(v.value) && v.value > 0
    ? v.value
    : wrong(v, where, "a whole number from 1");
const orNull =
  <T>(inner: Reader<T>): Reader<T | null> =>
  (v, where) =>
    v.kind === "null" ? null : inner(v, where);

const strings = list(string);
const schemaName: Reader<string> = (v, where) => {
  const text = string(v, where);
  if (text === "" || /[\0\p{Surrogate}]/u.test(text))
    throw new Unreadable(v.at, `${where} is no name that a schema can have`);
  return text;
};
const path = list(schemaName);
const statement: Reader<Statement> = (v, where) =>
  v.kind === "array"
    ? strings(v, where)
    : v.kind === "string"
      ? v.value
      : wrong(v, where, "a string or a list of lines");

/** The properties of an object by name; takes them one by one, and `end` complains about what is left. */
class Properties {
  readonly #object: Literal;
  readonly #where: string;
  /** A handful, mostly in the order in which they are asked for. */
  readonly #left: Entry[];
  constructor(value: Literal, where: string) {
    this.#object = value;
    this.#where = where;
    this.#left = value.kind === "object" ? [...value.entries] : wrong(value, where, "an object");
  }
  optional<T>(key: string, read: Reader<T>): T | undefined {
    const i = this.#left.findIndex((e) => e.key === key);
    return i < 0 ? undefined : read(this.#left.splice(i, 1)[0]!.value, this.#name(key));
  }
  take<T>(key: string, read: Reader<T>): T {
    const value = this.optional(key, read);
    if (value === undefined) throw new Unreadable(this.#object.at, `${this.#where} has no "${key}"`);
    return value;
  }
  end(): void {
    for (const entry of this.#left) throw new Unreadable(entry.at, `unknown property "${entry.key}" in ${this.#where}`);
  }
  #name(key: string): string {
    return this.#where === topmost ? `"${key}"` : `${this.#where}.${key}`;
  }
}
const topmost = "the revision";

/** Optional properties: absent ones stay absent, as the format's types want. */
const given = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });

const statements = list(statement);

const step: Reader<Step> = (value, where) => {
  const p = new Properties(value, where);
  const kind = p.take("kind", string);
  const read = (): Step => {
    if (kind === "function") return functionStep(p.take("run", code));
    const common = (): Pick<Extract<Step, { kind: "transaction" }>, "path" | "lock" | "cost"> => ({
      ...given("path", p.optional("path", path)),
      ...given("lock", p.optional("lock", string)),
      ...given("cost", p.optional("cost", string)),
    });
    if (kind === "transaction") return { kind, statements: p.take("statements", statements), ...common() };
    if (kind === "outside") {
      return {
        kind,
        statement: p.take("statement", statement),
        probe: p.take("probe", statement),
        ...given("undo", p.optional("undo", statement)),
        ...common(),
      };
    }
    throw new Unreadable(value.at, `${where}.kind should be "transaction", "outside" or "function"`);
  };
  const result = read();
  p.end();
  return result;
};

const code: Reader<string> = (v, where) => (v.kind === "code" ? v.source : wrong(v, where, "a function"));

const functionStep = (source: string): FunctionStep => ({
  kind: "function",
  source,
  run: () => Promise.reject(new Error("the revision's code was not loaded")),
});

const hazard: Reader<RevisionHazard> = (value, where) => {
  const p = new Properties(value, where);
  const result = { code: p.take("code", string), on: p.take("on", string), detail: p.take("detail", string) };
  p.end();
  return result;
};
const hazardList = list(hazard);
const hazards: Reader<Revision["hazards"]> = (value, where) => {
  const p = new Properties(value, where);
  const result = { up: p.take("up", hazardList), down: p.take("down", hazardList) };
  p.end();
  return result;
};
const format: Reader<1> = (v, where) => {
  if (v.kind === "number" && v.value === 1) return 1;
  if (v.kind === "number")
    throw new Unreadable(v.at, `format ${v.value} is of another version of schemac; this one reads format 1`);
  return wrong(v, where, "the number 1");
};

const readers = {
  id: matching(idPattern, "12 lower-case letters and digits"),
  name: matching(namePattern, "lower-case letters, digits and _, at most 80"),
  parents: list(matching(idPattern, "a revision's id")),
  schema: orNull(matching(/^[0-9a-f]{64}$/, "a sha256 in hex, or null")),
  steps: list(step),
};

/** Reads a revision from the literal that its file exports. Throws Unreadable at the first thing that is wrong. */
export function readShape(value: Literal): Revision {
  const p = new Properties(value, topmost);
  const revision: Revision = {
    format: p.take("format", format),
    id: p.take("id", readers.id),
    number: p.take("number", positive),
    name: p.take("name", readers.name),
    parents: p.take("parents", readers.parents),
    schema: p.take("schema", readers.schema),
    proof: p.take("proof", string),
    hazards: p.take("hazards", hazards),
    up: p.take("up", readers.steps),
    down: p.take("down", readers.steps),
  };
  p.end();
  return revision;
}
