/** What subscriptions are set to, by name, and what may be told of what they connect to. */
import type { OptionNode } from "../../../grammar/nodes.ts";
import type { Attributes, DbObject, Secret } from "../../model/objects.ts";
import { nearest, problem } from "../../problems.ts";
import { literal } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { nowhere } from "./nodes.ts";
import { truthValue } from "./options.ts";

export type Settings = Omit<Attributes<"subscription">, "connection" | "publications" | "enabled">;
interface Setting {
  readonly attribute: keyof Settings;
  readonly option: string;
  /** The first major that has it. */
  readonly since: number;
}
const all: readonly Setting[] = [
  { attribute: "slot", option: "slot_name", since: 13 },
  { attribute: "synchronousCommit", option: "synchronous_commit", since: 13 },
  { attribute: "binary", option: "binary", since: 14 },
  { attribute: "streaming", option: "streaming", since: 14 },
  { attribute: "twoPhase", option: "two_phase", since: 15 },
  { attribute: "disableOnError", option: "disable_on_error", since: 15 },
  { attribute: "passwordRequired", option: "password_required", since: 16 },
  { attribute: "runAsOwner", option: "run_as_owner", since: 16 },
  { attribute: "origin", option: "origin", since: 16 },
  { attribute: "failover", option: "failover", since: 17 },
];
export const settings = (version: number): readonly Setting[] => all.filter((s) => s.since * 10000 <= version);

/** What Postgres takes where nothing is said. */
export const usualSettings = (version: number): Omit<Settings, "slot"> => ({
  synchronousCommit: "off",
  binary: false,
  streaming: version >= 180000 ? "parallel" : "off",
  twoPhase: false,
  disableOnError: false,
  passwordRequired: true,
  runAsOwner: false,
  origin: "any",
  failover: false,
});

/** How a value is written in SQL. */
export function settingText(attribute: keyof Settings, a: Settings): string {
  const value = a[attribute];
  return value === null ? "none" : typeof value === "boolean" ? String(value) : literal(value).trim();
}

export const describeSettings = (o: DbObject<"subscription">, version: number): readonly OptionNode[] =>
  settings(version).flatMap((s) => {
    const value = o.attributes[s.attribute];
    const usual = s.attribute === "slot" ? o.id.name : usualSettings(version)[s.attribute];
    return value === usual ? [] : [{ name: s.option, value: value === null ? "none" : String(value), span: nowhere }];
  });

export function declareSettings(options: readonly OptionNode[], name: string, declare: Declare): Settings {
  const out: Record<string, string | boolean | null> = { ...usualSettings(declare.version), slot: name };
  const seen = new Set<string>();
  for (const o of options) {
    const setting = all.find((s) => s.option === o.name);
    if (!setting) {
      const near = nearest(
        o.name,
        all.map((s) => s.option),
      );
      declare.report(
        problem("invalid-option", o.span, `A subscription has no option called ${o.name}.`, {
          help: near === null ? `Its options are ${all.map((s) => s.option).join(", ")}.` : `Did you mean ${near}?`,
        }),
      );
      continue;
    }
    if (seen.has(o.name)) declare.report(problem("invalid-option", o.span, `The option ${o.name} is there twice.`));
    seen.add(o.name);
    const value = o.value ?? "true";
    const [what, since] =
      setting.attribute === "streaming" && value.toLowerCase() === "parallel"
        ? (["Streaming in parallel", 16] as const)
        : ([`The option ${o.name}`, setting.since] as const);
    if (since * 10000 > declare.version)
      declare.report(problem("needs-newer-postgres", o.span, `${what} needs PostgreSQL ${since}.`));
    const truth = truthValue(value);
    switch (setting.attribute) {
      case "slot":
        out["slot"] = value === "none" ? null : value;
        break;
      case "origin":
      case "synchronousCommit":
        out[setting.attribute] = value.toLowerCase();
        break;
      case "streaming":
        out["streaming"] = truth === "true" ? "on" : truth === "false" ? "off" : value.toLowerCase();
        if (!["on", "off", "parallel"].includes(String(out["streaming"])))
          declare.report(problem("invalid-option", o.span, "streaming is on, off or parallel."));
        break;
      case "binary":
      case "twoPhase":
      case "disableOnError":
      case "passwordRequired":
      case "runAsOwner":
      case "failover":
        if (truth !== "true" && truth !== "false")
          declare.report(problem("invalid-option", o.span, `${o.name} is true or false.`));
        out[setting.attribute] = truth === "true";
        break;
    }
  }
  return out as typeof out & Settings;
}

/** A connection string is a secret where it holds a password. */
export const connectionOf = (text: string): string | Secret => (holdsSecret(text) ? { secret: text } : text);
const holdsSecret = (text: string): boolean =>
  /(password|passphrase)\s*=/i.test(text) || /:\/\/[^/@]*:[^/@]*@/.test(text);
/** The same without it. */
export const withoutSecret = (text: string): string =>
  text
    .replace(/\w*(?:password|passphrase)\s*=\s*(?:'(?:\\.|[^'\\])*'|[^\s&]+)[ &]?/gi, "")
    .replace(/(:\/\/[^/@:]*):[^/@]*@/, "$1@")
    .replace(/[?&\s]+$/, "");
