/** Records revisions as applied, or as not, without running them. */
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import { literal, name } from "../sql.ts";
import { nameOf } from "./apply.ts";
import { DatabaseError, type Connection } from "./connection.ts";
import { HistoryBroken, Unsupported, type RevisionName } from "./errors.ts";
import { findRevision } from "./goal.ts";
import { compare, lineOf } from "./history.ts";
import { idArray, writeEvent, writeRevision, type How, type Recorded, type RowSql } from "./ledger.ts";
import { guardFor } from "./message.ts";
import { settle, type RunOptions } from "./options.ts";
import { underLock } from "./session.ts";
import { rowOf } from "./work.ts";

export interface StampOptions extends RunOptions {
  /** Forget everything that was recorded first; also what the files don't know. */
  readonly purge?: boolean;
  readonly how?: Exclude<How, "run">;
}
export interface StampResult {
  /** Recorded as applied now, and not before (or with another checksum). */
  readonly stamped: readonly RevisionName[];
  /** Recorded as applied before, and not now. */
  readonly unstamped: readonly RevisionName[];
  /** What `purge` took out of the ledger for good. */
  readonly forgotten: readonly RevisionName[];
}

/**
 * Afterwards exactly `target` and all it builds on are recorded as applied: `head`, `base` (none), or a revision. It also
 * takes the files' checksums for what is applied already, so it is the way to accept an edited file, and ends a half-run
 * revision's being under way.
 */
export async function stampRevisions(
  connection: Connection,
  list: RevisionList,
  target: string,
  options: StampOptions = {},
): Promise<StampResult> {
  const settled = settle(options);
  const told: Told = { stamped: new Map(), unstamped: new Map(), forgotten: new Map() };
  return underLock(connection, settled, async ({ session, ledger, ensureLedger }) => {
    const { problems, files } = compare(list, ledger);
    const broken = problems.filter((p) => p.kind === "file");
    if (broken.length > 0) throw new HistoryBroken(broken);
    const wanted =
      target === "base"
        ? []
        : target === "head"
          ? list.files
          : lineOf(
              list,
              findRevision(
                list.files.map((f) => f.revision),
                target,
              ).id,
            );
    const before = new Map(options.purge === true ? [] : ledger.revisions.map((r) => [r.id, r]));
    const keep = new Set(wanted.map((f) => f.revision.id));
    const stamped = wanted.filter((f) => !isRecorded(f, before.get(f.revision.id)));
    const unstamped = [...before.values()].filter((r) => r.state !== "undone" && !keep.has(r.id));
    const forgotten = options.purge === true ? ledger.revisions.filter((r) => !keep.has(r.id)) : [];
    for (const { revision } of stamped) told.stamped.set(revision.id, nameOf(revision));
    const called = (r: Recorded): RevisionName => nameOf(files.get(r.id)?.revision ?? r);
    for (const r of unstamped) told.unstamped.set(r.id, called(r));
    for (const r of forgotten) told.forgotten.set(r.id, called(r));
    let seq = [...before.values()].reduce((max, r) => Math.max(max, r.seq), 0);
    await ensureLedger();
    const s = name(settled.ledger);
    const statements = [
      `begin`,
      guardFor(undefined, session.pins.held),
      ...(options.purge === true
        ? [`delete from ${s}.step`, `delete from ${s}.revision`, writeEvent(settled.ledger, "purge", null, "")]
        : []),
      // First those that end, for only one revision can be under way.
      ...unstamped.flatMap((r) => [
        writeRevision(settled.ledger, {
          ...rowOf(r),
          state: literal("undone"),
          how: literal(options.how ?? "stamp"),
          attempt: String(r.attempt + 1),
        }),
        writeEvent(settled.ledger, "unstamp", r.id, target),
      ]),
      ...stamped.flatMap((f) => [
        writeRevision(
          settled.ledger,
          rowFor(f, before.get(f.revision.id), () => ++seq, options.how ?? "stamp", settled.tool),
        ),
        writeEvent(settled.ledger, options.how ?? "stamp", f.revision.id, target),
      ]),
      `commit`,
    ];
    try {
      await session.connection.query(statements.join(";\n"));
    } catch (e) {
      if (!(e instanceof DatabaseError)) throw e;
      await session.connection.query("rollback");
      throw new Unsupported(`nothing could be recorded: ${e.message}`, "Nothing was changed.", e);
    }
    return {
      stamped: [...told.stamped.values()],
      unstamped: [...told.unstamped.values()],
      forgotten: [...told.forgotten.values()],
    };
  });
}

/** What is told in the end, over all passes: where the connection was lost after the commit, the next one finds all of it done. */
interface Told {
  readonly stamped: Map<string, RevisionName>;
  readonly unstamped: Map<string, RevisionName>;
  readonly forgotten: Map<string, RevisionName>;
}

const isRecorded = (f: RevisionFile, r: Recorded | undefined): boolean =>
  r?.state === "applied" && r.checksum === f.checksum;

/** An applied one keeps its place in the order and how it came to be. */
function rowFor(f: RevisionFile, before: Recorded | undefined, next: () => number, how: How, tool: string): RowSql {
  const was = before?.state === "applied" ? before : null;
  return {
    id: literal(f.revision.id),
    number: String(f.revision.number),
    name: literal(f.revision.name),
    parents: idArray(f.revision.parents),
    checksum: literal(f.checksum),
    state: literal("applied"),
    how: literal(was?.how ?? how),
    seq: String(was?.seq ?? next()),
    attempt: String(was?.attempt ?? (before?.attempt ?? 0) + 1),
    tool: literal(tool),
  };
}
