/** The laws of the compiler, tried on one change after the other between made-up databases on a real server. */
import type { Declaration } from "../../grammar/declarations.ts";
import { format, parse, print } from "../../grammar/index.ts";
import { compile, emptyMemory, type Compiled, type Memory } from "../../src/compile.ts";
import { composeRevision } from "../../src/compose.ts";
import { declare } from "../../src/declare.ts";
import { describeDatabase } from "../../src/import.ts";
import { isKind, same, type Database, type Observation } from "../../src/model/database.ts";
import { openSnapshot, type Snapshot } from "../../src/snapshot.ts";
import type { DbObject } from "../../src/model/objects.ts";
import type { Step } from "../../src/revision/format.ts";
import { DatabaseError, type Connection } from "../../src/run/connection.ts";
import { searchPath } from "../../src/sql.ts";
import { catalog, prepareCatalog } from "./catalog.ts";
import { count, differences } from "./compare.ts";
import { difference, dump } from "./dump.ts";
import { generate } from "./generate.ts";
import { mutate } from "./mutate.ts";
import { render } from "./render.ts";
import { lateNotNulls } from "./render-tables.ts";
import { rng } from "./rng.ts";
import { declaredOf, declaredRows, empty, fill, keptRows } from "./rows.ts";
import { witness, witnessed } from "../witness/witness.ts";
import { openSession, reset } from "./server.ts";
import { worldOf, type Features } from "./world.ts";

export interface Setup {
  readonly features: Features;
  /** The database where schemac works. */
  readonly live: string;
  /** The database where plain SQL makes what must come out. */
  readonly goal: string;
  /** The share of databases that pg_dump looks at whatever their catalogs say; else only where those differ. null: it is not at hand. */
  readonly dumps: number | null;
  /** Empty at first. */
  readonly analyses: Memory["analyses"];
  /** Shown before a change is tried: by what SQL its two sides are made, and what schemac would run. */
  readonly show?: (sides: readonly (readonly string[])[], up: readonly Step[], down: readonly Step[]) => void;
}

/** A chain's connections. They last as long as the chain: a new backend spends its first moments reading catalogs. */
class Session {
  readonly setup: Setup;
  /** Looks at `goal`. */
  readonly goal: Connection;
  #maker: Connection;
  #live: Connection;
  /** What stands in `goal`; null: nobody knows. */
  #standing: Database | null = null;
  /** The last look at `live`, as long as nothing has changed there. */
  #look: Snapshot | null = null;
  private constructor(setup: Setup, live: Connection, goal: Connection, maker: Connection) {
    this.setup = setup;
    this.#live = live;
    this.goal = goal;
    this.#maker = maker;
  }
  static async open(setup: Setup): Promise<Session> {
    const [live, goal, maker] = [setup.live, setup.goal, setup.goal].map((url) => openSession(url));
    const s = new Session(setup, await live!, await goal!, await maker!);
    await prepareCatalog(s.live);
    await prepareCatalog(s.goal);
    return s;
  }

  get live(): Connection {
    return this.#live;
  }
  /**
   * A new connection to `live`: a session in which an extension was dropped and made again stumbles over what it remembers
   * of the old one ("cache lookup failed").
   */
  async renew(): Promise<void> {
    this.#look = null;
    await this.#live.close();
    this.#live = await openSession(this.setup.live);
    await prepareCatalog(this.#live);
  }

  /** Makes it by plain SQL in `goal`, if it isn't there already. */
  async stand(d: Database): Promise<void> {
    if (this.#standing === d) return;
    const before = this.#standing;
    this.#standing = null;
    if (before === null || extensions(before).length > 0) {
      await this.#maker.close();
      this.#maker = await openSession(this.setup.goal);
    }
    await reset((sql) => send(this.#maker, sql));
    await load(this, this.#maker, d);
    this.#standing = d;
  }

  /** The look at `live` that is still true, or a new one. */
  async look(): Promise<Snapshot> {
    return (this.#look ??= await openSnapshot(this.#live));
  }
  /** Before anything changes in `live`. */
  async lookAway(): Promise<void> {
    const look = this.#look;
    this.#look = null;
    await look?.close();
  }

  async close(): Promise<void> {
    await this.lookAway();
    // A database with subscriptions cannot be dropped.
    for (const c of [this.#live, this.#maker]) await reset((sql) => send(c, sql));
    await Promise.all([this.#live.close(), this.goal.close(), this.#maker.close()]);
  }
}

export type Law =
  | "the made-up database can be made"
  | "observe sees what was made"
  | "parse(print(d)) = d"
  | "fmt is idempotent"
  | "declare(describe(o)) = o"
  | "observe(after create(o)) = o"
  | "observe(after a → b) = b"
  | "observe(after b → a) = a"
  | "the second plan is empty"
  | "pg_dump sees no difference"
  | "the witness sees no difference"
  | "rows of kept columns stay"
  | "what rows refuse was announced"
  | "no crash";

export interface Failure {
  readonly seed: string;
  readonly law: Law;
  readonly detail: string;
}
export interface Tally {
  pairs: number;
  /** Changes that rows refused, as announced; they were made without rows. */
  refused: number;
  /** Rows that were in the tables before the changes. */
  rows: number;
  readonly failures: Failure[];
  /** Made-up databases that Postgres itself refuses: the generator's fault, and no pairs. */
  readonly unmade: Failure[];
  readonly counts: Map<string, number>;
}
export const newTally = (): Tally => ({ pairs: 0, refused: 0, rows: 0, failures: [], unmade: [], counts: new Map() });

class Broken extends Error {
  readonly law: Law;
  constructor(law: Law, detail: string) {
    super(detail);
    this.law = law;
  }
}
const must = (law: Law, wrong: string | null): void => {
  if (wrong !== null) throw new Broken(law, wrong);
};

/** The databases of a chain: each is a change of the one before it. `seed` alone decides them. */
export function chain(seed: string, features: Features, length: number): readonly Database[] {
  const all = [generate(seed, features)];
  for (let i = 1; i < length; i++) all.push(mutate(`${seed}/${i}`, features, all[i - 1]!));
  return all;
}

/**
 * 1. Every database of the chain is made by plain SQL in `goal` and observed there: that is what must come out.
 * 2. `live` is brought from each to the next by schemac: text, plan, SQL; then back, then there again.
 * 3. After a broken law, `live` is made anew by plain SQL, so that one fault is not counted twice.
 */
export async function runChain(setup: Setup, seed: string, length: number, tally: Tally, only?: number): Promise<void> {
  const databases = chain(seed, setup.features, length);
  const s = await Session.open(setup);
  try {
    let before: State | null = null;
    for (const [i, d] of databases.entries())
      if (only === undefined || i >= only - 1) before = await runStep(s, seed, i, d, before, tally);
  } finally {
    await s.close();
  }
}

/** From `before` (null: it could not be made) to the chain's i-th database, which is in `live` when it is the answer. */
async function runStep(
  s: Session,
  seed: string,
  i: number,
  d: Database,
  before: State | null,
  tally: Tally,
): Promise<State | null> {
  const name = `${seed}:${i}`;
  // What is wrong with one database of a chain is mostly wrong with the next ones too: the first says it.
  const note = (law: Law, detail: string): void => {
    if (!tally.failures.some((f) => f.seed.startsWith(`${seed}:`) && f.law === law && f.detail === detail))
      tally.failures.push({ seed: name, law, detail });
  };
  let after: State | null = null;
  try {
    after = await make(s, d);
    await texts(s, after).catch((e: unknown) => {
      if (!(e instanceof Broken)) throw e;
      note(e.law, e.message);
    });
    if (i === 0) {
      await reset((sql) => send(s.live, sql));
      await create(s, name, after);
    } else if (before) {
      count(tally.counts, before.made, d);
      tally.pairs++;
      if (await change(s, name, before, after, tally)) tally.refused++;
      if (!same(extensions(before.made), extensions(d))) await s.renew();
    } else return await again(s, after);
    return after;
  } catch (e) {
    const law = e instanceof Broken ? e.law : "no crash";
    if (law === "the made-up database can be made")
      tally.unmade.push({ seed: name, law, detail: e instanceof Error ? e.message : "" });
    else note(law, e instanceof Broken ? e.message : e instanceof Error ? (e.stack ?? e.message) : String(e));
    await s.renew();
    return after && (await again(s, after));
  }
}
const extensions = (d: Database): readonly DbObject[] => d.objects.filter((o) => isKind(o, "extension"));

interface State {
  readonly made: Database;
  readonly observation: Observation;
  readonly witnessed: readonly string[];
  /** As its catalogs have it; null: pg_dump is not at hand to judge what differs. */
  readonly catalog: readonly string[] | null;
}

const send = async (c: Connection, sql: string): Promise<void> => void (await c.query(sql));

/** Makes it by plain SQL in `goal` and looks at it. */
async function make(s: Session, d: Database): Promise<State> {
  await s.stand(d);
  const look = await openSnapshot(s.goal);
  try {
    const observation = await look.observe();
    must("observe sees what was made", differences(observation.database, d, false));
    return {
      made: d,
      observation,
      witnessed: await witnessOf(s.goal, d),
      catalog: s.setup.dumps === null ? null : await catalog(s.goal),
    };
  } finally {
    await look.close();
  }
}

async function load(s: Session, c: Connection, d: Database): Promise<void> {
  const w = worldOf(s.setup.features, d);
  const sql = [...render(w), ...lateNotNulls(w)];
  try {
    await send(c, sql.join(";\n"));
  } catch (e) {
    throw new Broken("the made-up database can be made", e instanceof Error ? e.message : String(e));
  } finally {
    await send(c, "reset search_path");
  }
}

async function again(s: Session, after: State): Promise<State | null> {
  await s.lookAway();
  await reset((sql) => send(s.live, sql));
  try {
    await load(s, s.live, after.made);
    return after;
  } catch {
    return null;
  }
}
/** The laws of the language alone, for the made-up database and for the observed one. */
async function texts(s: Session, { made, observation }: State): Promise<void> {
  for (const database of [made, observation.database]) {
    const declarations = describeDatabase({ ...observation, database });
    const text = print(declarations);
    const again = parse("a.schema", text);
    const problem = again.problems[0];
    must(
      "parse(print(d)) = d",
      problem ? `${problem.code}: ${problem.message} at ${excerpt(text, problem.span.start)}` : null,
    );
    must("parse(print(d)) = d", firstDifference(bare(again.declarations), bare(declarations)));
    const formatted = format("a.schema", text);
    must(
      "fmt is idempotent",
      formatted.text === text ? null : firstDifference(formatted.text.split("\n"), text.split("\n")),
    );
    const declared = await declare(again.declarations, { ...observation, analyses: s.setup.analyses });
    const error = declared.problems.find((p) => p.severity === "error");
    must(
      "declare(describe(o)) = o",
      error ? `${error.code}: ${error.message} at ${excerpt(text, error.span.start)}` : null,
    );
    if (database !== made) must("declare(describe(o)) = o", differences(declared.database, database));
  }
}
const excerpt = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));

/**
 * Declarations without places, without whether a name was written in quotes, and without the statement that a routine's body is
 * read in; schemas, one of which opens the file, first.
 */
const bare = (all: readonly Declaration[]): unknown => {
  const text = all.map((d) =>
    JSON.stringify(d, (key, v: unknown) => (key === "span" || key === "quoted" || key === "head" ? undefined : v)),
  );
  const isSchema = (_: string, i: number): boolean => all[i]!.kind === "schema";
  const sorted = [...text.filter(isSchema).sort(), ...text.filter((t, i) => !isSchema(t, i))];
  return sorted.map((t): unknown => JSON.parse(t));
};
function firstDifference(have: unknown, want: unknown, path = ""): string | null {
  if (have === want) return null;
  if (typeof have !== "object" || typeof want !== "object" || have === null || want === null)
    return `${path}: has ${JSON.stringify(have)}, wants ${JSON.stringify(want)}`;
  for (const k of new Set([...Object.keys(have), ...Object.keys(want)])) {
    const d = firstDifference(
      (have as Record<string, unknown>)[k],
      (want as Record<string, unknown>)[k],
      `${path}.${k}`,
    );
    if (d) return d;
  }
  return null;
}

const textOf = (s: State): string => print(describeDatabase({ ...s.observation, database: s.made }));

/** Compiles on the look at `live` as it is, which stays open for the next one. */
async function compileLive(s: Session, text: string): Promise<Compiled> {
  const look = await s.look();
  return compile({
    connection: s.live,
    snapshot: { ...look, close: async () => undefined },
    files: [{ path: "a.schema", text }],
    memory: { ...emptyMemory(), analyses: s.setup.analyses },
  });
}

function sound(c: Compiled, text: string): Compiled {
  const error = c.problems.find((p) => p.severity === "error");
  must("no crash", error ? `${error.code}: ${error.message} at ${excerpt(text, error.span.start)}` : null);
  must("no crash", c.refusals[0]?.message ?? null);
  return c;
}

async function create(s: Session, name: string, after: State): Promise<void> {
  const text = textOf(after);
  const { plan } = sound(await compileLive(s, text), text);
  if (!plan) return;
  await s.lookAway();
  await run(s.live, composeRevision(plan, head).up);
  await arrived(s, name, "observe(after create(o)) = o", text, after);
}

/** `live` is what was wanted, and a second plan is empty. One look serves both, and the next change starts from it. */
async function arrived(s: Session, name: string, law: Law, text: string, want: State): Promise<void> {
  const second = await compileLive(s, text);
  must(law, differences(second.observation!.database, want.observation.database));
  must("the second plan is empty", leftOver(sound(second, text)));
  await looksTheSame(s, name, want);
}
const head = { id: "000000000000", number: 1, name: "law", parents: [], schema: null };

/**
 * From before to after, back, and there again. True when rows refused it and it was made without them. What comes out is
 * looked at after the second time, so that the look is the next change's first.
 */
async function change(s: Session, name: string, before: State, after: State, tally: Tally): Promise<boolean> {
  const text = textOf(after);
  const { plan, observation } = sound(await compileLive(s, text), text);
  if (!plan) {
    must("observe(after a → b) = b", differences(observation!.database, after.observation.database));
    return false;
  }
  const { up, down, hazards } = composeRevision(plan, head);
  s.setup.show?.(
    [before, after].map(({ made }) => [
      ...render(worldOf(s.setup.features, made)),
      ...lateNotNulls(worldOf(s.setup.features, made)),
    ]),
    up,
    down,
  );
  await s.lookAway();
  const declared = declaredOf(before.made, after.made);
  await empty(s.live, declared);
  tally.rows += await fill(s.live, worldOf(s.setup.features, before.made), rng(name), declared);
  const kept = keptRows(before.observation.database, after.observation.database, declared);
  const rows = async (): Promise<string> => (kept === null ? "" : JSON.stringify((await s.live.query(kept))[0]?.rows));
  const first = await rows();
  let refused = false;
  const tryRun = async (steps: readonly Step[], announced: readonly { code: string }[]): Promise<void> => {
    for (const step of steps)
      try {
        await run(s.live, [step], true);
      } catch (e) {
        if (!(e instanceof DatabaseError) || !isOfRows(e)) throw e;
        if (announced.length === 0) must("what rows refuse was announced", `${e.code}: ${e.message}`);
        refused = true;
        await empty(s.live, declared);
        await run(s.live, [step]);
      }
    if (!refused) must("rows of kept columns stay", firstDifference(await rows(), first));
  };
  await tryRun(up, hazards.up);
  await tryRun(down, hazards.down);
  const back = await (await s.look()).observe();
  must("observe(after b → a) = a", differences(back.database, before.observation.database));
  await looksTheSame(s, name, before);
  await s.lookAway();
  await tryRun(up, hazards.up);
  await arrived(s, name, "observe(after a → b) = b", text, after);
  return refused;
}

/** As far as it must be the same: not the place of a new attribute, which comes last, nor where a block of SQL looked names up. */
const witnessOf = async (c: Connection, d: Database): Promise<readonly string[]> => {
  const rows = declaredRows(d);
  const lines = rows === null ? [] : ((await c.query(rows))[0]?.rows ?? []).map((row) => row["line"] ?? "");
  const facts = (await witness(c)).filter((line) => !line.startsWith("composite attribute place "));
  return [...facts, ...lines].map((line) =>
    line.startsWith('comment ["type schemac.') ? line.replace(/,\\"path\\":\[.*$/, "") : line,
  );
};

const leftOver = (c: Compiled): string | null =>
  c.plan &&
  composeRevision(c.plan, head)
    .up.map((x) => JSON.stringify(x))
    .join("\n")
    .slice(0, 1500);

/** The witness, and pg_dump, say of `live` what it says of what was wanted. */
async function looksTheSame(s: Session, name: string, want: State): Promise<void> {
  await s.look();
  must("the witness sees no difference", witnessed(await witnessOf(s.live, want.made), want.witnessed));
  if (s.setup.dumps === null || want.catalog === null) return;
  const equal = difference(await catalog(s.live), want.catalog) === null;
  if (equal && !rng(`${name}/dump`).chance(s.setup.dumps)) return;
  await s.stand(want.made);
  const [have, wanted] = await Promise.all([dump(s.setup.live), dump(s.setup.goal)]);
  const wrong = difference(have, wanted);
  must("pg_dump sees no difference", wrong && (equal ? `though the catalogs are equal:\n${wrong}` : wrong));
}

/** Whether rows refused it. A text that is no hstore is told of as if a statement were wrong. */
const isOfRows = (e: DatabaseError): boolean =>
  /^(22|23)/.test(e.code) || e.message.startsWith("syntax error in hstore");

/** As the runner does it: each step in one transaction and one message. `mayRefuse`: there are rows that may refuse it. */
async function run(c: Connection, steps: readonly Step[], mayRefuse = false): Promise<void> {
  for (const step of steps) {
    if (step.kind !== "transaction") throw new Error(`a step that the laws don't run: ${step.kind}`);
    const statements = step.statements.map((x) => (typeof x === "string" ? x : x.join("\n")));
    const message = ["begin", `set local search_path = ${searchPath(step.path ?? [])}`, ...statements, "commit"].join(
      ";\n",
    );
    try {
      await c.query(message);
    } catch (e) {
      await c.query("rollback").catch(() => undefined);
      if (!(e instanceof DatabaseError) || (mayRefuse && isOfRows(e))) throw e;
      throw new Broken(
        "no crash",
        `${e.code}: ${e.message} ${e.detail ?? ""}\n${e.position === null ? "" : message.slice(Math.max(0, e.position - 200), e.position + 100)}\n--- whole step:\n${message.slice(0, 3000)}`,
      );
    }
  }
}
