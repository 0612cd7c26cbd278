/**
 * The mark of a database: one short text that is the same only while everything is the same that an observation reads. The server
 * works it out from its catalogs' rows as they stand, so a project that did not change needs no more than this of its database.
 */
import { literal } from "./sql.ts";

/** How a catalog counts. Absent parts: every row, all of it, in the order the rows stand in: another order costs a look, no more. */
interface Counted {
  /** Only these columns: the others are counters of the server's own, or what this user may not see. */
  readonly columns?: readonly string[];
  /** Columns that came with a major. */
  readonly later?: Readonly<Record<string, number>>;
  readonly where?: string;
  /** Rows of which the content counts. Of the others it is when they were written. */
  readonly own?: string;
  /** First major that has it. */
  readonly since?: number;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const all: Counted = {};
const here = "(select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())";

/** Whether a shared description or setting is of this database or of all of them. */
const ofThisDatabase = (column: string): string => `${column} in (0, ${here})`;

/** Rows of Postgres's own are thousands, and nobody changes them: by when they were written, where `own` is not so. */
const ownBy = (column: string): Counted => ({ own: `t.${column} >= 16384` });

/** What an observation can depend on. A test compares the list with every major's catalogs. */
export const marked: Readonly<Record<string, Counted>> = {
  ...Object.fromEntries(
    words(`
      pg_am pg_auth_members pg_default_acl pg_enum pg_event_trigger pg_extension pg_foreign_data_wrapper pg_foreign_server
      pg_foreign_table pg_inherits pg_language pg_partitioned_table pg_policy pg_publication pg_publication_rel
      pg_roles pg_seclabel pg_sequence pg_shdescription pg_shseclabel pg_statistic_ext pg_tablespace pg_transform pg_trigger
      pg_user_mappings
    `).map((catalog) => [catalog, all]),
  ),
  ...Object.fromEntries(
    words(`
      pg_amop pg_amproc pg_attrdef pg_cast pg_collation pg_constraint pg_conversion pg_opclass pg_operator pg_opfamily pg_proc
      pg_rewrite pg_ts_config pg_ts_dict pg_ts_parser pg_ts_template pg_type
    `).map((catalog) => [catalog, ownBy("oid")]),
  ),
  // A session's first temporary object leaves its schema behind.
  pg_namespace: { where: "t.nspname !~ '^pg_(toast_)?temp_'" },
  pg_aggregate: ownBy("aggfnoid::oid"),
  pg_index: ownBy("indexrelid"),
  pg_init_privs: ownBy("objoid"),
  pg_range: ownBy("rngtypid"),
  pg_ts_config_map: ownBy("mapcfg"),
  pg_description: {
    own: "t.objoid >= 16384 or t.classoid not in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)",
  },
  pg_attribute: {
    columns: words(`
      attrelid attname atttypid attstattarget attnum atttypmod attstorage attnotnull atthasdef attidentity
      attgenerated attisdropped attislocal attinhcount attcollation attacl attoptions attfdwoptions
    `),
    later: { attcompression: 14 },
    own: "t.attrelid >= 16384",
    where: "t.attnum > 0",
  },
  pg_class: {
    own: "t.oid >= 16384",
    columns: words(`
      oid relname relnamespace reltype reloftype relowner relam reltablespace reltoastrelid relisshared relpersistence relkind
      relnatts relchecks relrowsecurity relforcerowsecurity relispopulated relreplident relispartition relacl reloptions
      relpartbound
    `),
  },
  // What a definition is made of follows from it; what belongs to another thing is said here alone.
  pg_depend: {
    where:
      "t.deptype in ('e', 'x') or t.classid = 'pg_class'::regclass and t.refclassid = t.classid and t.refobjsubid > 0 and t.deptype in ('a', 'i')",
  },
  pg_publication_namespace: { since: 15 },
  pg_parameter_acl: { since: 15 },
  pg_database: {
    columns: words(
      "oid datname datdba encoding datcollate datctype datistemplate datallowconn datconnlimit dattablespace datacl",
    ),
    where: "t.datname = current_database()",
  },
  pg_db_role_setting: { where: ofThisDatabase("t.setdatabase") },
  // Views, which show passwords and options to nobody who may not see them.
  pg_roles: all,
  pg_user_mappings: all,
  pg_subscription: { where: `t.subdbid = ${here}` },
};

/** Of these only what everybody may see, for users who may not see the whole. */
const plainColumns: Readonly<Record<string, readonly string[]>> = {
  pg_subscription: words("subdbid subname subowner subenabled"),
};

/** Rows of these are no part of any observation. */
export const unmarked: Readonly<Record<string, string>> = {
  pg_authid: "read as pg_roles",
  pg_user_mapping: "read as pg_user_mappings",
  pg_largeobject: "rows of data",
  pg_largeobject_metadata: "rows of data",
  pg_replication_origin: "the server's own",
  pg_shdepend: "what owns and may what is said where it is said",
  pg_statistic: "what ANALYZE counted",
  pg_statistic_ext_data: "what ANALYZE counted",
  pg_subscription_rel: "how far replication is",
};
/** Columns of tables marked by column that count for nothing. */
export const uncounted: Readonly<Record<string, readonly string[]>> = {
  // Of its type, or of rows that were there before it.
  pg_attribute: words("attlen attndims attcacheoff attbyval attalign atthasmissing attmissingval"),
  pg_class: words(`
    relfilenode relpages reltuples relallvisible relallfrozen relhasindex relhasrules relhastriggers relhassubclass relrewrite
    relfrozenxid relminmxid
  `),
  pg_database: words(`
    datfrozenxid datminmxid datlastsysoid datlocprovider daticulocale datlocale daticurules datcollversion dathasloginevt
  `),
};

/**
 * SQL that gives a text that is the same only where the same transactions are seen: the snapshot it is asked in, which says
 * itself which those are. Numbers of transactions come again where a server starts anew from a copy of its files, or loses the
 * last ones in a crash: when it started and where it writes are part of it. Null where that cannot be told.
 */
export const untouchedSql = `case
  when not pg_catalog.pg_is_in_recovery() and pg_catalog.current_setting('server_version_num')::int >= 150000
  then pg_catalog.pg_current_snapshot()::text || ' ' || pg_catalog.pg_current_wal_insert_lsn()::text || ' ' || pg_catalog.pg_postmaster_start_time()::text
    || ' ' || pg_catalog.pg_stat_get_bgwriter_stat_reset_time()::text
    || ' ' || ${here}::text || ' ' || current_user::text || ' ' || pg_catalog.version() end`;

/** SQL that gives the mark. `version` e.g. 150018. */
export function catalogMarkSql(version: number, rights: { readonly connections: boolean }): string {
  const one = ([catalog, { columns, later = {}, where, own, since }]: readonly [string, Counted]): string | null => {
    if (since !== undefined && version < since * 10000) return null;
    const came = Object.keys(later).filter((column) => version >= later[column]! * 10000);
    const seen = (columns && [...columns, ...came]) ?? (rights.connections ? undefined : plainColumns[catalog]);
    const row = seen === undefined ? "t::text" : `row(${seen.map((c) => `t.${c}`).join(", ")})::text`;
    const counted = own === undefined ? row : `case when ${own} then ${row} else t.xmin::text end`;
    return `(select pg_catalog.md5(pg_catalog.string_agg(${counted}, e'\\n')) from pg_catalog.${catalog} t${where === undefined ? "" : ` where ${where}`})`;
  };
  const parts = Object.entries(marked).flatMap((entry) => one(entry) ?? []);
  return `select pg_catalog.md5(pg_catalog.concat_ws(',', ${literal(String(version))}, current_user, pg_catalog.version(), ${parts.map((p) => `coalesce(${p}, '-')`).join(",\n  ")})) as mark`;
}
