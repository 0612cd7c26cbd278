import type { Id, Kind, Saying } from "./objects.ts";

/** The parts of an id's name, outermost first. The one place that knows which fields name an object. */
export function parts(id: Id): readonly string[] {
  switch (id.kind) {
    case "database":
      return [];
    case "schema":
    case "extension":
    case "language":
    case "accessMethod":
    case "role":
    case "publication":
    case "eventTrigger":
    case "foreignDataWrapper":
    case "server":
    case "subscription":
    case "sqlBlock":
      return [id.name];
    case "cast":
      return [id.from, id.to];
    case "transform":
      return [id.type, id.language];
    case "operator":
      return [id.schema, id.name, id.left ?? "none", id.right ?? "none"];
    case "operatorFamily":
    case "operatorClass":
      return [id.schema, id.name, id.method];
    case "membership":
      return [id.role, id.member];
    case "setting":
      return [id.role ?? "", ...(id.inDatabase ? ["database"] : []), id.name];
    case "userMapping":
      return [id.server, id.user];
    case "enum":
    case "domain":
    case "composite":
    case "range":
    case "collation":
    case "statistics":
    case "textSearchParser":
    case "textSearchTemplate":
    case "textSearchDictionary":
    case "textSearchConfiguration":
    case "conversion":
    case "sequence":
    case "sequenceOwner":
    case "table":
    case "partition":
    case "shellType":
    case "baseType":
    case "typedTable":
    case "replicaIdentity":
    case "rowSecurity":
    case "cluster":
    case "function":
    case "procedure":
    case "aggregate":
    case "view":
    case "materializedView":
    case "rows":
      return [id.schema, id.name];
    case "domainCheck":
      return [id.schema, id.domain, id.name];
    case "constraint":
      return [id.schema, id.host, id.name];
    case "typeAttribute":
      return [id.schema, id.type, id.name];
    case "column":
    case "primaryKey":
    case "unique":
    case "foreignKey":
    case "check":
    case "exclude":
    case "index":
    case "policy":
    case "trigger":
    case "rule":
      return [id.schema, id.table, id.name];
    case "defaultPrivilege":
      return [id.role, id.inSchema ?? "", id.things, id.grantee ?? ""];
    case "publicationTable":
      return [id.publication, id.schema, id.table];
    case "publicationSchema":
      return [id.publication, id.schema];
    case "comment":
    case "owner":
      return [id.target.kind, ...parts(id.target)];
    case "grant":
      return [id.target.kind, ...parts(id.target), id.grantee ?? "", id.grantor ?? ""];
    case "extensionDependence":
      return [id.target.kind, ...parts(id.target), id.extension];
    case "securityLabel":
      return [id.target.kind, ...parts(id.target), id.provider];
  }
}

const part = (s: string): string => (/^[a-z_][a-z0-9_$]*$/.test(s) ? s : '"' + s.replaceAll('"', '""') + '"');

/** `shop.orders.note`, `shop.touch(bigint)`. */
const named = (id: Id): string =>
  parts(id).map(part).join(".") + ("arguments" in id ? `(${id.arguments.join(",")})` : "");

/** The text form used on the command line and as a map key: `table:shop.orders`, `column:shop.orders.note`, `comment:table:shop.orders`. */
export function encode(id: Id): string {
  const known = Keyed.keyOf(id);
  if (known !== undefined) return known;
  const key = id.kind + ":" + ("target" in id ? saying(id) + encode(id.target) : named(id));
  new Keyed(id, key);
  return key;
}
/** What tells several sayings of one target apart: `grant:app:table:shop.orders`. */
function saying(id: Id<Saying>): string {
  if (id.kind === "grant")
    return [id.grantee ?? "", ...(id.grantor === null ? [] : [id.grantor])].map(part).join("/") + ":";
  if (id.kind === "extensionDependence") return part(id.extension) + ":";
  return id.kind === "securityLabel" ? part(id.provider) + ":" : "";
}
/** What a constructor answers is what the class below it puts its private fields on. */
class Itself {
  constructor(id: object) {
    return id;
  }
}
/**
 * Ids are data that doesn't change and are encoded many times a run: each carries its text form in a private field, which
 * nobody who copies, compares or prints the id sees. A WeakMap of some 100,000 ids is slower to ask, and keeps the garbage
 * collector busy.
 */
class Keyed extends Itself {
  readonly #key: string;
  constructor(id: Id, key: string) {
    super(id);
    this.#key = key;
  }
  static keyOf(id: object): string | undefined {
    return #key in id ? id.#key : undefined;
  }
}

/** Splits `a."b.c".d` into its parts; null when the quoting is broken. */
export function splitName(text: string): string[] | null {
  const out: string[] = [];
  let i = 0;
  for (;;) {
    if (text[i] === '"') {
      let s = "";
      for (i++; ; i++) {
        if (i >= text.length) return null;
        if (text[i] === '"') {
          if (text[i + 1] !== '"') break;
          i++;
        }
        s += text[i];
      }
      i++;
      out.push(s);
    } else {
      const start = i;
      while (i < text.length && text[i] !== "." && text[i] !== '"') i++;
      if (i === start) return null;
      out.push(text.slice(start, i));
    }
    if (i === text.length) return out;
    if (text[i] !== ".") return null;
    i++;
  }
}

/** What people call a kind, in words. */
export const kindWords: { readonly [K in Kind]: string } = {
  schema: "schema",
  extension: "extension",
  enum: "enum",
  domain: "domain",
  domainCheck: "domain check",
  composite: "composite type",
  typeAttribute: "attribute",
  range: "range type",
  collation: "collation",
  statistics: "extended statistics",
  textSearchParser: "text search parser",
  textSearchTemplate: "text search template",
  textSearchDictionary: "text search dictionary",
  textSearchConfiguration: "text search configuration",
  cast: "cast",
  operator: "operator",
  operatorFamily: "operator family",
  operatorClass: "operator class",
  conversion: "conversion",
  language: "language",
  accessMethod: "access method",
  transform: "transform",
  sequence: "sequence",
  sequenceOwner: "sequence owner",
  table: "table",
  partition: "partition",
  column: "column",
  primaryKey: "primary key",
  unique: "unique constraint",
  foreignKey: "foreign key",
  check: "check constraint",
  exclude: "exclusion constraint",
  index: "index",
  shellType: "shell type",
  baseType: "base type",
  typedTable: "typed table",
  replicaIdentity: "replica identity",
  rowSecurity: "row level security",
  policy: "policy",
  trigger: "trigger",
  rule: "rule",
  cluster: "clustering",
  function: "function",
  procedure: "procedure",
  aggregate: "aggregate",
  publication: "publication",
  publicationTable: "published table",
  publicationSchema: "published schema",
  eventTrigger: "event trigger",
  foreignDataWrapper: "foreign data wrapper",
  server: "server",
  userMapping: "user mapping",
  subscription: "subscription",
  view: "view",
  materializedView: "materialized view",
  rows: "rows",
  sqlBlock: "sql block",
  comment: "comment",
  database: "database",
  constraint: "constraint",
  owner: "owner",
  grant: "privileges",
  defaultPrivilege: "default privileges",
  securityLabel: "security label",
  extensionDependence: "dependence on an extension",
  role: "role",
  membership: "membership",
  setting: "setting",
};

/** For people: `table shop.orders`, `column shop.orders.note`, `comment on table shop.orders`. */
export const describeId = (id: Id): string =>
  "target" in id
    ? `${sayingWords(id)} ${describeId(id.target)}`
    : id.kind === "setting"
      ? `setting ${id.name} of ${id.role === null ? "the database" : `role ${part(id.role)}${id.inDatabase ? " in this database" : ""}`}`
      : id.kind === "defaultPrivilege"
        ? `default privileges of ${granteeWords(id.grantee)} on ${id.things} of ${part(id.role)}${id.inSchema === null ? "" : ` in ${part(id.inSchema)}`}`
        : `${kindWords[id.kind]} ${named(id)}`.trimEnd();

const granteeWords = (grantee: string | null): string => (grantee === null ? "the owner" : part(grantee));
/** `comment on`, `privileges of app on`: what stands before the target's description. */
export function sayingWords(id: Id<Saying>): string {
  switch (id.kind) {
    case "comment":
      return "comment on";
    case "owner":
      return "owner of";
    case "grant":
      return `privileges of ${granteeWords(id.grantee)}${id.grantor === null ? "" : ` by ${part(id.grantor)}`} on`;
    case "extensionDependence":
      return `dependence on the extension ${part(id.extension)} of`;
    case "securityLabel":
      return `security label of ${part(id.provider)} on`;
  }
}

export const sameId = (a: Id, b: Id): boolean => encode(a) === encode(b);
