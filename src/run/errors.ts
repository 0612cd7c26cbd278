/** How a run can end other than well. Each carries the exit code of the command line. */
import type { DatabaseError } from "./connection.ts";
import type { RevisionProblem } from "../revision/read.ts";

/** A revision as messages name it. */
export interface RevisionName {
  readonly id: string;
  readonly number: number;
  readonly name: string;
}
/** `0007_add_invoices` */
export const label = (r: Pick<RevisionName, "number" | "name">): string =>
  `${String(r.number).padStart(4, "0")}_${r.name}`;

/** Every expected bad end of the runner. `message` says what happened, `advice` what to do, each in whole sentences. */
export abstract class RunError extends Error {
  abstract readonly exit: 1 | 4 | 5 | 6 | 7 | 130;
  readonly advice: string;
  constructor(message: string, advice = "", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.advice = advice;
  }
}

/** The database could not be reached, or what says where it is makes no sense. Never holds a password. */
export class CannotConnect extends RunError {
  override readonly name = "CannotConnect";
  override readonly exit = 1;
}

/** The database that a run was on is there no longer: there is nothing to resume on. */
export class DatabaseGone extends RunError {
  override readonly name = "DatabaseGone";
  override readonly exit = 1;
}

/** The connection does not stay with one server process, so neither lock nor journal would hold. */
export class PoolerRefused extends RunError {
  override readonly name = "PoolerRefused";
  override readonly exit = 1;
}

/** The server cannot be worked on: its version, its encoding, a ledger of another version. */
export class Unsupported extends RunError {
  override readonly name = "Unsupported";
  override readonly exit = 1;
}

/** What was asked for is not there, or is ambiguous. */
export class BadTarget extends RunError {
  override readonly name = "BadTarget";
  override readonly exit = 1;
}

/** A revision holds what the runner cannot run safely. Nothing was run. */
export class UnsafeRevision extends RunError {
  override readonly name = "UnsafeRevision";
  override readonly exit = 1;
  readonly revision: RevisionName;
  constructor(revision: RevisionName, message: string, advice = "") {
    super(`revision ${label(revision)} ${message}`, advice);
    this.revision = revision;
  }
}

export interface LockHolder {
  readonly pid: number;
  readonly application: string | null;
  readonly user: string | null;
  /** Seconds since its session began. */
  readonly age: number | null;
}
/** Another runner holds the lock and the wait ran out. */
export class RunnerBusy extends RunError {
  override readonly name = "RunnerBusy";
  override readonly exit = 4;
  readonly holder: LockHolder | null;
  constructor(holder: LockHolder | null) {
    const who =
      holder === null
        ? "another runner"
        : `another runner (server process ${holder.pid}${holder.application ? `, ${holder.application}` : ""}${holder.age === null ? "" : `, for ${Math.round(holder.age)} s`})`;
    super(`${who} holds the lock of this database`, "Wait for it to end and try again. Nothing was changed.");
    this.holder = holder;
  }
}

/** A standby, or a database that takes no writes. */
export class WrongDatabase extends RunError {
  override readonly name = "WrongDatabase";
  override readonly exit = 5;
}

export type HistoryProblem =
  | {
      readonly kind: "edited" | "missing" | "unknown" | "out-of-order";
      readonly revision: RevisionName;
      readonly message: string;
    }
  | { readonly kind: "file"; readonly problem: RevisionProblem; readonly message: string };
/** The files and the ledger don't fit each other, or the files are broken. Nothing was run, at least not since the connection was made. */
export class HistoryBroken extends RunError {
  override readonly name = "HistoryBroken";
  override readonly exit = 6;
  readonly problems: readonly HistoryProblem[];
  /** `state`: what was run and stays, in a sentence. */
  constructor(problems: readonly HistoryProblem[], state = "Nothing was run.") {
    const remedies = new Set(problems.flatMap((p) => remedy[p.kind] ?? []));
    super(problems.map((p) => p.message).join("\n"), [state, ...remedies].join(" "));
    this.problems = problems;
  }
}
const remedy: { readonly [K in HistoryProblem["kind"]]?: string } = {
  edited:
    "Restore the file as it was when it was run, and put the change into a new revision; or, if the database is as the file says now, stamp the current revision, which records the files as they are.",
  missing: "Get the file back, from version control say.",
  unknown: "Get the files that the database was last worked on with.",
  "out-of-order":
    "Roll it back with what builds on it (`schemac rollback`, or `schemac rollback REVISION` with the one that stays), and apply again; one that is half applied is to be finished before, with its file as it was.",
};

/** Part of the ledger's tables or rows is gone, so nobody can tell what was run. */
export class LedgerDamaged extends RunError {
  override readonly name = "LedgerDamaged";
  override readonly exit = 6;
  constructor(ledger: string, what: string, cause?: unknown) {
    super(
      `the ledger in the schema "${ledger}" is damaged: ${what}`,
      "What was run stands there, so nothing is run without it. Get it back from a backup. Where there is none, rename what is left of the schema, and stamp the revision that the database is at: that makes a new ledger, which is another instance.",
      cause,
    );
  }
}

/** Server processes for a sentence; 0 is a prepared transaction. */
export const blockersInWords = (pids: readonly number[]): string =>
  [...new Set(pids)].map((pid) => (pid === 0 ? "a prepared transaction" : `server process ${pid}`)).join(", ");

/** Where in a revision something happened. `step` and `statement` count from 1. */
export interface Place {
  readonly revision: RevisionName;
  readonly direction: "up" | "down";
  readonly step: number;
  readonly steps: number;
  readonly kind: "transaction" | "outside" | "function";
}

/** Postgres refused a statement. */
export class StepFailed extends RunError {
  override readonly name = "StepFailed";
  /** 1: undone whole. 7: something of this run stays committed, and the next run goes on from there. */
  override readonly exit: 1 | 7;
  readonly place: Place;
  /** Statement within the step, from 1; null: not one of the step's own (its COMMIT, its journal). */
  readonly statement: {
    readonly n: number;
    /** Null: a function's, and nobody knows how many it would have sent. */
    readonly of: number | null;
    readonly sql: string;
    readonly line: number | null;
    readonly column: number | null;
  } | null;
  readonly database: DatabaseError | null;
  /** What was undone and what stays, in a sentence. */
  readonly state: string;
  constructor(
    place: Place,
    what: string,
    more: {
      readonly statement: StepFailed["statement"];
      readonly database: DatabaseError | null;
      readonly state: string;
      /** What may be the reason, in a sentence. */
      readonly hint: string | null;
      readonly resumable: boolean;
      readonly cause: unknown;
    },
  ) {
    const at = `step ${place.step} of ${place.steps}${more.statement === null ? "" : `, statement ${more.statement.n}${more.statement.of === null ? "" : ` of ${more.statement.of}`}`}`;
    const state = more.hint === null ? more.state : `${more.state} ${more.hint}`;
    const advice = more.resumable
      ? `${state} It is safe to resume: put right what the statement stumbled on (or the steps not run yet), and run it again.`
      : `${state} Put it right and run it again.`;
    super(`revision ${label(place.revision)} (${place.direction}), ${at}: ${what}`, advice, more.cause);
    this.exit = more.resumable ? 7 : 1;
    this.place = place;
    this.statement = more.statement;
    this.database = more.database;
    this.state = more.state;
  }
}

/** Stopped part-way by something that passes: a lock that could not be had in time, a lost server. Safe to resume. */
export class StoppedPartWay extends RunError {
  override readonly name = "StoppedPartWay";
  override readonly exit = 7;
  readonly place: Place | null;
  constructor(place: Place | null, message: string, advice = "It is safe to resume: run it again.", cause?: unknown) {
    super(message, advice, cause);
    this.place = place;
  }
}

/** Stopped because the caller asked. Safe to resume. */
export class Interrupted extends RunError {
  override readonly name = "Interrupted";
  override readonly exit = 130;
  readonly place: Place | null;
  constructor(place: Place | null, message: string) {
    super(message, "It is safe to resume: run it again.");
    this.place = place;
  }
}
