/** Revisions as an SQL script for `psql -f`, which leaves the database and its ledger as a run would. */
import { inOrder } from "../revision/graph.ts";
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import { dollar, literal, name } from "../sql.ts";
import { BadTarget, HistoryBroken, label, UnsafeRevision } from "./errors.ts";
import { findRevision, refuseForward, toApply } from "./goal.ts";
import { compare, lineOf } from "./history.ts";
import {
  createLedger,
  createLedgerSchema,
  emptyLedger,
  idArray,
  ledgerFormat,
  noMeta,
  noRevision,
  stepsAstray,
  writeDone,
  writeIntent,
  writeIntentDone,
  writeRevision,
  type RowSql,
} from "./ledger.ts";
import { lockAssertion, lockInScript, unlockInScript } from "./lock.ts";
import { beginning, guardFor } from "./message.ts";
import { heldInScripts, insideSettings, outsideSettings, pinInScript, unpinInScript } from "./pins.ts";
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
  const range = rangeOf(target);
  const { from, to } = range === null ? { from: "base", to: target } : { from: range.from, to: range.to || "head" };
  const first = from === "base" || from === "" ? null : find(list, from);
  const there = new Set([
    ...(first === null ? [] : lineOf(list, first.revision.id)).map((f) => f.revision.id),
    ...(options.applied ?? []),
  ]);
  if (to.startsWith("+") && range === null && options.applied === undefined)
    throw new BadTarget(
      `"${to}" counts from where a database is`,
      "Name the database (--url, --env), or say from where: A:+N, where A is applied (or base).",
    );
  const pending = list.files.filter((f) => !there.has(f.revision.id));
  const files = toApply(list, { pending }, to);
  if (first !== null && !to.startsWith("+"))
    mustBuildOn(
      list,
      find(list, to),
      first,
      "A:B goes from A, which is applied, up to B. For the way back there is rollback --sql.",
    );
  return script(files, "up", options);
}

/** `rollback --sql A:B`: from A, which is current, back to B, which stays; B may be `base`. */
export function rollbackScript(list: RevisionList, range: string, options: ScriptOptions = {}): string {
  refuseBroken(list);
  const { from, to } = rangeOf(range) ?? { from: "", to: "" };
  if (from === "" || to === "")
    throw new BadTarget(
      `"${range}" is no range`,
      "Without a database, say from where to where: A:B, where B stays (or base).",
    );
  if (from === "base") throw new BadTarget(`"${range}" goes forward: that is for apply`);
  refuseForward(to);
  const current = find(list, from);
  const stays = to === "base" ? null : find(list, to);
  if (stays !== null) mustBuildOn(list, current, stays, "A:B goes from A, which is applied, back to B, which stays.");
  const staying = new Set(stays === null ? [] : lineOf(list, stays.revision.id));
  const undone = lineOf(list, current.revision.id).filter((f) => !staying.has(f));
  return script(
    inOrder(undone.map((f) => ({ ...f.revision, f })))
      .map((n) => n.f)
      .reverse(),
    "down",
    options,
  );
}

/** The two ends of `A:B`; null: it is no range. */
function rangeOf(text: string): { readonly from: string; readonly to: string } | null {
  const [from, to, ...more] = text.split(":");
  if (from === undefined || to === undefined) return null;
  if (more.length > 0) throw new BadTarget(`"${text}" is no range`, "A range has two ends: A:B.");
  return { from, to };
}

function mustBuildOn(list: RevisionList, later: RevisionFile, earlier: RevisionFile, advice: string): void {
  if (lineOf(list, later.revision.id).includes(earlier)) return;
  throw new BadTarget(`${label(earlier.revision)} does not come before ${label(later.revision)}`, advice);
}

function refuseBroken(list: RevisionList): void {
  const { problems } = compare(list, emptyLedger);
  if (problems.length > 0) throw new HistoryBroken(problems);
}

function find(list: RevisionList, target: string): RevisionFile {
  // There is one head, or the history would be broken.
  const head = target === "head" || target === "heads" ? list.files.at(-1) : undefined;
  if (head !== undefined) return head;
  const revisions = list.files.map((f) => f.revision);
  return list.files[revisions.indexOf(findRevision(revisions, target, "base, head"))]!;
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
  return [
    `-- ${direction === "up" ? "apply" : "rollback"}: ${files.map((f) => label(f.revision)).join(", ") || "nothing to do"}`,
    `\\set ON_ERROR_STOP on`,
    ...[
      pinInScript,
      lockInScript,
      opening(ledger),
      `select 1 / ${nothingUnderWay(ledger)}::int as nothing_is_under_way`,
      ...(direction === "down" && files.length > 0
        ? [`select 1 / ${nothingElseBuildsOn(files, ledger)}::int as nothing_builds_on_them`]
        : []),
    ].map(ended),
    ...works.flatMap((w) => [
      `-- revision ${label(w.file.revision)}, ${direction}`,
      ...revision(w, ledger, tool).map(ended),
    ]),
    ...[unlockInScript, unpinInScript].map(ended),
    "",
  ].join("\n");
}

/** On a line of its own, for a text may end with a comment. */
const ended = (sql: string): string => sql + "\n;";

/**
 * What a run looks at before it begins, and the ledger where there is none; who may use one need not be able to make
 * one. When it fails it gives the lock back, so that no step finds its guard true, also when psql is told to go on after
 * errors.
 */
function opening(ledger: string): string {
  const s = name(ledger);
  const meta = `${s}.meta`;
  return `do ${dollar(`
declare
  encoding text := pg_catalog.current_setting('server_encoding');
  ledger_format integer;
  lost text;
begin
  perform ${lockAssertion};
  if pg_catalog.current_setting('transaction_read_only') = 'on' then
    raise exception 'the database is read-only, or the server is a standby';
  end if;
  if encoding <> 'UTF8' then
    raise exception using message = pg_catalog.concat('the database''s encoding is ', encoding, '; schemac works with UTF8 only');
  end if;
  if pg_catalog.to_regclass(${literal(meta)}) is null then
    if pg_catalog.to_regnamespace(${literal(s)}) is null then
      ${createLedgerSchema(ledger)};
    end if;
    ${createLedger(ledger, false, true)};
  end if;
  select format into ledger_format from ${meta};
  if not found then
    raise exception using message = ${literal(`the ledger in schema ${s} is damaged: ${noMeta}`)};
  end if;
  if ledger_format > ${ledgerFormat} then
    raise exception using message = pg_catalog.concat(${literal(`the ledger in schema ${s} is of format `)}, ledger_format, ${literal(`; this script knows format ${ledgerFormat}`)}),
      hint = 'Write it with the newer version of schemac.';
  end if;
  select pg_catalog.string_agg(revision, ', ') into lost from (${stepsAstray(ledger)}) as l;
  if lost is not null then
    raise exception using message = pg_catalog.concat(${literal(`the ledger in schema ${s} is damaged: ${noRevision} `)}, lost);
  end if;
exception when others then
  execute ${literal(unlockInScript)};
  raise;
end`)}`;
}

function revision(work: Work, ledger: string, tool: string): readonly string[] {
  const r = work.file.revision;
  return unitsOf(work).flatMap((u) => {
    const row = rowFor(u, ledger, tool);
    const begin = [
      beginning,
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
        const begun = rowFor({ ...u, last: false }, ledger, tool);
        const later = u.first ? row : rowFor({ ...u, first: false }, ledger, tool);
        return [
          ...begin,
          writeIntent(ledger, begun, { ...stepRow(u), checksum: literal(u.job.effect) }),
          "commit",
          outsideSettings(u.job.path, settings),
          text(u.job.statement),
          insideSettings(settings),
          beginning,
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
  });
}

/** Whether a server can look whether its client is still there is found out by a run only. */
const settings = { held: heldInScripts, checksClient: false };

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

/** Nothing that stays builds on what is undone. */
function nothingElseBuildsOn(files: readonly RevisionFile[], ledger: string): string {
  const ids = idArray(files.map((f) => f.revision.id));
  return `(not exists (select from ${name(ledger)}.revision where state = 'applied' and parents && ${ids} and not id = any (${ids})))`;
}

/** Division by zero unless the database is where the script takes it to be: also when psql is told to go on after errors. */
function expectation(work: Work, ledger: string): string {
  const r = work.file.revision;
  const s = name(ledger);
  const applied = (ids: readonly string[]): string =>
    `(select pg_catalog.count(*) from ${s}.revision where state = 'applied' and id = any (${idArray(ids)}))`;
  // Undoing by a file that was edited since would undo something else.
  const asApplied = `exists (select from ${s}.revision where state = 'applied' and id = ${literal(r.id)} and checksum = ${literal(work.file.checksum)})`;
  const fits =
    work.direction === "down"
      ? `${asApplied} and ${nothingElseBuildsOn([work.file], ledger)}`
      : `${applied(r.parents)} = ${r.parents.length} and ${applied([r.id])} = 0`;
  return `select 1 / (${fits} and ${nothingUnderWay(ledger)})::int as ${work.direction === "down" ? "was_applied" : "was_next"}`;
}
