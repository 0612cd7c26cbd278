/** What is said of things: owners, privileges, comments, labels. */
import type { Fact } from "./facts.ts";

/** Catalogs of things with an owner: the letter that acldefault() knows them by (null: no privileges), prefix of their columns, and which are looked at. */
const owned: readonly (readonly [catalog: string, prefix: string, letter: string | null, where: string])[] = [
  ["pg_class", "rel", "r", "o.relnamespace in (select oid from mine) and o.relkind not in ('i', 'I', 't', 'S', 'c')"],
  ["pg_class", "rel", "s", "o.relnamespace in (select oid from mine) and o.relkind = 'S'"],
  // What makes values of a range is part of it, and nobody can be told who may call it.
  [
    "pg_proc",
    "pro",
    "f",
    "o.pronamespace in (select oid from mine) and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = o.oid and i.deptype = 'i')",
  ],
  [
    "pg_type",
    "typ",
    "T",
    "o.typnamespace in (select oid from mine) and o.typinput <> 'array_in'::regproc and (o.typrelid = 0 or exists (select from pg_class c where c.oid = o.typrelid and c.relkind = 'c'))",
  ],
  ["pg_namespace", "nsp", "n", "o.oid in (select oid from mine)"],
  ["pg_language", "lan", "l", "o.oid >= 16384"],
  ["pg_foreign_data_wrapper", "fdw", "F", "true"],
  ["pg_foreign_server", "srv", "S", "true"],
  ["pg_operator", "opr", null, "o.oprnamespace in (select oid from mine)"],
  ["pg_opclass", "opc", null, "o.opcnamespace in (select oid from mine)"],
  ["pg_opfamily", "opf", null, "o.opfnamespace in (select oid from mine)"],
  ["pg_collation", "coll", null, "o.collnamespace in (select oid from mine)"],
  ["pg_conversion", "con", null, "o.connamespace in (select oid from mine)"],
  ["pg_statistic_ext", "stx", null, "o.stxnamespace in (select oid from mine)"],
  ["pg_ts_dict", "dict", null, "o.dictnamespace in (select oid from mine)"],
  ["pg_ts_config", "cfg", null, "o.cfgnamespace in (select oid from mine)"],
  ["pg_event_trigger", "evt", null, "true"],
  ["pg_publication", "pub", null, "true"],
  ["pg_subscription", "sub", null, "o.subdbid = (select oid from pg_database where datname = current_database())"],
  ["pg_extension", "ext", null, "o.extname <> 'plpgsql'"],
];
/** An access list as everybody reads it: what is not said is the default, and its order is nothing. */
const acl = (list: string, usual: string): string =>
  `(select array_agg(x::text order by x::text) from unnest(coalesce(${list}, ${usual})) x)`;
const identity = (address: string): string =>
  `(select i.type || ' ' || i.identity from pg_identify_object(${address}) i)`;

export const said: readonly Fact[] = [
  ...owned.map(([catalog, prefix, letter, where]): Fact => [
    "owner",
    `jsonb_build_array(${identity(`'${catalog}'::regclass, o.oid, 0`)}, pg_get_userbyid(o.${prefix}owner)` +
      `${letter === null ? "" : `, ${acl(`o.${prefix}acl`, `acldefault('${letter}', o.${prefix}owner)`)}`})::text`,
    `${catalog} o where (${where}) and not exists (select from extended e where e.classid = '${catalog}'::regclass and e.objid = o.oid)`,
  ]),
  [
    "column privileges",
    `jsonb_build_array(c.named, a.attname, ${acl("a.attacl", "acldefault('c', c.relowner)")})::text`,
    "relation c join pg_attribute a on a.attrelid = c.oid where a.attacl is not null and not a.attisdropped",
  ],
  [
    "default privileges",
    `jsonb_build_array(pg_get_userbyid(d.defaclrole), nullif(d.defaclnamespace, 0)::regnamespace, d.defaclobjtype, ${acl("d.defaclacl", "'{}'")})::text`,
    "pg_default_acl d",
  ],
  [
    "database",
    `jsonb_build_array(pg_get_userbyid(d.datdba), ${acl("d.datacl", "acldefault('d', d.datdba)")}, shobj_description(d.oid, 'pg_database'))::text`,
    "pg_database d where d.datname = current_database()",
  ],
  [
    "comment",
    `jsonb_build_array(${identity("d.classoid, d.objoid, d.objsubid")}, d.description)::text`,
    // What was said of a subscription that is gone stays in the catalogs.
    "pg_description d where d.objoid >= 16384 and (d.classoid <> 'pg_subscription'::regclass or exists (select from pg_subscription s where s.oid = d.objoid)) or d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace",
  ],
  [
    "label",
    `jsonb_build_array(${identity("l.classoid, l.objoid, l.objsubid")}, l.provider, l.label)::text`,
    "pg_seclabel l",
  ],
  [
    "label",
    "jsonb_build_array(s.subname, l.provider, l.label)::text",
    "pg_shseclabel l join pg_subscription s on l.classoid = 'pg_subscription'::regclass and s.oid = l.objoid where s.subdbid = (select oid from pg_database where datname = current_database())",
  ],
];
