/**
 * Who owns things and who may do what with them: what each kind has of it, and where the catalogs keep it. Written once for owners,
 * grants, default privileges, and every kind.
 */
import { initialRights } from "./catalog.ts";
import type { TargetWord } from "../../../grammar/declarations.ts";
import type { Rights } from "../room.ts";
import type { Id, Objects, Privilege, PrivilegeSet, TargetKind } from "../../model/objects.ts";

/** As acldefault() calls the sorts of things that have privileges; "c" a column. */
export type AclLetter = "r" | "c" | "s" | "d" | "f" | "l" | "n" | "F" | "S" | "T" | "L";
/** A sort of things that default privileges speak of. */
export type Things = Objects["defaultPrivilege"]["id"]["things"];

interface Access {
  /** How a text calls it, the usual way first. */
  readonly said: readonly TargetWord[];
  /** It is meant where a text says no word. */
  readonly plain?: true;
  /** It has an owner of its own. "superuser": who must be one, so that it is not meant where a text names no thing. */
  readonly owned: boolean | "superuser";
  /** Postgres takes no label on it. */
  readonly unlabelled?: true;
  /** The sort of privileges it has, and GRANT's word for it. */
  readonly grants?: { readonly letter: AclLetter; readonly word: string };
}
const table = { letter: "r", word: "table" } as const;
const type = { letter: "T", word: "type" } as const;
const none: Access = { said: [], owned: false };

export const access: { readonly [K in TargetKind]: Access } = {
  schema: { said: ["schema"], owned: true, grants: { letter: "n", word: "schema" } },
  // Its owner is the server's business.
  database: { said: ["database"], owned: false, grants: { letter: "d", word: "database" } },
  // ALTER EXTENSION cannot give it to another.
  extension: none,
  enum: { said: ["type"], owned: true, grants: type },
  domain: { said: ["domain", "type"], owned: true, grants: type },
  domainCheck: none,
  constraint: none,
  composite: { said: ["type"], owned: true, grants: type },
  typeAttribute: none,
  range: { said: ["type"], owned: true, grants: type },
  collation: { said: ["collation"], owned: true, unlabelled: true },
  statistics: { said: ["statistics"], owned: true, unlabelled: true },
  textSearchParser: none,
  textSearchTemplate: none,
  textSearchDictionary: { said: ["text search dictionary"], owned: true, unlabelled: true },
  textSearchConfiguration: { said: ["text search configuration"], owned: true, unlabelled: true },
  cast: none,
  operator: { said: ["operator"], owned: true, unlabelled: true },
  operatorFamily: { said: ["operator family"], owned: true, unlabelled: true },
  operatorClass: { said: ["operator class"], owned: true, unlabelled: true },
  conversion: { said: ["conversion"], owned: true, unlabelled: true },
  language: { said: ["language"], owned: true, grants: { letter: "l", word: "language" } },
  accessMethod: none,
  transform: none,
  sequence: { said: ["sequence"], owned: true, grants: { letter: "s", word: "sequence" } },
  sequenceOwner: none,
  table: { said: ["table", "foreign table"], plain: true, owned: true, grants: table },
  column: { said: [], owned: false, grants: { letter: "c", word: "table" } },
  primaryKey: none,
  unique: none,
  foreignKey: none,
  check: none,
  exclude: none,
  index: none,
  // Before the name that comes with it.
  baseType: { said: ["type"], owned: true, grants: type },
  shellType: { said: ["type"], owned: true },
  typedTable: none,
  replicaIdentity: none,
  rowSecurity: none,
  cluster: none,
  policy: none,
  trigger: none,
  rule: none,
  partition: none,
  view: { said: ["view"], plain: true, owned: true, grants: table },
  materializedView: { said: ["materialized view"], plain: true, owned: true, grants: table },
  function: { said: ["function"], owned: true, grants: { letter: "f", word: "function" } },
  procedure: { said: ["procedure"], owned: true, grants: { letter: "f", word: "procedure" } },
  aggregate: { said: ["aggregate"], owned: true, grants: { letter: "f", word: "function" } },
  publication: { said: ["publication"], owned: true },
  publicationTable: none,
  publicationSchema: none,
  eventTrigger: { said: ["event trigger"], owned: "superuser" },
  foreignDataWrapper: {
    said: ["foreign data wrapper"],
    owned: "superuser",
    unlabelled: true,
    grants: { letter: "F", word: "foreign data wrapper" },
  },
  server: { said: ["server"], owned: true, unlabelled: true, grants: { letter: "S", word: "foreign server" } },
  userMapping: none,
  subscription: { said: ["subscription"], owned: "superuser" },
  rows: none,
  sqlBlock: none,
  role: none,
  membership: none,
  setting: none,
  defaultPrivilege: none,
};

export const kindsSaid = (word: TargetWord | null): readonly TargetKind[] =>
  (Object.keys(access) as TargetKind[]).filter((k) =>
    word === null ? access[k].plain === true : access[k].said.includes(word),
  );

const privileges: { readonly [L in AclLetter]: readonly Privilege[] } = {
  r: ["insert", "select", "update", "delete", "truncate", "references", "trigger", "maintain"],
  c: ["insert", "select", "update", "references"],
  s: ["select", "update", "usage"],
  d: ["create", "temporary", "connect"],
  f: ["execute"],
  l: ["usage"],
  n: ["usage", "create"],
  F: ["usage"],
  S: ["usage"],
  T: ["usage"],
  L: ["select", "update"],
};
/** All privileges that there are on such a thing. */
export const allPrivileges = (letter: AclLetter, version: number): readonly Privilege[] =>
  privileges[letter].filter((p) => p !== "maintain" || version >= 170000);
/** In the order in which we keep them. */
export const ordered = (letter: AclLetter, list: Iterable<Privilege>): readonly Privilege[] => {
  const set = new Set(list);
  return privileges[letter].filter((p) => set.has(p));
};

/** What everybody gets from Postgres itself (acldefault). */
const publics: { readonly [L in AclLetter]?: readonly Privilege[] } = {
  d: ["temporary", "connect"],
  f: ["execute"],
  l: ["usage"],
  T: ["usage"],
};
/** What a grantee has on a thing when nothing is said. */
export function usual(target: Id<TargetKind>, grantee: string | null, version: number): PrivilegeSet {
  const letter = letterOf(target);
  // initdb opens the schema public to everybody.
  const opened: readonly Privilege[] | null =
    target.kind === "schema" && target.name === "public" ? (version >= 150000 ? ["usage"] : ["usage", "create"]) : null;
  return { privileges: opened && grantee === "public" ? opened : usualOf(letter, grantee, version), grantable: [] };
}
export const usualOf = (letter: AclLetter, grantee: string | null, version: number): readonly Privilege[] =>
  grantee === null
    ? letter === "c"
      ? []
      : allPrivileges(letter, version)
    : grantee === "public"
      ? (publics[letter] ?? [])
      : [];

/** Throws for what has no privileges. */
export function grantsOf(kind: TargetKind): NonNullable<Access["grants"]> {
  const { grants } = access[kind];
  if (!grants) throw new Error(`nothing can be granted on a ${kind}`);
  return grants;
}
export const letterOf = (target: Id<TargetKind>): AclLetter => grantsOf(target.kind).letter;

export const lettersOfThings = {
  tables: "r",
  sequences: "s",
  functions: "f",
  types: "T",
  schemas: "n",
  "large objects": "L",
} as const satisfies Record<Things, AclLetter>;

/** Where a catalog keeps the owner and the access list of its things, and what sort they are of (SQL). */
interface Owning {
  readonly owner: string;
  readonly acl?: string;
  readonly letter?: string;
}
const owning: Readonly<Record<string, Owning>> = {
  pg_namespace: { owner: "nspowner", acl: "nspacl", letter: "'n'" },
  pg_type: { owner: "typowner", acl: "typacl", letter: "'T'" },
  pg_class: {
    owner: "relowner",
    acl: "relacl",
    letter: `case o.relkind when 'S' then 's'::"char" else 'r' end`,
  },
  pg_proc: { owner: "proowner", acl: "proacl", letter: "'f'" },
  pg_language: { owner: "lanowner", acl: "lanacl", letter: "'l'" },
  pg_foreign_data_wrapper: { owner: "fdwowner", acl: "fdwacl", letter: "'F'" },
  pg_foreign_server: { owner: "srvowner", acl: "srvacl", letter: "'S'" },
  pg_database: { owner: "datdba", acl: "datacl", letter: "'d'" },
  pg_operator: { owner: "oprowner" },
  pg_opclass: { owner: "opcowner" },
  pg_opfamily: { owner: "opfowner" },
  pg_collation: { owner: "collowner" },
  pg_conversion: { owner: "conowner" },
  pg_ts_dict: { owner: "dictowner" },
  pg_ts_config: { owner: "cfgowner" },
  pg_statistic_ext: { owner: "stxowner" },
  pg_event_trigger: { owner: "evtowner" },
  pg_publication: { owner: "pubowner" },
  pg_subscription: { owner: "subowner" },
};

/** A role by its name, without a join for each catalog. */
const others = (owner: string): string => `pg_get_userbyid(${owner}) <> current_user`;

/** For `sayingsSql`: the things of a catalog that somebody else than the connected role owns, `said` being who. */
export function ownerRows(catalog: string, version: number, rights: Rights): string | null {
  const c = owning[catalog];
  if (!c || catalog === "pg_database" || (catalog === "pg_subscription" && !rights.connections)) return null;
  // public belongs to initdb's choice: who owns the database, before 15 who made the server.
  if (catalog === "pg_namespace")
    return `select 'pg_namespace'::regclass::oid as classoid, o.oid as objoid, 0 as objsubid, pg_get_userbyid(o.nspowner)::text as what_is_said
  from pg_namespace o
  where case when o.nspname = 'public' then o.nspowner <> ${version >= 150000 ? 6171 : 10} else ${others("o.nspowner")} and o.oid >= 16384 end`;
  const where: Readonly<Record<string, string>> = {
    pg_subscription: "and o.subdbid = (select oid from pg_database where datname = current_database())",
    // Indexes and a column's sequences belong to whom the table belongs to.
    pg_class: `and o.relkind not in ('i', 'I', 't') and not (o.relkind = 'S' and o.oid in (
      select p.objid from pg_depend p where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.refobjsubid > 0 and p.deptype in ('a', 'i')))`,
  };
  return `select '${catalog}'::regclass::oid as classoid, o.oid as objoid, 0 as objsubid, pg_get_userbyid(o.${c.owner})::text as what_is_said
  from ${catalog} o
  where ${others(`o.${c.owner}`)} and o.oid >= 16384 ${where[catalog] ?? ""}`;
}

/** What a grantee has by one of the lists that `unusualItems` looks at. */
const itemsOf = (list: number): string =>
  `coalesce(string_agg(x.privilege_type || x.is_grantable, ' ' order by x.privilege_type) filter (where x.list = ${list}), '')`;
/**
 * Items of an access list by whom they are granted to and by, as far as they are not the usual ones. `given`: what is no news
 * either, for it came so.
 */
export function unusualItems(acl: string, usualAcl: string, owner: string, given: string = usualAcl): string {
  const lists = [acl, ...new Set([usualAcl, given])];
  return `(
    select json_build_object('grantee', case x.grantee when 0 then 'public' when ${owner} then null else pg_get_userbyid(x.grantee) end,
      'grantor', case x.grantor when ${owner} then null else pg_get_userbyid(x.grantor) end,
      'privileges', coalesce(json_agg(lower(x.privilege_type)) filter (where x.list = 0), '[]'),
      'grantable', coalesce(json_agg(lower(x.privilege_type)) filter (where x.list = 0 and x.is_grantable), '[]'))::text as said
    from (${lists.map((list, i) => `select *, ${i} as list from aclexplode(${list})`).join(" union all ")}) x
    group by x.grantee, x.grantor
    having ${lists
      .slice(1)
      .map((_, i) => `${itemsOf(0)} <> ${itemsOf(i + 1)}`)
      .join(" and ")}
  ) x`;
}

/** For `sayingsSql`: the things of a catalog with privileges of their own, `said` being JSON for `readPrivileges`. */
export function aclRows(catalog: string, version: number): string | null {
  const c = owning[catalog];
  if (!c?.acl || !c.letter) return null;
  const own = `o.${c.owner}`;
  const open = (privilege: string): string => `makeaclitem(0, o.nspowner, '${privilege}', false)`;
  const [acl, usualAcl] =
    catalog === "pg_namespace"
      ? [
          `case when o.nspname = 'public' then coalesce(o.nspacl, acldefault('n', o.nspowner)) else o.nspacl end`,
          `case when o.nspname = 'public' then acldefault('n', o.nspowner) || array[${[open("USAGE"), ...(version < 150000 ? [open("CREATE")] : [])].join(", ")}] else acldefault('n', o.nspowner) end`,
        ]
      : [`o.${c.acl}`, `acldefault(${c.letter}, ${own})`];
  // An extension's script may have given, or taken, some.
  const given = catalog === "pg_proc" ? `coalesce(${initialRights(catalog, "o.oid")}, ${usualAcl})` : usualAcl;
  const things = `select '${catalog}'::regclass::oid as classoid, o.oid as objoid, 0 as objsubid, x.said as what_is_said
  from ${catalog} o cross join lateral ${unusualItems(acl, usualAcl, own, given)}
  where ${catalog === "pg_namespace" ? "o.nspname = 'public' or o.nspacl is not null" : `o.${c.acl} is not null`}${initdbs(catalog)}`;
  return catalog !== "pg_class"
    ? things
    : `${things}
  union all
  select 'pg_class'::regclass::oid, a.attrelid, a.attnum, x.said
  from pg_attribute a join pg_class o on o.oid = a.attrelid cross join lateral ${unusualItems("a.attacl", "null::aclitem[]", "o.relowner")}
  where a.attacl is not null and a.attnum > 0 and not a.attisdropped and o.oid >= 16384`;
}
/** What initdb made has access lists in plenty, and is nobody's; but its languages and public are used by all. */
const initdbs = (catalog: string): string =>
  catalog === "pg_namespace" || catalog === "pg_language"
    ? ""
    : catalog === "pg_database"
      ? " and o.datname = current_database()"
      : " and o.oid >= 16384";
