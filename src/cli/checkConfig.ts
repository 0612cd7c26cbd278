/** Is this value, which a file exported, a config? The compiler may never have seen that file. */
import type { Config, Environment, Manage, Url, Values } from "../config.ts";
import { nearest } from "../problems.ts";

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (v: unknown): v is Plain => typeof v === "object" && v !== null && !Array.isArray(v);

/** The config, or what is wrong with it, a sentence each. */
export function checkConfig(value: unknown): { readonly config: Config } | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  if (!isPlain(value)) return { wrong: ["the default export must be an object"] };
  const known = ["schema", "generated", "environments", "defaultEnvironment", "values", "manage", "ledgerSchema"];
  unknownKeys(value, known, "", wrong);
  const environments = checkEnvironments(value["environments"], wrong);
  const defaultEnvironment = text(value, "defaultEnvironment", "", wrong);
  if (defaultEnvironment !== undefined && !Object.hasOwn(environments ?? {}, defaultEnvironment)) {
    const near = nearest(defaultEnvironment, Object.keys(environments ?? {}));
    wrong.push(
      `defaultEnvironment is "${defaultEnvironment}", but environments has no such name` +
        (near === null ? "" : ` (did you mean "${near}"?)`),
    );
  }
  const config: Config = {
    ...optional("schema", text(value, "schema", "", wrong)),
    ...optional("generated", text(value, "generated", "", wrong)),
    ...optional("environments", environments),
    ...optional("defaultEnvironment", defaultEnvironment),
    ...optional("values", checkValues(value["values"], "values", wrong)),
    ...optional("manage", checkManage(value["manage"], "manage", wrong)),
    ...optional("ledgerSchema", text(value, "ledgerSchema", "", wrong)),
  };
  return wrong.length > 0 ? { wrong } : { config };
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });

function unknownKeys(value: Plain, known: readonly string[], at: string, wrong: string[]): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    wrong.push(
      `${at}${key} is no setting${near === null ? `; there are ${known.join(", ")}` : `; did you mean ${near}?`}`,
    );
  }
}

function text(value: Plain, key: string, at: string, wrong: string[]): string | undefined {
  const v = value[key];
  if (v === undefined || (typeof v === "string" && v !== "")) return v;
  wrong.push(`${at}${key} must be a text that is not empty`);
  return undefined;
}

function checkEnvironments(value: unknown, wrong: string[]): Readonly<Record<string, Environment>> | undefined {
  if (value === undefined) return undefined;
  if (!isPlain(value)) {
    wrong.push("environments must be an object: { name: { url: … } }");
    return undefined;
  }
  const out: Record<string, Environment> = {};
  for (const [name, e] of Object.entries(value)) {
    const at = `environments.${name}`;
    if (!isPlain(e)) {
      wrong.push(`${at} must be an object with a url`);
      continue;
    }
    unknownKeys(e, ["url", "instance", "values", "manage"], `${at}.`, wrong);
    const url = e["url"];
    if (!isUrl(url)) wrong.push(`${at}.url must be a URL, "embedded", or a function that returns one`);
    else
      out[name] = {
        url,
        ...optional("instance", checkInstance(e["instance"], `${at}.instance`, wrong)),
        ...optional("values", checkValues(e["values"], `${at}.values`, wrong)),
        ...optional("manage", checkManage(e["manage"], `${at}.manage`, wrong)),
      };
  }
  return out;
}

function checkInstance(value: unknown, at: string, wrong: string[]): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return value;
  wrong.push(`${at} must be a UUID, as \`schemac status -v\` shows it`);
  return undefined;
}

const isUrl = (v: unknown): v is Url => typeof v === "string" || typeof v === "function";

function checkValues(value: unknown, at: string, wrong: string[]): Values | undefined {
  if (value === undefined) return undefined;
  if (!isPlain(value)) {
    wrong.push(`${at} must be an object of texts, numbers and booleans`);
    return undefined;
  }
  const out: Record<string, string | number | boolean> = {};
  for (const [k, v] of Object.entries(value)) {
    if (typeof v === "string" || typeof v === "number" || typeof v === "boolean") out[k] = v;
    else wrong.push(`${at}.${k} must be a text, a number or a boolean`);
  }
  return out;
}

function checkManage(value: unknown, at: string, wrong: string[]): Manage | undefined {
  if (value === undefined) return undefined;
  if (!isPlain(value)) {
    wrong.push(`${at} must be an object with schemas, exclude or roles`);
    return undefined;
  }
  unknownKeys(value, ["schemas", "exclude", "roles"], `${at}.`, wrong);
  const names = (key: string): readonly string[] | undefined => {
    const v = value[key];
    if (v === undefined) return undefined;
    if (!Array.isArray(v) || !v.every((s): s is string => typeof s === "string")) {
      wrong.push(`${at}.${key} must be ${key === "roles" ? "true or a list of role names" : "a list of schema names"}`);
      return undefined;
    }
    // Taken as names they would be nobody's, and so mean nothing.
    const patterns = v.filter((s) => /[*%?]/.test(s));
    if (patterns.length > 0)
      wrong.push(`${at}.${key} takes names, not patterns: ${patterns.map((p) => JSON.stringify(p)).join(", ")}`);
    if (key === "schemas" && v.length === 0)
      wrong.push(`${at}.schemas is empty, which would leave no schema to manage; leave it out for all of them`);
    return v;
  };
  return {
    ...optional("schemas", names("schemas")),
    ...optional("exclude", names("exclude")),
    ...optional("roles", value["roles"] === true ? true : names("roles")),
  };
}
