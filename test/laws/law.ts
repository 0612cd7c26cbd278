/** The laws of the compiler, tried on one change after the other between made-up databases on a real server. */
import type { Declaration } from "../../grammar/declarations.ts";
import { format, parse, print } from "../../grammar/index.ts";
import { compile, emptyMemory, type Compiled } from "../../src/compile.ts";
import { composeRevision } from "../../src/compose.ts";
import { declare } from "../../src/declare.ts";
import { describeDatabase } from "../../src/import.ts";
import { isKind, same, type Database, type Observation } from "../../src/model/database.ts";
import type { DbObject, QualifiedName } from "../../src/model/objects.ts";
import { openSnapshot } from "../../src/snapshot.ts";
import type { Step } from "../../src/revision/format.ts";
import { DatabaseError, type Connection } from "../../src/run/connection.ts";
import { qualified, searchPath } from "../../src/sql.ts";
import { Broken, type Law, must } from "./broken.ts";
import { catalog } from "./catalog.ts";
import { count, differences } from "./compare.ts";
import { difference, dump } from "./dump.ts";
import { generate } from "./generate.ts";
import { mutate } from "./mutate.ts";
import { render } from "./render.ts";
import { lateNotNulls } from "./render-tables.ts";
import { rng } from "./rng.ts";
import { namesOfRoles, rolesSaid } from "./roles.ts";
import { declaredOf, declaredRows, empty, fill, keptRows } from "./rows.ts";
import { extensions, load, rolesOf, Session, type Setup } from "./session.ts";
import { witness, witnessed } from "../witness/witness.ts";
import { worldOf, type Features } from "./world.ts";

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
  const features = { ...setup.features, roles: setup.apart ? namesOfRoles(seed) : [] };
  const databases = chain(seed, features, length);
  const s = await Session.open(setup, features);
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
      await s.clear();
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

interface State {
  readonly made: Database;
  readonly observation: Observation;
  readonly witnessed: readonly string[];
  /** As its catalogs have it; null: pg_dump is not at hand to judge what differs. */
  readonly catalog: readonly string[] | null;
}

/** Makes it by plain SQL in `goal` and looks at it. */
async function make(s: Session, d: Database): Promise<State> {
  await s.stand(d);
  const look = await openSnapshot(s.goal, s.scope);
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

async function again(s: Session, after: State): Promise<State | null> {
  await s.clear();
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
    const declared = await declare(again.declarations, {
      ...observation,
      ...s.scope,
      analyses: s.setup.analyses,
    });
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
    scope: s.scope,
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
  must(law, s.differences(second.observation!.database, want));
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
    must("observe(after a → b) = b", s.differences(observation!.database, after));
    return false;
  }
  const { up, down, hazards } = composeRevision(plan, head);
  s.setup.show?.(
    [before, after].map(({ made }) => [
      ...render(worldOf(s.features, made)),
      ...lateNotNulls(worldOf(s.features, made)),
    ]),
    up,
    down,
  );
  await s.lookAway();
  const declared = declaredOf(before.made, after.made);
  await empty(s.live, declared);
  tally.rows += await fill(s.live, worldOf(s.features, before.made), rng(name), declared);
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
  must("observe(after b → a) = a", s.differences(back.database, before));
  // Of a table that was dropped comes back what holds the rows, not what nobody declares any more.
  const lost = before.made.objects.flatMap((o) =>
    isKind(o, "rows") && !after.made.objects.some((x) => isKind(x, "table") && same(nameOf(x), nameOf(o)))
      ? [`rows ${qualified(o.id)} `]
      : [],
  );
  const left = before.witnessed.filter((line) => !lost.some((start) => line.startsWith(start)));
  await looksTheSame(s, name, { ...before, witnessed: left }, lost);
  await s.lookAway();
  await tryRun(up, hazards.up);
  await arrived(s, name, "observe(after a → b) = b", text, after);
  return refused;
}

/** As far as it must be the same: not the place of a new attribute, which comes last, nor where a block of SQL looked names up. A role that nobody declares any more stays. */
const witnessOf = async (c: Connection, d: Database): Promise<readonly string[]> => {
  const rows = declaredRows(d);
  const made = rolesOf(d);
  const questions = [...(rows === null ? [] : [rows]), ...(made.length === 0 ? [] : [rolesSaid(made)])];
  const answers = questions.length === 0 ? [] : await c.query(questions.join(";\n"));
  const lines = answers.flatMap((answer) => answer.rows.map((row) => row["line"] ?? ""));
  // Whatever a role starts with in this database is looked at with the role.
  const elsewhere = (line: string): boolean =>
    line.startsWith("composite attribute place ") ||
    (line.startsWith("setting [") && !line.startsWith("setting [null"));
  const facts = (await witness(c)).filter((line) => !elsewhere(line));
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

const nameOf = ({ id }: DbObject<"rows" | "table">): QualifiedName => ({ schema: id.schema, name: id.name });

/** The witness, and pg_dump, say of `live` what it says of what was wanted. `lost`: lines of tables that have no rows any more. */
async function looksTheSame(s: Session, name: string, want: State, lost: readonly string[] = []): Promise<void> {
  await s.look();
  const seen = (await witnessOf(s.live, want.made)).filter((line) => !lost.includes(line));
  must("the witness sees no difference", witnessed(seen, want.witnessed));
  if (s.setup.dumps === null || want.catalog === null) return;
  const equal = difference(await catalog(s.live), want.catalog) === null;
  if (equal && !rng(`${name}/dump`).chance(s.setup.dumps)) return;
  await s.stand(want.made);
  const [have, wanted] = await Promise.all([dump(s.setup.live), dump(s.setup.goal)]);
  const wrong = difference(have, wanted);
  must("pg_dump sees no difference", wrong && (equal ? `though the catalogs are equal:\n${wrong}` : wrong));
}

/** Whether rows refused it. A text that is no hstore is told of as if a statement were wrong, or before 16 as if the server were. */
const isOfRows = (e: DatabaseError): boolean =>
  /^(22|23)/.test(e.code) ||
  e.message.startsWith("syntax error in hstore") ||
  (e.code === "XX000" && /^(Syntax error near|Unexpected end of string)/.test(e.message));

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
