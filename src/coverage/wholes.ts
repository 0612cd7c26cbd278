/** What is of the whole database or said of things: schemas, extensions, events, foreign data, replication, roles, comments, rights. */
import { each, follows, held, oid, server, state, type Catalogs } from "./line.ts";

const secret = server("kept by the server; a password is never looked at");

export const wholes: Catalogs = {
  pg_namespace: {
    oid,
    nspname: held("schema"),
    nspowner: held("owner"),
    nspacl: held("grant.privileges", "grant.grantable"),
  },
  pg_extension: {
    oid,
    extname: held("extension"),
    extowner: follows("whoever made it; Postgres cannot give it to another"),
    extnamespace: held("extension.schema"),
    extrelocatable: follows("the extension's control file says it"),
    extversion: held("extension.version"),
    ...each("extconfig extcondition", follows("the extension's own script says it")),
  },
  pg_event_trigger: {
    oid,
    evtname: held("eventTrigger"),
    evtevent: held("eventTrigger.event"),
    evtowner: held("owner"),
    evtfoid: held("eventTrigger.function"),
    evtenabled: held("eventTrigger.firing"),
    evttags: held("eventTrigger.tags"),
  },
  pg_foreign_data_wrapper: {
    oid,
    fdwname: held("foreignDataWrapper"),
    fdwowner: held("owner"),
    fdwhandler: held("foreignDataWrapper.handler"),
    fdwvalidator: held("foreignDataWrapper.validator"),
    fdwacl: held("grant.privileges", "grant.grantable"),
    fdwoptions: held("foreignDataWrapper.options"),
  },
  pg_foreign_server: {
    oid,
    srvname: held("server"),
    srvowner: held("owner"),
    srvfdw: held("server.wrapper"),
    srvtype: held("server.type"),
    srvversion: held("server.version"),
    srvacl: held("grant.privileges", "grant.grantable"),
    srvoptions: held("server.options"),
  },
  pg_user_mapping: {
    oid,
    umuser: held("userMapping"),
    umserver: held("userMapping"),
    umoptions: held("userMapping.options"),
  },
  pg_foreign_table: {
    ftrelid: held("table"),
    ftserver: held("table.server"),
    ftoptions: held("table.foreignOptions"),
  },
  pg_publication: {
    oid,
    pubname: held("publication"),
    pubowner: held("owner"),
    puballtables: held("publication.allTables"),
    ...each("pubinsert pubupdate pubdelete pubtruncate", held("publication.publish")),
    pubviaroot: held("publication.viaPartitionRoot"),
    pubgencols: held("publication.generatedColumns"),
  },
  pg_publication_rel: {
    oid,
    ...each("prpubid prrelid", held("publicationTable")),
    prqual: held("publicationTable.where"),
    prattrs: held("publicationTable.columns"),
  },
  pg_publication_namespace: { oid, ...each("pnpubid pnnspid", held("publicationSchema")) },
  pg_subscription: {
    oid,
    subdbid: held("subscription"),
    subname: held("subscription"),
    subowner: held("owner"),
    subskiplsn: state("one transaction to be skipped"),
    subenabled: held("subscription.enabled"),
    subbinary: held("subscription.binary"),
    substream: held("subscription.streaming"),
    subtwophasestate: held("subscription.twoPhase"),
    subdisableonerr: held("subscription.disableOnError"),
    subpasswordrequired: held("subscription.passwordRequired"),
    subrunasowner: held("subscription.runAsOwner"),
    subfailover: held("subscription.failover"),
    subconninfo: held("subscription.connection"),
    subslotname: held("subscription.slot"),
    subsynccommit: held("subscription.synchronousCommit"),
    subpublications: held("subscription.publications"),
    suborigin: held("subscription.origin"),
  },
  pg_subscription_rel: each("srsubid srrelid srsubstate srsublsn", state("how far each table has come")),
  pg_description: {
    ...each("objoid classoid objsubid", held("comment")),
    description: held("comment.text"),
  },
  pg_seclabel: {
    ...each("objoid classoid objsubid provider", held("securityLabel")),
    label: held("securityLabel.label"),
  },
  // Those on roles and tablespaces are the server's.
  pg_shdescription: { ...each("objoid classoid", held("comment")), description: held("comment.text") },
  pg_shseclabel: {
    ...each("objoid classoid provider", held("securityLabel")),
    label: held("securityLabel.label"),
  },
  pg_default_acl: {
    oid,
    ...each("defaclrole defaclnamespace defaclobjtype", held("defaultPrivilege")),
    defaclacl: held("defaultPrivilege.privileges", "defaultPrivilege.grantable"),
  },
  pg_init_privs: each("objoid classoid objsubid privtype initprivs", follows("what an extension's own script granted")),
  pg_db_role_setting: {
    setdatabase: held("setting"),
    setrole: held("setting"),
    setconfig: held("setting.value"),
  },
  pg_authid: {
    oid,
    rolname: held("role"),
    ...each(
      "rolsuper rolinherit rolcreaterole rolcreatedb rolcanlogin rolreplication rolbypassrls rolconnlimit rolvaliduntil",
      held("role.options"),
    ),
    rolpassword: secret,
  },
  pg_auth_members: {
    oid,
    roleid: held("membership"),
    member: held("membership"),
    grantor: server("who granted it, which is nobody's wish"),
    admin_option: held("membership.admin"),
    inherit_option: held("membership.inherit"),
    set_option: held("membership.set"),
  },
  pg_database: {
    oid,
    datname: server("the config's url says it"),
    datdba: server("who made the database"),
    ...each(
      "encoding datlocprovider datcollate datctype datlocale daticulocale daticurules",
      server("chosen by CREATE DATABASE once and for all"),
    ),
    ...each(
      "datistemplate datallowconn datconnlimit dattablespace",
      server("how the server treats the database, not what is in it"),
    ),
    ...each("datlastsysoid datfrozenxid datminmxid dathasloginevt datcollversion", state("the server's own")),
    datacl: held("grant.privileges", "grant.grantable"),
  },
  pg_depend: {
    ...each("classid objid objsubid refclassid refobjid refobjsubid", follows("from what objects are made of")),
    deptype: held("extensionDependence"),
  },
  pg_shdepend: each("dbid classid objid objsubid refclassid refobjid deptype", follows("from owners and grants")),
  pg_statistic: each(
    "starelid staattnum stainherit stanullfrac stawidth stadistinct stakind1 stakind2 stakind3 stakind4 stakind5 staop1 staop2 staop3 staop4 staop5 stacoll1 stacoll2 stacoll3 stacoll4 stacoll5 stanumbers1 stanumbers2 stanumbers3 stanumbers4 stanumbers5 stavalues1 stavalues2 stavalues3 stavalues4 stavalues5",
    state("what ANALYZE found"),
  ),
  pg_statistic_ext_data: each(
    "stxoid stxdinherit stxdndistinct stxddependencies stxdmcv stxdexpr",
    state("what ANALYZE found"),
  ),
  ...Object.fromEntries(
    (
      [
        ["pg_largeobject", "loid pageno data"],
        ["pg_largeobject_metadata", "oid lomowner lomacl"],
      ] as const
    ).map(([catalog, columns]) => [catalog, each(columns, state("large objects are data, as rows are"))]),
  ),
  pg_tablespace: each(
    "oid spcname spcowner spcacl spcoptions",
    server("tablespaces are made by whoever runs the server; which one a thing lies in is held"),
  ),
  pg_parameter_acl: each("oid parname paracl", server("who may set a parameter of the server")),
  pg_replication_origin: each("roident roname", state("of replication")),
};
