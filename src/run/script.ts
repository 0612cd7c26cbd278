/** Revisions as an SQL script for `psql -f`, which leaves the database and its ledger as a run would. */
import { inOrder, withAncestors } from "../revision/graph.ts";
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import { literal, name } from "../sql.ts";
import { BadTarget, HistoryBroken, label, UnsafeRevision } from "./errors.ts";
import { findRevision, toApply } from "./goal.ts";
import { compare, lineOf } from "./history.ts";
import {
  createLedger,
  emptyLedger,
  idArray,
  writeDone,
  writeIntent,
  writeIntentDone,
  writeRevision,
  type RowSql,
} from "./ledger.ts";
import { lockInScript, unlockInScript } from "./lock.ts";
import { guardFor } from "./message.ts";
import { heldInScripts, searchPath } from "./pins.ts";
import { stepRow, unitsOf, type Unit, type Work } from "./work.ts";

export interface ScriptOptions {
  readonly ledger?: string;
  readonly tool?: string;
  /** Ids that are applied already, when a database was asked; otherwise the range says. */
  readonly applied?: readonly string[];
}

/** `apply --sql`: everything up to the target, `+N` of it, or from A (which is there) to B with `A:B`; A may be `base`. */
export function applyScript(list: RevisionList, target = "head", options: ScriptOptions = {}): string {
  refuseBroken(list);
  const [from, to] = target.includes(":") ? (target.split(":") as [string, string]) : ["base", target];
  const there = new Set([
    ...(from === "base" || from === "" ? [] : lineOf(list, find(list, from).revision.id)).map((f) => f.revision.id),
    ...(options.applied ?? []),
  ]);
  if (to.startsWith("+") && !target.includes(":") && options.applied === undefined)
    throw new BadTarget(
      `"${to}" counts from where a database is`,
      "Name the database (--url, --env), or say from where: A:+N, where A is applied (or base).",
    );
  const pending = list.files.filter((f) => !there.has(f.revision.id));
  return script(toApply(list, { pending }, to === "" ? "head" : to), "up", options);
}

/** `rollback --sql A:B`: from A, which is current, back to B, which stays; B may be `base`. */
export function rollbackScript(list: RevisionList, range: string, options: ScriptOptions = {}): string {
  refuseBroken(list);
  const [from, to, more] = range.split(":");
  if (from === undefined || to === undefined || from === "" || more !== undefined)
    throw new BadTarget(
      `"${range}" is no range`,
      "Without a database, say from where to where: A:B, where B stays (or base).",
    );
  const line = from === "head" ? list.files : lineOf(list, find(list, from).revision.id);
  const nodes = line.map((f) => ({ ...f.revision, f }));
  const stays = to === "base" || to === "" ? new Set<string>() : withAncestors(nodes, find(list, to).revision.id);
  return script(
    inOrder(nodes)
      .map((n) => n.f)
      .filter((f) => !stays.has(f.revision.id))
      .reverse(),
    "down",
    options,
  );
}

function refuseBroken(list: RevisionList): void {
  const { problems } = compare(list, emptyLedger);
  if (problems.length > 0) throw new HistoryBroken(problems);
}

function find(list: RevisionList, target: string): RevisionFile {
  const { id } = findRevision(
    list.files.map((f) => f.revision),
    target,
  );
  return list.files.find((f) => f.revision.id === id)!;
}

function script(files: readonly RevisionFile[], direction: "up" | "down", options: ScriptOptions): string {
  const ledger = options.ledger ?? "schemac";
  const tool = options.tool ?? "schemac";
  const works = files.map((file): Work => ({
    file,
    direction,
    attempt: 0,
    seq: 0,
    done: new Set(),
    intents: new Set(),
    before: null,
    resumed: false,
  }));
  const out = [
    `-- ${direction === "up" ? "apply" : "rollback"}: ${files.map((f) => label(f.revision)).join(", ") || "nothing to do"}`,
    `\\set ON_ERROR_STOP on`,
    `set client_encoding = 'UTF8'`,
    `set standard_conforming_strings = on`,
    `set client_min_messages = warning`,
    `begin`,
    createLedger(ledger, true),
    `commit`,
    lockInScript,
    `select 1 / ${nothingUnderWay(ledger)}::int as nothing_is_under_way`,
    ...works.flatMap((w) => revision(w, ledger, tool)),
    unlockInScript,
  ];
  return out.map((line) => (/^(--|\\)/.test(line) ? line : line + "\n;")).join("\n") + "\n";
}

function revision(work: Work, ledger: string, tool: string): readonly string[] {
  const r = work.file.revision;
  return [
    `-- revision ${label(r)}, ${work.direction}`,
    ...unitsOf(work).flatMap((u) => {
      const row = rowFor(u, ledger, tool);
      const begin = [
        "begin",
        guardFor(u.job.kind === "transaction" ? u.job.path : undefined, heldInScripts),
        u.first ? expectation(work, ledger) : underWay(work, ledger),
      ];
      const text = (t: { readonly text: string }): string => t.text.replace(/;\s*$/, "");
      switch (u.job.kind) {
        case "transaction":
          return [
            ...begin,
            ...u.job.texts.filter((t) => t.pieces.length > 0).map(text),
            writeDone(ledger, row, stepRow(u)),
            "commit",
          ];
        case "end":
          return [...begin, writeRevision(ledger, row), "commit"];
        case "outside": {
          const path = `set search_path = ${searchPath(u.job.path)}`;
          const begun = rowFor({ ...u, last: false }, ledger, tool);
          const later = u.first ? row : rowFor({ ...u, first: false }, ledger, tool);
          return [
            ...begin,
            writeIntent(ledger, begun, stepRow(u)),
            "commit",
            path,
            "set lock_timeout = 0",
            text(u.job.statement),
            "reset lock_timeout",
            "reset search_path",
            "begin",
            guardFor(undefined, heldInScripts),
            underWay(work, ledger),
            writeIntentDone(
              ledger,
              { ...later, attempt: attemptNow(r.id, ledger), seq: seqNow(r.id, ledger) },
              stepRow(u),
            ),
            "commit",
          ];
        }
        case "function":
          throw new UnsafeRevision(
            r,
            `(${work.direction}), step ${u.n}: is a function, which cannot be written as SQL`,
            "Apply it with a connection.",
          );
        default:
          return u.job satisfies never;
      }
    }),
  ];
}

const attemptNow = (id: string, ledger: string): string =>
  `(select attempt from ${name(ledger)}.revision where id = ${literal(id)})`;
const seqNow = (id: string, ledger: string): string =>
  `(select seq from ${name(ledger)}.revision where id = ${literal(id)})`;

/** Attempt and place are read from the ledger when the script runs; the first step of a revision makes them new. */
function rowFor(u: Unit, ledger: string, tool: string): RowSql {
  const { revision: r, checksum } = u.work.file;
  const up = u.work.direction === "up";
  const state = up ? (u.last ? "applied" : "applying") : u.last ? "undone" : "undoing";
  const s = name(ledger);
  return {
    id: literal(r.id),
    number: String(r.number),
    name: literal(r.name),
    parents: idArray(r.parents),
    checksum: literal(checksum),
    state: literal(state),
    how: literal("run"),
    seq: u.first && up ? `(select coalesce(max(seq), 0) + 1 from ${s}.revision)` : seqNow(r.id, ledger),
    attempt: u.first ? `coalesce(${attemptNow(r.id, ledger)}, 0) + 1` : attemptNow(r.id, ledger),
    tool: literal(tool),
  };
}

/** For the steps after the first, which may have failed. */
const underWay = ({ file, direction }: Work, ledger: string): string =>
  `select 1 / exists (select from ${name(ledger)}.revision where id = ${literal(file.revision.id)} and state = ${literal(direction === "up" ? "applying" : "undoing")})::int as is_under_way`;

const nothingUnderWay = (ledger: string): string =>
  `(not exists (select from ${name(ledger)}.revision where state in ('applying', 'undoing')))`;

/** Division by zero unless the database is where the script takes it to be: also when psql is told to go on after errors. */
function expectation(work: Work, ledger: string): string {
  const r = work.file.revision;
  const s = name(ledger);
  const applied = (ids: readonly string[]): string =>
    `(select pg_catalog.count(*) from ${s}.revision where state = 'applied' and id = any (${idArray(ids)}))`;
  // Undoing by a file that was edited since would undo something else.
  const asApplied = `exists (select from ${s}.revision where state = 'applied' and id = ${literal(r.id)} and checksum = ${literal(work.file.checksum)})`;
  const fits =
    work.direction === "down" ? asApplied : `${applied(r.parents)} = ${r.parents.length} and ${applied([r.id])} = 0`;
  return `select 1 / (${fits} and ${nothingUnderWay(ledger)})::int as ${work.direction === "down" ? "was_applied" : "was_next"}`;
}
