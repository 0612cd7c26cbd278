/**
 * The ledger: what was run on this database, in a schema of its own. A revision's row and its steps' rows are written in
 * the transactions of the steps themselves, so they cannot disagree with what happened.
 */
import { DatabaseError, type Connection, type Result } from "./connection.ts";
import { LedgerDamaged, Unsupported } from "./errors.ts";
import { literal, name } from "../sql.ts";

/** Raised when the tables change; `upgrade` then says how. */
export const ledgerFormat = 1;

export type RevisionState = "applying" | "applied" | "undoing" | "undone";
export type How = "run" | "stamp" | "baseline";

/** A revision's row. Times are the server's. */
export interface Recorded {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly parents: readonly string[];
  readonly checksum: string;
  readonly state: RevisionState;
  readonly how: How;
  /** Place in the order in which revisions were applied. */
  readonly seq: number;
  /** Grows with every run up or down; the journal of each is kept. */
  readonly attempt: number;
  readonly started: string;
  readonly finished: string | null;
  readonly tool: string;
  readonly user: string;
}
/** A step's row, of an attempt that has not ended. */
export interface JournalRow {
  readonly revision: string;
  readonly n: number;
  readonly direction: "up" | "down";
  readonly kind: string;
  readonly checksum: string;
  readonly state: "intent" | "done";
}
export interface Ledger {
  /** What this one was called when it was made, a UUID: no other database has it but a copy. Null: there is none. */
  readonly instance: string | null;
  readonly revisions: readonly Recorded[];
  readonly journal: readonly JournalRow[];
}
export const emptyLedger: Ledger = { instance: null, revisions: [], journal: [] };

/** Its tables, and the columns that tell each of them from another's table of that name. */
export const ledgerTables: Readonly<Record<string, readonly string[]>> = {
  meta: ["one", "format", "instance", "created"],
  revision: ["id", "number", "parents", "checksum", "state", "how", "attempt"],
  step: ["revision", "attempt", "n", "direction", "checksum", "tries"],
  event: ["at", "kind", "revision", "detail", "db_user"],
};

/** SQL that makes its schema, which nobody but its owner may use. */
export const createLedgerSchema = (ledger: string): string =>
  `create schema if not exists ${name(ledger)};\nrevoke all on schema ${name(ledger)} from public`;

/** SQL that makes the ledger. Only we write it and each value is checked when it is read, so it has no checks that each tiny step would pay for. Harmless where it is there. `schema`: false when its schema exists already (creating one needs a right on the database even so). `anew`: refuses tables of others under its names. */
export function createLedger(ledger: string, schema: boolean, anew = false): string {
  const s = name(ledger);
  const unlessThere = anew ? "" : "if not exists ";
  return [
    ...(schema ? [createLedgerSchema(ledger)] : []),
    `create table ${unlessThere}${s}.meta (
  one boolean primary key default true check (one),
  format integer not null,
  instance uuid not null default pg_catalog.gen_random_uuid(),
  created timestamp with time zone not null default pg_catalog.clock_timestamp()
)`,
    `create table ${unlessThere}${s}.revision (
  id text primary key,
  number integer not null,
  name text not null,
  parents text[] not null,
  checksum text not null,
  state text not null,
  how text not null,
  seq bigint not null,
  attempt integer not null,
  started timestamp with time zone not null default pg_catalog.clock_timestamp(),
  finished timestamp with time zone,
  tool text not null,
  db_user text not null default session_user
)`,
    // Only one revision can be under way.
    `create unique index ${unlessThere}one_open on ${s}.revision ((true)) where state in ('applying', 'undoing')`,
    // No foreign key to revision: its check would cost each tiny revision more than the row itself.
    `create table ${unlessThere}${s}.step (
  revision text not null,
  attempt integer not null,
  n integer not null,
  direction text not null,
  kind text not null,
  checksum text not null,
  state text not null,
  tries integer not null default 1,
  xid xid8 not null default pg_catalog.pg_current_xact_id(),
  pid integer not null default pg_catalog.pg_backend_pid(),
  started timestamp with time zone not null default pg_catalog.clock_timestamp(),
  finished timestamp with time zone,
  primary key (revision, attempt, n)
)`,
    `create table ${unlessThere}${s}.event (
  at timestamp with time zone not null default pg_catalog.clock_timestamp(),
  kind text not null,
  revision text,
  detail text,
  db_user text not null default session_user
)`,
    `insert into ${s}.meta (format) values (${ledgerFormat}) on conflict do nothing`,
  ].join(";\n");
}

/** Rows that somebody took out by hand: what was run is then told in part only. */
export const noMeta = "its table meta has lost its row";
export const noRevision = "its table step has steps of revisions that its table revision has lost:";
/** SQL that asks for the ids of those revisions. */
export const stepsAstray = (ledger: string): string =>
  `select distinct j.revision from ${name(ledger)}.step j where not exists (select from ${name(ledger)}.revision r where r.id = j.revision) order by 1`;

/** Reads the ledger; call it under the lock when what it says is acted upon. */
export async function readLedger(connection: Connection, ledger: string): Promise<Ledger> {
  const s = name(ledger);
  const [meta, revisions, journal, astray] = await ask(
    connection,
    ledger,
    `select id, number, name, pg_catalog.array_to_string(parents, ',') as parents, checksum, state, how, seq, attempt, started, finished, tool, db_user from ${s}.revision order by seq, number;
select j.revision, j.n, j.direction, j.kind, j.checksum, j.state, j.tries, j.finished from ${s}.step j join ${s}.revision r on r.id = j.revision and r.attempt = j.attempt where r.state in ('applying', 'undoing') order by j.n;
${stepsAstray(ledger)}`,
  );
  if (meta!.rows.length === 0) throw new LedgerDamaged(ledger, noMeta);
  const lost = astray!.rows.map((r) => r["revision"]!);
  if (lost.length > 0) throw new LedgerDamaged(ledger, `${noRevision} ${lost.join(", ")}`);
  return {
    instance: meta!.rows[0]!["instance"]!,
    revisions: revisions!.rows.map((r) => ({
      id: r["id"]!,
      number: Number(r["number"]),
      name: r["name"]!,
      parents: r["parents"] ? r["parents"].split(",") : [],
      checksum: r["checksum"]!,
      state: oneOf(r["state"], ["applying", "applied", "undoing", "undone"] as const),
      how: oneOf(r["how"], ["run", "stamp", "baseline"] as const),
      seq: Number(r["seq"]),
      attempt: Number(r["attempt"]),
      started: r["started"]!,
      finished: r["finished"] ?? null,
      tool: r["tool"]!,
      user: r["db_user"]!,
    })),
    journal: journal!.rows.map((r) => ({
      revision: r["revision"]!,
      n: Number(r["n"]),
      direction: oneOf(r["direction"], ["up", "down"] as const),
      kind: r["kind"]!,
      checksum: r["checksum"]!,
      state: oneOf(r["state"], ["intent", "done"] as const),
    })),
  };
}

function oneOf<T extends string>(value: string | null | undefined, all: readonly T[]): T {
  const found = all.find((a) => a === value);
  if (found === undefined)
    throw new Unsupported(`the ledger holds "${value}", which this version of schemac does not know`);
  return found;
}

/** SQL expressions for a revision's row; in a script some are subqueries, in a prepared statement parameters. */
export interface RowSql {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly parents: string;
  readonly checksum: string;
  readonly state: string;
  readonly how: string;
  readonly seq: string;
  readonly attempt: string;
  readonly tool: string;
}
export interface StepSql {
  readonly n: string;
  readonly direction: string;
  readonly kind: string;
  readonly checksum: string;
}

const insertRevision = (s: string, r: RowSql): string =>
  `insert into ${s}.revision as r (id, number, name, parents, checksum, state, how, seq, attempt, finished, tool)
values (${r.id}, ${r.number}, ${r.name}, ${r.parents}, ${r.checksum}, ${r.state}, ${r.how}, ${r.seq}, ${r.attempt}, case when ${r.state} in ('applied', 'undone') then pg_catalog.clock_timestamp() end, ${r.tool})`;

/** Writes the revision's row as it is from now on. */
const upsertRevision = (s: string, r: RowSql): string =>
  `${insertRevision(s, r)}
on conflict (id) do update set number = excluded.number, name = excluded.name, parents = excluded.parents, checksum = excluded.checksum, state = excluded.state, how = excluded.how,
  seq = excluded.seq, attempt = excluded.attempt, finished = excluded.finished, tool = excluded.tool, db_user = session_user,
  started = case when r.attempt = excluded.attempt then r.started else excluded.started end`;

/** A revision's row alone. */
export const writeRevision = (ledger: string, r: RowSql): string => upsertRevision(name(ledger), r);

/** Journal of a step in whose transaction it stands. A step that is done already is refused by the primary key: it cannot run twice. */
export const writeDone = (ledger: string, r: RowSql, j: StepSql): string =>
  `with r as (${upsertRevision(name(ledger), r)})
${writeStep(ledger, r, j)}`;

/** The same for the only step of a revision that has no row yet. */
export const writeWhole = (ledger: string, r: RowSql, j: StepSql): string =>
  `with r as (${insertRevision(name(ledger), r)})
${writeStep(ledger, r, j)}`;

/** The same without the revision's row. */
export const writeStep = (ledger: string, r: Pick<RowSql, "id" | "attempt">, j: StepSql): string =>
  `insert into ${name(ledger)}.step (revision, attempt, n, direction, kind, checksum, state, finished)
values (${r.id}, ${r.attempt}, ${j.n}, ${j.direction}, ${j.kind}, ${j.checksum}, 'done', pg_catalog.clock_timestamp())`;

/** Before a statement outside transactions: that it may have been begun. Its checksum is that of the effect alone until it is done. */
export const writeIntent = (ledger: string, r: RowSql, j: StepSql): string =>
  `with r as (${upsertRevision(name(ledger), r)})
insert into ${name(ledger)}.step as j (revision, attempt, n, direction, kind, checksum, state)
values (${r.id}, ${r.attempt}, ${j.n}, ${j.direction}, ${j.kind}, ${j.checksum}, 'intent')
on conflict (revision, attempt, n) do update set tries = j.tries + 1, checksum = excluded.checksum where j.state = 'intent'`;

/** After it, and after its effect was seen. */
export const writeIntentDone = (ledger: string, r: RowSql, j: StepSql): string =>
  `with r as (${upsertRevision(name(ledger), r)})
update ${name(ledger)}.step set state = 'done', checksum = ${j.checksum}, finished = pg_catalog.clock_timestamp() where revision = ${r.id} and attempt = ${r.attempt} and n = ${j.n}`;

/** Takes back an attempt of which nothing stays. */
export const forgetAttempt = (ledger: string, id: string, attempt: string, before: RowSql | null): string =>
  `delete from ${name(ledger)}.step where revision = ${id} and attempt = ${attempt};
${before === null ? `delete from ${name(ledger)}.revision where id = ${id}` : upsertRevision(name(ledger), before)}`;

/** Takes back that a step was begun. */
export const forgetIntent = (ledger: string, id: string, attempt: string, n: number): string =>
  `delete from ${name(ledger)}.step where revision = ${id} and attempt = ${attempt} and n = ${n} and state = 'intent'`;

export const writeEvent = (ledger: string, kind: string, revision: string | null, detail: string): string =>
  `insert into ${name(ledger)}.event (kind, revision, detail) values (${literal(kind)}, ${revision === null ? "null" : literal(revision)}, ${literal(detail)})`;

/** A text[] literal of ids, which hold nothing that needs quoting. */
export const idArray = (ids: readonly string[]): string => literal(`{${ids.join(",")}}`);

/** What a server says of a table or column that is not there, or of another type. */
const damage = ["42P01", "42703", "42804", "42883"];

/**
 * Together with the format, which is told first: tables of another may lack what is asked for. What a run will write is asked
 * for too, so that it does not break off at it.
 */
async function ask(connection: Connection, ledger: string, questions: string): Promise<readonly Result[]> {
  const s = name(ledger);
  const format = `select format, instance from ${s}.meta`;
  try {
    const answers = await connection.query(`${format};\n${questions}`);
    refuseNewer(s, answers[0]);
    return answers;
  } catch (e) {
    if (!(e instanceof DatabaseError) || !e.code.startsWith("42")) throw e;
    const meta = await connection.query(format).catch((again: unknown) => {
      if (again instanceof DatabaseError) return [];
      throw again;
    });
    refuseNewer(s, meta[0]);
    throw damage.includes(e.code) ? new LedgerDamaged(ledger, e.message, e) : e;
  }
}
function refuseNewer(s: string, meta: Result | undefined): void {
  const format = Number(meta?.rows[0]?.["format"] ?? ledgerFormat);
  if (format > ledgerFormat)
    throw new Unsupported(
      `the ledger in schema ${s} is of format ${format}; this version of schemac knows format ${ledgerFormat}`,
      "Use the newer version of schemac.",
    );
}
