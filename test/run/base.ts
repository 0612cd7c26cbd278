/** What the runner's tests share: revisions made in memory, and a look at the database from outside. */
import pg from "pg";
import { checksum } from "../../src/revision/checksum.ts";
import type { Revision, Step } from "../../src/revision/format.ts";
import { arrange, type RevisionFile, type RevisionList } from "../../src/revision/list.ts";
import { hasCode } from "../../src/revision/read.ts";
import type { RunEvent } from "../../src/run/events.ts";

export const tx = (...statements: readonly (string | readonly string[])[]): Step => ({
  kind: "transaction",
  statements,
});

/** 1 → `a00000000001` */
export const idOf = (n: number): string => "a" + String(n).padStart(11, "0");

export function revision(number: number, more: Partial<Revision> = {}): Revision {
  return {
    format: 1,
    id: idOf(number),
    number,
    name: `r${number}`,
    parents: number === 1 ? [] : [idOf(number - 1)],
    schema: null,
    proof: "not proven",
    hazards: { up: [], down: [] },
    up: [tx(`create table public.t${number} (id integer)`)],
    down: [tx(`drop table public.t${number}`)],
    ...more,
  };
}

/** As if read from files; functions stay as they are, so nothing is imported. */
export const list = (...revisions: readonly Revision[]): RevisionList =>
  arrange(
    revisions.map((r): RevisionFile => ({
      path: `generated/${String(r.number).padStart(4, "0")}_${r.name}.ts`,
      revision: r,
      checksum: checksum(r),
      code: hasCode(r) && false,
    })),
  );

export async function ask(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const answer: pg.QueryResult | pg.QueryResult[] = await client.query(sql);
    return Array.isArray(answer) ? (answer.at(-1)?.rows ?? []) : answer.rows;
  } finally {
    await client.end();
  }
}
/** The first column of all rows, joined. */
export const askText = async (url: string, sql: string): Promise<string> =>
  (await ask(url, sql)).map((r) => String(Object.values(r)[0])).join(" ");

/** The tables in public, in order. */
export const tables = (url: string): Promise<string> =>
  askText(
    url,
    "select relname::text collate \"C\" from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
  );

/** The ledger's revisions as `number:state`. */
export const states = (url: string): Promise<string> =>
  askText(url, "select number || ':' || state from schemac.revision order by seq");

export interface Heard {
  readonly events: RunEvent[];
  readonly onEvent: (e: RunEvent) => void;
  readonly kinds: () => string;
}
export function listen(): Heard {
  const events: RunEvent[] = [];
  return { events, onEvent: (e) => events.push(e), kinds: () => events.map((e) => e.kind).join(" ") };
}

/** The error that a promise ends with. */
export async function failure(
  p: Promise<unknown>,
): Promise<Error & { readonly exit?: number; readonly advice?: string }> {
  try {
    await p;
  } catch (e) {
    if (e instanceof Error) return e;
    throw e;
  }
  throw new Error("it did not fail");
}

/** Many small revisions that write down each step: 600 rows that add up to nothing when each was run once. */
export const manySteps = (): RevisionList =>
  list(
    ...Array.from({ length: 300 }, (_, i) =>
      revision(i + 1, {
        up: [
          tx(
            ...(i === 0 ? ["create table public.log (step integer)"] : []),
            `insert into public.log values (${i + 1})`,
            `create table public.t${i + 1} (id integer primary key)`,
          ),
          tx(`insert into public.log values (${-i - 1})`),
        ],
      }),
    ),
  );

/** For `dies`. */
export const tries = "create sequence public.tries";
/** Ends its own session the first times; a sequence counts on, whatever becomes of the transaction. */
export const dies = (times = 1): string =>
  `select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) from (select pg_catalog.nextval('public.tries') as n offset 0) x where n <= ${times}`;
