/** The pipeline: .schema text and a live database in, problems or a plan out. Prints nothing, writes nothing. */
import { createHash } from "node:crypto";
import type { Declaration } from "../grammar/declarations.ts";
import type { DbObject } from "./model/objects.ts";
import {
  type Database,
  fragmentsOf,
  type Index,
  indexOf,
  isKind,
  type Observation,
  type Unmodelled,
} from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { Delta, Plan } from "./model/plan.ts";
import { distinct, problem, type Problem, type ProblemCode, sentence, type Span, wordAt } from "./problems.ts";
import type { Analysis } from "./fragments/index.ts";
import { declare, type Declared } from "./declare.ts";
import { type Elaborated, Elaboration, hostOf } from "./elaborate/index.ts";
import { circles, circlesOfRoles } from "./circles.ts";
import { withReference } from "./reference/index.ts";
import { withLookups } from "./lookups.ts";
import { withBodies } from "./bodies.ts";
import { refusedTexts } from "./refused.ts";
import { unsettle } from "./unsettle.ts";
import { align, diff } from "./diff.ts";
import { complete } from "./kinds/complete.ts";
import { plan, type Refusal } from "./plan/index.ts";
import { openSnapshot, type Scope, type Snapshot } from "./snapshot.ts";
import { roomOf } from "./kinds/rooms.ts";
import { staysUnsaid, withSilent } from "./kinds/silence.ts";
import { unmanaged, withLeftOut } from "./kinds/managed.ts";
import { type Connection, DatabaseError } from "./run/connection.ts";
import { recall, type Settled, settledKey, unchanged } from "./settled.ts";
import { searchPath } from "./sql.ts";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What earlier runs learnt; may be empty, may be thrown away at any time. */
export interface Memory {
  readonly analyses: Map<string, Analysis>;
  readonly spellings: Map<string, string>;
  /** Text and place that were found to differ in nothing: hash → what was seen then. */
  readonly settled: Map<string, Settled>;
}
export const emptyMemory = (): Memory => ({ analyses: new Map(), spellings: new Map(), settled: new Map() });

export interface CompileInput {
  readonly connection: Connection;
  readonly files: readonly SourceFile[];
  /** For `${name}` */
  readonly values?: Readonly<Record<string, string>>;
  readonly scope?: Scope;
  /** Of this connection and scope, opened already and perhaps being read; it is closed here. */
  readonly snapshot?: Snapshot;
  readonly memory?: Memory;
  /** A Postgres to ask where the live one cannot be (a standby, no TEMP right, event triggers): it must be empty and may be thrown away. */
  readonly borrow?: () => Promise<Connection>;
}

export interface Compiled {
  readonly problems: readonly Problem[];
  readonly refusals: readonly Refusal[];
  /** null: nothing to do, or problems, or refusals */
  readonly plan: Plan | null;
  /** As it would be after the plan, with every name settled; null where an unchanged mark made looking needless. */
  readonly desired: Database | null;
  /** null likewise */
  readonly observation: Observation | null;
  readonly unmodelled: readonly Unmodelled[];
  /** sha256 of the declared database; the same on every major. Worked out when it is asked for. */
  readonly checksum: () => string;
  /** Fragments that Postgres was asked about in this run. */
  readonly asked: number;
}

/**
 * 1. The live database is read in one snapshot; while the server works, the text is parsed.
 * 2. Declarations become a database; problems end the work here, all of them at their places.
 * 3. Fragments that differ as text are spelled by Postgres; what was remembered is asked anew before it may cause a change.
 * 4. Names nobody said are matched by definition, then everything is compared and the difference planned, up and down.
 */
export async function compile(input: CompileInput): Promise<Compiled> {
  const memory = input.memory ?? emptyMemory();
  const snapshot = input.snapshot ?? (await openSnapshot(input.connection, input.scope));
  try {
    const again = await recall(memory.settled, input, snapshot);
    if (again) return again;
    const key = settledKey(input);
    const settled = memory.settled.get(key);
    const observing = snapshot.observe();
    if (settled && settled.digest === (await observing).digest) {
      memory.settled.set(key, { ...settled, untouched: snapshot.untouched, mark: await snapshot.mark() });
      return unchanged(settled);
    }
    const parsed = await parseAll(input.files, input.values);
    const observation = await observing;
    const compiled = await compileDeclarations(input, memory, snapshot, observation, parsed);
    memory.settled.delete(key);
    // What stands in tables is no part of the catalog that the digest is of.
    const beside = compiled.desired?.objects.some((o) => roomOf(o.id.kind).beside);
    if (compiled.plan === null && !beside && compiled.refusals.length + compiled.problems.length === 0)
      memory.settled.set(key, {
        untouched: snapshot.untouched,
        mark: await snapshot.mark(),
        digest: observation.digest,
        checksum: compiled.checksum(),
        unmodelled: observation.unmodelled,
      });
    return compiled;
  } finally {
    await snapshot.close();
  }
}

async function parseAll(files: readonly SourceFile[], values: Readonly<Record<string, string>> = {}): Promise<Parsed> {
  const { parse, wordsIn } = await import("../grammar/index.ts");
  const parsed = files.map((f) => parse(f.path, f.text, values));
  const texts = new Map(files.map((f) => [f.path, f.text]));
  const words = ({ file, start, end }: Span): readonly string[] => wordsIn(texts.get(file)?.slice(start, end) ?? "");
  return {
    declarations: parsed.flatMap((p) => p.declarations),
    problems: parsed.flatMap((p) => p.problems),
    mayBeBroken: (at) =>
      parsed.some(({ lost }) => lost === null || (lost.size > 0 && words(at).some((w) => lost.has(w)))),
  };
}

interface Parsed {
  readonly declarations: readonly Declaration[];
  readonly problems: readonly Problem[];
  /** What is named there may be declared in what was not understood. */
  readonly mayBeBroken: (at: Span) => boolean;
}

async function compileDeclarations(
  input: CompileInput,
  memory: Memory,
  snapshot: Snapshot,
  observation: Observation,
  { declarations, problems: parseProblems, mayBeBroken }: Parsed,
): Promise<Compiled> {
  const { version } = observation;
  const declared = await declare(declarations, {
    version,
    foreignNames: observation.foreignNames,
    ...(input.scope?.roles === undefined ? {} : { roles: input.scope.roles }),
    analyses: memory.analyses,
  });
  const textAt = ({ file, start, end }: Span): string =>
    input.files.find((f) => f.path === file)?.text.slice(start, end) ?? "";
  const meant = declared.problems
    .filter((p) => !(missing.has(p.code) && mayBeBroken(p.span)))
    .map((p) => withLeftOut(p, input.scope ?? {}, textAt));
  const problems = distinct([
    ...parseProblems,
    ...meant,
    ...unmanaged(declared.database, declared.places, input.scope ?? {}),
    ...circlesOfRoles(declared.database, declared.places),
    ...(await confirm(declared, snapshot)),
  ]);
  const nothing = {
    problems,
    refusals: [],
    plan: null,
    desired: declared.database,
    observation,
    unmodelled: observation.unmodelled,
    checksum: () => checksum(declared.database),
    asked: 0,
  };
  if (problems.some((p) => p.severity === "error")) return nothing;

  const reference = await withReference(input.connection, observation.database, declared.database);
  const refused = reference.failures.flatMap(({ id, error }) => {
    const at = declared.places.get(encode(id));
    return at ? [problem("row-value", at, sentence(error.message))] : [];
  });
  if (refused.length) return { ...nothing, problems: [...problems, ...refused] };
  const judge = await openJudge(input, snapshot, observation.database);
  try {
    const { failures, spelled, desired: settled, deltas, asked } = await compare(judge, reference, memory, observation);
    const textOf = (path: string): string => input.files.find((f) => f.path === path)?.text ?? "";
    const told = refusedTexts(failures, settled, deltas, declared.places, textOf);
    if (!deltas.length || told.length)
      return { ...nothing, problems: distinct([...problems, ...told]), desired: settled, asked };

    const full = await snapshot.withDependencies(observation);
    // The spelled fragments, with the dependencies of the catalog.
    const needs = indexOf(full.database);
    const actual = withLookups({
      objects: spelled.objects.map((o) => withNeeds(o, needs.get(encode(o.id))?.needs ?? [])),
    });
    const looked = await withBodies(settled, observation.database, deltas, snapshot, declared.places);
    const updated = await withUpdates(looked.desired, deltas, snapshot);
    const desired = await withRequirements(withGrounds(updated, deltas, needs), deltas, snapshot);
    const circular = circles(desired, deltas, declared.places);
    if (circular.length) return { ...nothing, problems: [...problems, ...circular], desired, asked };
    const planned = plan(actual, desired, { version, unmodelled: full.unmodelled });
    return {
      ...nothing,
      ...planned,
      problems: [...problems, ...looked.problems],
      desired,
      observation: full,
      asked,
    };
  } finally {
    await judge.close();
  }
}

/** Both databases with their texts as Postgres spells them, and what differs. */
interface Compared {
  /** The live one, with nothing but its texts spelled. */
  readonly spelled: Database;
  readonly desired: Database;
  readonly deltas: readonly Delta[];
  readonly failures: Elaborated["failures"];
  readonly asked: number;
}

async function compare(
  judge: Judge,
  reference: Pick<Awaited<ReturnType<typeof withReference>>, "actual" | "desired">,
  { spellings }: Memory,
  observation: Observation,
): Promise<Compared> {
  const { connection, version } = judge;
  const elaboration = new Elaboration(connection, version, reference.actual, reference.desired, spellings);
  const settle = (answer: Elaborated) => {
    const actual = complete(answer.actual);
    const desired = withSilent(actual, align(actual, complete(answer.desired), named(version)), observation);
    return { spelled: answer.actual, actual, desired, failures: answer.failures, deltas: diff(actual, desired) };
  };
  const remembered = spellings.size > 0;
  let found = settle(await elaboration.spell());
  if (found.deltas.length && remembered) {
    // Something remembered may be out of date: what is about to be changed is asked anew.
    const [live, wanted] = [indexOf(found.actual), indexOf(found.desired)];
    const changing = found.deltas.map((d) => (d.op === "drop" ? hostOf(d.from, live) : hostOf(d.to, wanted)));
    const anew = await elaboration.spellAnew(new Set(changing));
    if (anew) found = settle(anew);
  }
  const unsettled = unsettle(found.actual, found.desired, found.deltas);
  const compared = unsettled ? { ...found, desired: unsettled, deltas: diff(found.actual, unsettled) } : found;
  const made = compared.deltas.flatMap((d) => (d.op === "create" ? [d.to] : []));
  // One that was borrowed has no tables.
  const failures = judge.borrowed
    ? found.failures.filter(({ error }) => error.code === "42601")
    : await elaboration.tryNew(made);
  return { ...compared, failures, asked: elaboration.asked };
}

/**
 * Texts that stay stand on what they stood on, wherever a parser sees that: the key by which a query groups, an operator. `live`
 * carries the dependencies of the catalog.
 */
function withGrounds(desired: Database, deltas: readonly Delta[], live: Index): Database {
  const wanted = indexOf(desired);
  const changed = new Set(deltas.map((d) => encode(d.op === "drop" ? d.from.id : d.to.id)));
  return {
    objects: desired.objects.map((o) => {
      const key = encode(o.id);
      const more = (live.get(key)?.needs ?? []).map((n) => [encode(n), n] as const).filter(([k]) => wanted.has(k));
      if (!more.length || changed.has(key) || !fragmentsOf(o.attributes).length) return o;
      return withNeeds(o, [...new Map([...o.needs.map((n) => [encode(n), n] as const), ...more]).values()]);
    }),
  };
}

/** New extensions need those that they require; only the server knows which. One alone needs no order. */
async function withRequirements(desired: Database, deltas: readonly Delta[], snapshot: Snapshot): Promise<Database> {
  const made = deltas.flatMap((d) => (d.op === "create" && d.to.id.kind === "extension" ? [d.to.id.name] : []));
  if (made.length < 2) return desired;
  const all = await snapshot.requirements(made);
  return {
    objects: desired.objects.map((o) => {
      if (!isKind(o, "extension")) return o;
      const needs = all.filter((r) => r.extension === o.id.name && made.includes(r.requires));
      return withNeeds(o, [...o.needs, ...needs.map((r) => ({ kind: "extension", name: r.requires }) as const)]);
    }),
  };
}

/** Whether extensions get to another version, and back: only the server knows. */
async function withUpdates(desired: Database, deltas: readonly Delta[], snapshot: Snapshot): Promise<Database> {
  const updates = deltas.flatMap((d) => {
    if (d.op !== "alter" || d.kind !== "extension" || d.attribute !== "version") return [];
    const [from, to] = [d.from.attributes.version, d.to.attributes.version];
    return from === null || to === null ? [] : [{ extension: d.to.id.name, from, to }];
  });
  if (!updates.length) return desired;
  const back = updates.map(({ extension, from, to }) => ({ extension, from: to, to: from }));
  const lead = await snapshot.updates([...updates, ...back]);
  const facts = new Map(
    updates.map((u, i) => [u.extension, { updates: String(lead[i]), returns: String(lead[updates.length + i]) }]),
  );
  return {
    objects: desired.objects.map((o) => {
      const own = isKind(o, "extension") ? facts.get(o.id.name) : undefined;
      return own ? { ...o, facts: { ...o.facts, ...own } } : o;
    }),
  };
}

/** What could be put right by a declaration that is there and broken. */
const missing: ReadonlySet<ProblemCode> = new Set([
  "unknown-table",
  "unknown-column",
  "unknown-type",
  "unknown-mixin",
  "unknown-schema",
  "unknown-role",
  "unknown-object",
  "foreign-key-no-unique",
  "foreign-key-columns",
  "rows-need-key",
]);
/** What rooms know of names that nobody said. */
const named = (version: number): Parameters<typeof align>[2] => ({
  adopt: (to, from, live, wanted) => roomOf(to.id.kind).adopt?.(to, from, { live, wanted, version }) ?? to,
  repoint: (o, become) => roomOf(o.id.kind).repoint?.(o, become) ?? o,
});
const withNeeds = <O extends DbObject>(o: O, needs: DbObject["needs"]): O => (needs.length ? { ...o, needs } : o);

interface Judge {
  readonly connection: Connection;
  readonly borrowed: boolean;
  readonly version: number;
  readonly close: () => Promise<void>;
}

/** The Postgres that spells fragments: the live one in its open snapshot, else a borrowed one with the live types in it. */
async function openJudge(input: CompileInput, snapshot: Snapshot, actual: Database): Promise<Judge> {
  if ((await snapshot.canAsk()) || !input.borrow)
    return { connection: input.connection, borrowed: false, version: snapshot.version, close: async () => undefined };
  const connection = await input.borrow();
  const [answer] = await connection.query("select current_setting('server_version_num') as version");
  const version = Number(answer?.rows[0]?.["version"]);
  const { creation } = await import("./plan/index.ts");
  const { isStoodOn } = await import("./kinds/twins.ts");
  const all = new Map(actual.objects.map((o) => [encode(o.id), o]));
  const isThere = (o: DbObject): boolean => {
    const owner = roomOf(o.id.kind).owner(o, all);
    const above = owner && all.get(encode(owner));
    // What watches others would do so there too.
    const may = isStoodOn(o.id.kind) && !staysUnsaid(o) && !roomOf(o.id.kind).watches;
    return may && (owner === null || (above !== undefined && above !== null && isThere(above)));
  };
  try {
    await connection.query("begin");
    for (const a of creation({ objects: actual.objects.filter(isThere) }, version))
      await connection
        .query(`savepoint s; ${a.sql}; release savepoint s`)
        .catch(() => connection.query("rollback to savepoint s"));
    return { connection, borrowed: true, version, close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A variable of plpgsql with the type of a column: where the table is not there yet, Postgres calls it a syntax error. */
const typeOfColumn = /^invalid type name ".*%\s*type\b/i;

/** Asks Postgres whether what our parser does not understand is wrong. Only its own syntax errors count. */
async function confirm(declared: Declared, snapshot: Snapshot): Promise<readonly Problem[]> {
  const out: Problem[] = [];
  for (const { node, path, around } of declared.suspects) {
    const [head, tail] = around;
    const first = `set local search_path = ${searchPath(path)}`;
    const error = await snapshot.attempt(first, head + node.text + tail);
    if (!(error instanceof DatabaseError) || !["42601", "42P02"].includes(error.code)) continue;
    if (typeOfColumn.test(error.where ?? "")) continue;
    out.push(
      problem(
        "fragment-syntax",
        placeOf(node.span, node.text, (error.position ?? 1) - 1 - [...`${first};\n${head}`].length),
        sentence(error.message),
      ),
    );
  }
  return out;
}

/** A place within a fragment; `at` counts characters as the server does. */
function placeOf(span: Span, text: string, at: number): Span {
  const start = span.start + [...text].slice(0, Math.max(0, at)).join("").length;
  if (start >= span.end) return { ...span, start: Math.max(span.start, span.end - 1) };
  const word = wordAt(span.file, text, start - span.start);
  return { ...span, start, end: span.start + word.end };
}

/** sha256 of a declared database: identities and attributes in a fixed order, texts as written. */
export function checksum(d: Database): string {
  const lines = d.objects.map((o) => encode(o.id) + " " + JSON.stringify(stable(o.attributes))).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
function stable(v: unknown): unknown {
  if (typeof v !== "object" || v === null) return v;
  if (Array.isArray(v)) return v.map(stable);
  if ("sql" in v && "canonical" in v) return v.sql;
  return Object.fromEntries(
    Object.entries(v)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, x]) => [k, stable(x)]),
  );
}
