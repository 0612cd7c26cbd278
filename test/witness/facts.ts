/** What things are, kind by kind. */

/** Word, SQL of the rest of the line (never null), SQL of the rows. A column that some majors lack is read by way of JSON. */
export type Fact = readonly [what: string, line: string, from: string];

/** A few values as one text; what is null stays visible. */
const say = (...values: readonly string[]): string => `jsonb_build_array(${values.join(", ")})::text`;
/** All that a catalog's row says, but for these columns: numbers that differ from database to database, and what is said otherwise. */
const all = (row: string, ...but: readonly string[]): string => `to_jsonb(${row}) - '{${but.join(",")}}'::text[]`;
/** A column that not every major has. */
const column = (row: string, name: string): string => `to_jsonb(${row}) ->> '${name}'`;
/** Options of an attribute, as pg_dump has them: without what newer minor releases note of the layout of rows. */
export const optionsOf = (row: string): string =>
  `(select array_agg(o) from unnest(${row}.attoptions) o where substr(o, 1, 10) <> 'pg_attver=')`;
/** Not an extension's. */
const own = (catalog: string, oid: string): string =>
  `not exists (select from extended e where e.classid = '${catalog}'::regclass and e.objid = ${oid})`;
const identity = (catalog: string, oid: string): string =>
  `(select i.identity from pg_identify_object('${catalog}'::regclass, ${oid}, 0) i)`;
const inMine = (row: string, column: string): string => `join mine n on n.oid = ${row}.${column}`;

const relations: readonly Fact[] = [
  ["schema", "n.nspname", "mine n"],
  [
    "extension",
    say("x.extname", "x.extnamespace::regnamespace", "x.extversion"),
    "pg_extension x where x.extname <> 'plpgsql'",
  ],
  [
    "relation",
    say(
      "c.named",
      "c.relkind",
      "c.relpersistence",
      "(select amname from pg_am where oid = c.relam)",
      "(select spcname from pg_tablespace where oid = c.reltablespace)",
      "(select array_agg(o order by o) from unnest(c.reloptions) o)",
      "(select array_agg(o order by o) from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid)",
      "c.relrowsecurity",
      "c.relforcerowsecurity",
      "c.relreplident",
      "c.relispartition",
      "pg_get_expr(c.relpartbound, c.oid)",
      "pg_get_partkeydef(c.oid)",
      "nullif(c.reloftype, 0)::regtype",
      "case when c.relkind = 'm' then c.relispopulated end",
    ),
    "relation c where c.relkind not in ('i', 'I', 't')",
  ],
  [
    "parent",
    // Numbers of parents that it has no more are left out.
    say(
      "c.named",
      "i.inhparent::regclass",
      "row_number() over (partition by i.inhrelid order by i.inhseqno)",
      column("i", "inhdetachpending"),
    ),
    "pg_inherits i join relation c on c.oid = i.inhrelid",
  ],
  [
    "column",
    say(
      "c.named",
      "a.attname",
      "format_type(a.atttypid, a.atttypmod)",
      "a.attnotnull",
      "pg_get_expr(d.adbin, d.adrelid)",
      "a.attidentity",
      "a.attgenerated",
      "nullif(a.attcollation, 0)::regcollation",
      // Nothing is stored as a composite type or a view says.
      "case when c.relkind not in ('c', 'v') then a.attstorage end",
      `nullif(${column("a", "attcompression")}, '')`,
      `nullif(${column("a", "attstattarget")}, '-1')`,
      optionsOf("a"),
      "a.attfdwoptions",
      "a.attislocal",
      "a.attinhcount",
      // Attributes of a composite type keep the order in which they came to be, as columns do.
      "case when c.relkind in ('v', 'm') then a.attnum end",
    ),
    `relation c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')`,
  ],
  [
    "composite attribute place",
    say(
      "c.named",
      "a.attname",
      "(select count(*) from pg_attribute b where b.attrelid = c.oid and b.attnum between 1 and a.attnum and not b.attisdropped)",
    ),
    "relation c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped where c.relkind = 'c'",
  ],
  [
    "index column",
    say("c.named", "a.attnum", `nullif(${column("a", "attstattarget")}, '-1')`, "a.attoptions"),
    "relation c join pg_attribute a on a.attrelid = c.oid where c.relkind in ('i', 'I')",
  ],
  ["view", say("c.named", "pg_get_viewdef(c.oid)"), "relation c where c.relkind in ('v', 'm')"],
  [
    "foreign table",
    say("c.named", "s.srvname", "f.ftoptions"),
    "pg_foreign_table f join relation c on c.oid = f.ftrelid join pg_foreign_server s on s.oid = f.ftserver",
  ],
  [
    "sequence",
    say("c.named", "format_type(s.seqtypid, null)", all("s", "seqrelid", "seqtypid")),
    "pg_sequence s join relation c on c.oid = s.seqrelid",
  ],
  [
    "sequence owner",
    say("c.named", "d.deptype", "pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)"),
    "pg_depend d join relation c on c.oid = d.objid and c.relkind = 'S' where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')",
  ],
  [
    "goes with an extension",
    say("pg_describe_object(d.classid, d.objid, d.objsubid)", "pg_describe_object(d.refclassid, d.refobjid, 0)"),
    "pg_depend d where d.deptype = 'x'",
  ],
  [
    "constraint",
    say(
      "coalesce(c.named, format_type(k.contypid, null))",
      "k.conname",
      "k.contype",
      // Whether the rows of an heir were looked at depends on when it became one.
      "case when k.conislocal then pg_get_constraintdef(k.oid) else replace(pg_get_constraintdef(k.oid), ' NOT VALID', '') end",
      "case when k.conislocal then k.convalidated end",
      "k.conislocal",
      "k.coninhcount",
      "k.connoinherit",
      column("k", "conenforced"),
      "(select p.conname from pg_constraint p where p.oid = k.conparentid)",
    ),
    `pg_constraint k left join relation c on c.oid = k.conrelid left join pg_type t on t.oid = k.contypid left join mine n on n.oid = t.typnamespace
      where c.oid is not null or n.oid is not null and ${own("pg_type", "t.oid")}`,
  ],
  [
    "index",
    say(
      "c.named",
      "pg_get_indexdef(i.indexrelid)",
      "(select array_agg(o order by o) from unnest(c.reloptions) o)",
      "(select spcname from pg_tablespace where oid = c.reltablespace)",
      "i.indisunique",
      "i.indisprimary",
      "i.indimmediate",
      "i.indisclustered",
      "i.indisvalid",
      "i.indisreplident",
      column("i", "indnullsnotdistinct"),
      "(select h.inhparent::regclass from pg_inherits h where h.inhrelid = c.oid)",
    ),
    "pg_index i join relation c on c.oid = i.indexrelid",
  ],
  [
    "trigger",
    say(
      "c.named",
      "case when t.tgisinternal then pg_get_constraintdef(t.tgconstraint) else t.tgname end",
      "case when not t.tgisinternal then pg_get_triggerdef(t.oid) end",
      "t.tgenabled",
      "t.tgtype",
      "t.tgparentid <> 0",
    ),
    "pg_trigger t join relation c on c.oid = t.tgrelid",
  ],
  [
    "rule",
    say("c.named", "r.rulename", "pg_get_ruledef(r.oid)", "r.ev_enabled"),
    "pg_rewrite r join relation c on c.oid = r.ev_class",
  ],
  [
    "policy",
    say(
      "c.named",
      "p.polname",
      "p.polcmd",
      "p.polpermissive",
      "(select json_agg(coalesce(r.rolname, 'public') order by r.rolname) from unnest(p.polroles) u(o) left join pg_roles r on r.oid = u.o)",
      "pg_get_expr(p.polqual, p.polrelid)",
      "pg_get_expr(p.polwithcheck, p.polrelid)",
    ),
    "pg_policy p join relation c on c.oid = p.polrelid",
  ],
  [
    "statistics",
    say(
      "s.stxname",
      "s.stxnamespace::regnamespace",
      "s.stxrelid::regclass",
      // Columns stand in the order of the table's.
      "(select array_agg(x order by x) from unnest(string_to_array(regexp_replace(pg_get_statisticsobjdef(s.oid), '^.*? ON (.*) FROM .*$', '\\1'), ', ')) x)",
      "(select array_agg(x order by x) from unnest(s.stxkind) x)",
      `nullif(${column("s", "stxstattarget")}, '-1')`,
    ),
    `pg_statistic_ext s ${inMine("s", "stxnamespace")} where ${own("pg_statistic_ext", "s.oid")}`,
  ],
];

const types: readonly Fact[] = [
  [
    "type",
    say(
      "format_type(t.oid, null)",
      "t.typtype",
      "format_type(nullif(t.typbasetype, 0), t.typtypmod)",
      "nullif(t.typcollation, 0)::regcollation",
      "nullif(t.typelem, 0)::regtype",
      "t.typinput::text",
      "t.typoutput::text",
      "t.typreceive::text",
      "t.typsend::text",
      "t.typmodin::text",
      "t.typmodout::text",
      "t.typanalyze::text",
      `nullif(${column("t", "typsubscript")}, '-')`,
      // The text that is kept beside an expression is as it was spelled once.
      "coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)",
      all(
        "t",
        ..."oid,typname,typnamespace,typowner,typacl,typarray,typelem,typbasetype,typcollation,typdefault,typdefaultbin,typrelid,typinput,typoutput,typreceive,typsend,typmodin,typmodout,typanalyze,typsubscript,typtypmod".split(
          ",",
        ),
      ),
    ),
    `pg_type t ${inMine("t", "typnamespace")} where t.typrelid = 0 and t.typinput <> 'array_in'::regproc and ${own("pg_type", "t.oid")}`,
  ],
  [
    "enum",
    say("format_type(l.enumtypid, null)", "json_agg(l.enumlabel order by l.enumsortorder)"),
    `pg_enum l where ${own("pg_type", "l.enumtypid")} group by l.enumtypid`,
  ],
  [
    "range",
    say(
      "format_type(r.rngtypid, null)",
      "format_type(r.rngsubtype, null)",
      "nullif(r.rngcollation, 0)::regcollation",
      identity("pg_opclass", "r.rngsubopc"),
      "r.rngcanonical::text",
      "r.rngsubdiff::text",
      `(${column("r", "rngmultitypid")})::oid::regtype`,
    ),
    `pg_range r join pg_type t on t.oid = r.rngtypid ${inMine("t", "typnamespace")} where ${own("pg_type", "t.oid")}`,
  ],
  [
    "cast",
    say(identity("pg_cast", "k.oid"), "nullif(k.castfunc, 0)::regprocedure", "k.castcontext", "k.castmethod"),
    `pg_cast k where k.oid >= 16384 and ${own("pg_cast", "k.oid")}`,
  ],
  [
    "transform",
    say(
      identity("pg_transform", "t.oid"),
      "nullif(t.trffromsql, 0)::regprocedure",
      "nullif(t.trftosql, 0)::regprocedure",
    ),
    `pg_transform t where ${own("pg_transform", "t.oid")}`,
  ],
  [
    "collation",
    say(identity("pg_collation", "k.oid"), all("k", "oid", "collname", "collnamespace", "collowner")),
    `pg_collation k ${inMine("k", "collnamespace")} where ${own("pg_collation", "k.oid")}`,
  ],
  [
    "conversion",
    say(identity("pg_conversion", "k.oid"), "k.conproc::text", "k.conforencoding", "k.contoencoding", "k.condefault"),
    `pg_conversion k ${inMine("k", "connamespace")} where ${own("pg_conversion", "k.oid")}`,
  ],
];

const code: readonly Fact[] = [
  [
    "function",
    say("p.oid::regprocedure", "pg_get_functiondef(p.oid)", "p.prosrc", "p.probin"),
    `pg_proc p ${inMine("p", "pronamespace")} where p.prokind <> 'a' and ${own("pg_proc", "p.oid")}`,
  ],
  [
    "aggregate",
    say(
      "p.oid::regprocedure",
      "pg_get_function_arguments(p.oid)",
      "pg_get_function_result(p.oid)",
      "p.proparallel",
      "p.provolatile",
      "a.aggkind",
      "a.aggnumdirectargs",
      "a.aggtransfn::text",
      "a.aggfinalfn::text",
      "a.aggcombinefn::text",
      "a.aggserialfn::text",
      "a.aggdeserialfn::text",
      "a.aggmtransfn::text",
      "a.aggminvtransfn::text",
      "a.aggmfinalfn::text",
      "a.aggfinalextra",
      "a.aggmfinalextra",
      "a.aggfinalmodify",
      "a.aggmfinalmodify",
      "nullif(a.aggsortop, 0)::regoperator",
      "a.aggtranstype::regtype",
      "a.aggtransspace",
      "nullif(a.aggmtranstype, 0)::regtype",
      "a.aggmtransspace",
      "a.agginitval",
      "a.aggminitval",
    ),
    `pg_proc p ${inMine("p", "pronamespace")} join pg_aggregate a on a.aggfnoid = p.oid where ${own("pg_proc", "p.oid")}`,
  ],
  [
    "language",
    say(
      "l.lanname",
      "l.lanpltrusted",
      "nullif(l.lanplcallfoid, 0)::regprocedure",
      "nullif(l.laninline, 0)::regprocedure",
      "nullif(l.lanvalidator, 0)::regprocedure",
    ),
    `pg_language l where l.oid >= 16384 and ${own("pg_language", "l.oid")}`,
  ],
  [
    "access method",
    say("m.amname", "m.amtype", "m.amhandler::text"),
    `pg_am m where m.oid >= 16384 and ${own("pg_am", "m.oid")}`,
  ],
  [
    "operator",
    say(
      "o.oid::regoperator",
      "nullif(o.oprresult, 0)::regtype",
      "nullif(o.oprcom, 0)::regoperator",
      "nullif(o.oprnegate, 0)::regoperator",
      "o.oprcode::text",
      "o.oprrest::text",
      "o.oprjoin::text",
      "o.oprcanmerge",
      "o.oprcanhash",
    ),
    `pg_operator o ${inMine("o", "oprnamespace")} where ${own("pg_operator", "o.oid")}`,
  ],
  [
    "operator family",
    identity("pg_opfamily", "f.oid"),
    `pg_opfamily f ${inMine("f", "opfnamespace")} where ${own("pg_opfamily", "f.oid")}`,
  ],
  [
    "operator class",
    say(
      identity("pg_opclass", "o.oid"),
      identity("pg_opfamily", "o.opcfamily"),
      "o.opcintype::regtype",
      "o.opcdefault",
      "nullif(o.opckeytype, 0)::regtype",
    ),
    `pg_opclass o ${inMine("o", "opcnamespace")} where ${own("pg_opclass", "o.oid")}`,
  ],
  [
    "operator of a family",
    say(
      identity("pg_opfamily", "f.oid"),
      "a.amoplefttype::regtype",
      "a.amoprighttype::regtype",
      "a.amopstrategy",
      "a.amoppurpose",
      "a.amopopr::regoperator",
      "(select opfname from pg_opfamily where oid = a.amopsortfamily)",
    ),
    `pg_amop a join pg_opfamily f on f.oid = a.amopfamily where a.oid >= 16384 and ${own("pg_opfamily", "f.oid")} and ${own("pg_amop", "a.oid")}`,
  ],
  [
    "function of a family",
    say(
      identity("pg_opfamily", "f.oid"),
      "a.amproclefttype::regtype",
      "a.amprocrighttype::regtype",
      "a.amprocnum",
      "a.amproc::text",
    ),
    `pg_amproc a join pg_opfamily f on f.oid = a.amprocfamily where a.oid >= 16384 and ${own("pg_opfamily", "f.oid")} and ${own("pg_amproc", "a.oid")}`,
  ],
  [
    "text search parser",
    say(identity("pg_ts_parser", "p.oid"), all("p", "oid", "prsname", "prsnamespace")),
    `pg_ts_parser p ${inMine("p", "prsnamespace")} where ${own("pg_ts_parser", "p.oid")}`,
  ],
  [
    "text search template",
    say(identity("pg_ts_template", "t.oid"), "t.tmplinit::text", "t.tmpllexize::text"),
    `pg_ts_template t ${inMine("t", "tmplnamespace")} where ${own("pg_ts_template", "t.oid")}`,
  ],
  [
    "text search dictionary",
    say(identity("pg_ts_dict", "d.oid"), identity("pg_ts_template", "d.dicttemplate"), "d.dictinitoption"),
    `pg_ts_dict d ${inMine("d", "dictnamespace")} where ${own("pg_ts_dict", "d.oid")}`,
  ],
  [
    "text search configuration",
    say(
      "c.oid::regconfig",
      identity("pg_ts_parser", "c.cfgparser"),
      "(select json_agg(json_build_array(m.maptokentype, m.mapseqno, m.mapdict::regdictionary) order by m.maptokentype, m.mapseqno) from pg_ts_config_map m where m.mapcfg = c.oid)",
    ),
    `pg_ts_config c ${inMine("c", "cfgnamespace")} where ${own("pg_ts_config", "c.oid")}`,
  ],
];

const ofDatabase = (major: number): readonly Fact[] => [
  [
    "event trigger",
    say(
      "t.evtname",
      "t.evtevent",
      "t.evtfoid::regprocedure",
      "t.evtenabled",
      "(select array_agg(x order by x) from unnest(t.evttags) x)",
    ),
    `pg_event_trigger t where ${own("pg_event_trigger", "t.oid")}`,
  ],
  ["publication", say("p.pubname", all("p", "oid", "pubname", "pubowner")), "pg_publication p"],
  [
    "published table",
    say(
      "p.pubname",
      "r.prrelid::regclass",
      `(select json_agg(a.attname order by a.attname) from pg_attribute a where a.attrelid = r.prrelid and to_jsonb(r) -> 'prattrs' @> to_jsonb(a.attnum))`,
      major >= 15 ? "pg_get_expr(r.prqual, r.prrelid)" : "null",
    ),
    "pg_publication_rel r join pg_publication p on p.oid = r.prpubid",
  ],
  [
    // A catalog that PostgreSQL 13 and 14 lack is found by what depends on publications.
    "published schema",
    say("p.pubname", "pg_describe_object(d.classid, d.objid, 0)"),
    "pg_depend d join pg_publication p on p.oid = d.refobjid where d.refclassid = 'pg_publication'::regclass and d.classid <> 'pg_publication_rel'::regclass",
  ],
  [
    "subscription",
    say(
      "s.subname",
      all("s", "oid", "subname", "subdbid", "subowner", "subskiplsn", "subpublications"),
      "(select array_agg(x order by x) from unnest(s.subpublications) x)",
    ),
    "pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database())",
  ],
  [
    "foreign data wrapper",
    say("w.fdwname", "nullif(w.fdwhandler, 0)::regproc", "nullif(w.fdwvalidator, 0)::regproc", "w.fdwoptions"),
    `pg_foreign_data_wrapper w where ${own("pg_foreign_data_wrapper", "w.oid")}`,
  ],
  [
    "server",
    say("s.srvname", "w.fdwname", "s.srvtype", "s.srvversion", "s.srvoptions"),
    `pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where ${own("pg_foreign_server", "s.oid")}`,
  ],
  ["user mapping", say("m.srvname", "m.usename", "m.umoptions"), "pg_user_mappings m"],
  [
    "setting",
    say("nullif(s.setrole, 0)::regrole", "(select array_agg(x order by x) from unnest(s.setconfig) x)"),
    "pg_db_role_setting s where s.setdatabase = (select oid from pg_database where datname = current_database())",
  ],
];

export const facts = (major: number): readonly Fact[] => [...relations, ...types, ...code, ...ofDatabase(major)];
