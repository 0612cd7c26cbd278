/** Rights of those who own things, and who comes to own them: what is said of it settles, and takes nothing from them. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, rolesOnServers, settle, sqlOf, testChanges } from "./said.ts";

const [app, bob, deployer] = [`app_${process.pid}`, `bob_${process.pid}`, `deployer_${process.pid}`];
rolesOnServers(app, bob, deployer);

const owned = `table t { id int }\nowner ${app} on table t`;
const serial = `table t { id bigserial primary key }`;
const identity = `table t { id bigint identity }`;
const view = `view v as $$ select 1 as n $$`;

testChanges("who makes a thing keeps what others' default privileges give", [
  [
    "a table",
    `default privileges for role ${bob} in schema public grant all on tables to postgres with grant option`,
    `default privileges for role ${bob} in schema public grant all on tables to postgres with grant option\ntable t { id int }\nrevoke truncate on t from owner`,
  ],
  [
    "a range",
    `default privileges for role ${bob} grant usage on types to postgres`,
    `default privileges for role ${bob} grant usage on types to postgres\ntype r range of int`,
  ],
  [
    "an identity's sequence on another's table",
    `${owned}\ndefault privileges for role ${bob} grant usage on sequences to ${app}\ndefault privileges for role ${app} revoke usage on sequences from owner`,
    `table t { id int, n bigint identity }\nowner ${app} on table t\ndefault privileges for role ${bob} grant usage on sequences to ${app}\ndefault privileges for role ${app} revoke usage on sequences from owner`,
  ],
  [
    "an identity's sequence on a table that gets another owner",
    `${owned}\ndefault privileges for role ${bob} grant usage on sequences to ${app}`,
    `table t { id int, n bigint identity }\nowner ${bob} on table t\ndefault privileges for role ${bob} grant usage on sequences to ${app}`,
  ],
]);

testChanges("what is granted to who owns it is theirs anyway", [
  [
    "a serial's sequence",
    `${serial}\nowner ${app}`,
    `${serial}\nowner ${app}\ngrant usage on sequence t_id_seq to ${app}`,
  ],
  ["a serial's sequence of ours", serial, `${serial}\ngrant usage on sequence t_id_seq to postgres`],
  [
    "a serial's sequence with less",
    `${serial}\nowner ${app}`,
    `${serial}\nowner ${app}\nrevoke update on sequence t_id_seq from owner`,
  ],
  [
    "an identity's sequence",
    `${identity}\nowner ${app}`,
    `${identity}\nowner ${app}\ngrant usage on sequence t_id_seq to ${app}`,
  ],
  ["an identity's sequence of ours", identity, `${identity}\ngrant usage on sequence t_id_seq to postgres`],
  ["a view's column of ours", view, `${view}\ngrant select (n) on v to postgres`],
  [
    "a new owner",
    serial,
    `${serial}\nowner ${app}\ngrant usage on sequence t_id_seq to ${app}\ngrant select on t to ${app}`,
  ],
]);

test.each(testMajors)("the database and public belong to somebody (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = (await c.query("select quote_ident(current_database()) as d"))[0]!.rows[0]!["d"]!;
    await c.query(`alter database ${name} owner to ${app}`);
    expect(sqlOf(await goAndReturn(c, `grant connect, create on database to ${app}`))).toEqual([]);
    const [its] = (await c.query("select nspowner::regrole::text as o from pg_namespace where nspname = 'public'"))[0]!
      .rows;
    expect(
      sqlOf(await planned(c, `owner ${its!["o"]} on schema public\ngrant all on schema public to ${its!["o"]}`)),
    ).toEqual([]);
    await goAndReturn(c, "revoke create on schema public from owner");
    await goAndReturn(c, `owner ${bob} on schema public\ngrant create on schema public to ${bob}`);
    await c.query(`alter database ${name} owner to postgres`);
  }),
);

testChanges("what the owner grants is granted by the owner", [
  ["one that is said", owned, `${owned}\ngrant select on t to ${bob} granted by ${app}`],
  [
    "beside what is granted so",
    owned,
    `${owned}\ngrant select on t to ${bob} with grant option granted by ${app}\ngrant insert on t to ${bob}`,
  ],
  ["who is connected", "table t { id int }", `table t { id int }\ngrant select on t to ${bob} granted by postgres`],
  ["the usual", "domain d int", `domain d int\ngrant usage on domain d to public granted by postgres`],
]);

const inSchema = (more: string): string =>
  `schema s {\n  table t { id int }\n  view v as $$ select 1 as n $$\n}\n${more}`;

test.each(testMajors)("who comes to own something may create there first (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = (await c.query("select quote_ident(current_database()) as d"))[0]!.rows[0]!["d"]!;
    await c.query(`alter database ${name} owner to ${deployer}; grant ${app} to ${deployer}`);
    await c.query(`set session authorization ${deployer}`);
    await settle(c, inSchema(""));
    await goAndReturn(c, inSchema(`owner ${app} on table s.t, view s.v\ngrant usage, create on schema s to ${app}`));
    await goAndReturn(c, inSchema(`owner ${app} in s\ngrant create on database to ${app}`));
    await c.query("reset session authorization");
    await c.query(`revoke ${app} from ${deployer}`);
  }),
);

testChanges("what is said of a sequence outlives what it is of", [
  [
    "serial and identity",
    `/// Counts.\nsequence t_id_seq owned by t (id)\ntable t { id bigint = nextval('t_id_seq') primary key }\ngrant usage on sequence t_id_seq to ${bob}`,
    `table t { id bigint identity primary key }\ngrant usage on sequence t_id_seq to ${bob}\ncomment 'Counts.' on sequence t_id_seq`,
  ],
]);

const citext = "schema ext {}\nextension pg_trgm in ext\nextension dblink in ext";
testChanges("rights to functions of extensions", [
  ["wherever the extension is", citext, `${citext}\ngrant execute on function similarity(text, text) to ${app}`],
  ["that is to come", "table t {}", `${citext}\nrevoke execute on function similarity(text, text) from public`],
  [
    "whose script took some",
    `${citext}\ngrant execute on function dblink_connect_u(text) to ${app}`,
    `${citext}\ngrant execute on function dblink_connect_u(text) to ${bob} with grant option`,
  ],
]);

test.each(testMajors)("what an update of an extension brings has the usual rights (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const said = (version: string): string =>
      `extension hstore version '${version}'\ndefault privileges for role postgres revoke execute on functions from public\ngrant execute on function hstore_hash(hstore) to ${bob}`;
    await settle(c, said("1.4"));
    await settle(c, said("1.6"));
    const [found] = await c.query(
      "select proname::text as name, proacl::text as acl from pg_proc where proname in ('hstore_hash', 'hstore_hash_extended', 'hstore_in') order by 1",
    );
    expect(found!.rows).toEqual([
      { name: "hstore_hash", acl: `{=X/postgres,postgres=X/postgres,${bob}=X/postgres}` },
      { name: "hstore_hash_extended", acl: "{postgres=X/postgres,=X/postgres}" },
      { name: "hstore_in", acl: null },
    ]);
  }),
);

test.each(testMajors)("import says whose public is, and what is in it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, `table t { id int }\ntable u { id int }\nowner ${app}\nowner ${app} on schema public`);
    const text = await expectReadable(await observe(c));
    expect(text.split("\n").filter((line) => line.startsWith("owner"))).toEqual([
      `owner ${app} on schema public in public`,
      `owner ${app} in public`,
    ]);
  }),
);

const said = "data type for case-insensitive character strings";
testChanges("what Postgres says of its own may be said", [
  ["an extension", "extension citext", `/// ${said}\nextension citext`],
  ["an extension of which another thing was said", "/// Ours.\nextension citext", `/// ${said}\nextension citext`],
  ["a new extension", "table t {}", `/// ${said}\nextension citext`],
  ["the schema public", "/// Ours.\nschema public", "/// standard public schema\nschema public"],
]);

test.each(testMajors)("what initdb says of a database may be said (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = (await c.query("select quote_ident(current_database()) as d"))[0]!.rows[0]!["d"]!;
    await c.query(`comment on database ${name} is 'default administrative connection database'`);
    expect(sqlOf(await planned(c, "/// default administrative connection database\ndatabase"))).toEqual([]);
    expect(sqlOf(await planned(c, ""))).toEqual([]);
  }),
);
