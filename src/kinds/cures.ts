/** What of a plan may make right a text that Postgres refuses as things are. */
import type { Kind } from "../model/objects.ts";
import type { Delta } from "../model/plan.ts";

/** `named`: only a text that speaks of it; `always`: it may count without being named, as a cast or a new label does. */
const cures: { readonly [K in Kind]: "always" | "named" | "never" } = {
  schema: "never",
  extension: "always",
  enum: "always",
  domain: "always",
  domainCheck: "never",
  composite: "always",
  typeAttribute: "always",
  range: "always",
  collation: "named",
  statistics: "never",
  textSearchParser: "named",
  textSearchTemplate: "named",
  textSearchDictionary: "named",
  textSearchConfiguration: "named",
  cast: "always",
  operator: "always",
  operatorFamily: "always",
  operatorClass: "always",
  conversion: "never",
  language: "never",
  accessMethod: "always",
  transform: "never",
  sequence: "named",
  sequenceOwner: "never",
  table: "named",
  partition: "never",
  column: "named",
  primaryKey: "named",
  unique: "never",
  foreignKey: "never",
  check: "never",
  exclude: "never",
  index: "never",
  shellType: "always",
  baseType: "always",
  typedTable: "always",
  replicaIdentity: "never",
  rowSecurity: "never",
  policy: "never",
  trigger: "never",
  rule: "never",
  cluster: "never",
  function: "named",
  procedure: "named",
  aggregate: "named",
  publication: "never",
  publicationTable: "never",
  publicationSchema: "never",
  eventTrigger: "never",
  foreignDataWrapper: "never",
  server: "never",
  userMapping: "never",
  subscription: "never",
  view: "named",
  materializedView: "named",
  rows: "never",
  sqlBlock: "always",
  comment: "never",
  database: "never",
  constraint: "never",
  owner: "never",
  grant: "never",
  defaultPrivilege: "never",
  securityLabel: "never",
  extensionDependence: "never",
  role: "never",
  membership: "never",
  setting: "never",
};

/** New ones of these bring nothing that a text could use without naming them: no cast, operator or function but for their own type. */
const namedWhenNew: ReadonlySet<Kind> = new Set(["enum", "domain", "composite", "typeAttribute"]);

/** Whether a text that is refused may be right once this is done. */
export function mayCure(delta: Delta, text: string): boolean {
  const cure = cures[delta.kind];
  switch (delta.op === "create" && cure === "always" && namedWhenNew.has(delta.kind) ? "named" : cure) {
    case "always":
      return true;
    case "named": {
      const { id } = delta.op === "drop" ? delta.from : delta.to;
      if ("name" in id && mentions(text, id.name)) return true;
      if (id.kind === "typeAttribute") return mentions(text, id.type);
      // A new column is one of `*`, and nothing else without its name.
      return "table" in id && (delta.op !== "create" || text.includes("*")) && mentions(text, id.table);
    }
    case "never":
      return false;
  }
}

const words = /[\p{L}\p{N}_$]+/gu;
/** Whether a name stands in a text, as a word where it is one; case does not count. */
export function mentions(text: string, name: string): boolean {
  const [said, sought] = [text.toLowerCase(), name.toLowerCase()];
  return sought.replace(words, "") === "" ? said.match(words)?.includes(sought) === true : said.includes(sought);
}
