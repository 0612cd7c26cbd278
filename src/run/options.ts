import type { Connection } from "./connection.ts";
import type { OnEvent } from "./events.ts";

/** What every run takes. Times are in milliseconds. */
export interface RunOptions {
  /** Schema of the ledger. Default "schemac". */
  readonly ledger?: string;
  /** Which database it must be: the `instance` that `status` tells of its ledger. Left out, it may be whichever. */
  readonly instance?: string;
  /** How long to wait for another runner. Default 5 minutes. */
  readonly wait?: number;
  /** How long a step may try to get its locks before the run stops, safe to resume. Default 10 minutes. */
  readonly lockBudget?: number;
  /** Stops the run politely: a transaction is cancelled and undone, a statement outside of one is let finish, unless it waits for others. */
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
  /** Opens a new connection after a lost one, so that the run can go on by itself. */
  readonly reconnect?: () => Promise<Connection>;
  /** How long to try that. Default 5 minutes. */
  readonly reconnectFor?: number;
  /** For function steps: -x key=value. */
  readonly x?: Readonly<Record<string, string>>;
  /** Kept in the ledger: the tool and its version. */
  readonly tool?: string;
}

export interface Settled {
  readonly ledger: string;
  readonly instance: string | null;
  readonly wait: number;
  readonly lockBudget: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: OnEvent;
  readonly reconnect: (() => Promise<Connection>) | undefined;
  readonly reconnectFor: number;
  readonly x: Readonly<Record<string, string>>;
  readonly tool: string;
}

const minute = 60_000;
export const settle = (o: RunOptions): Settled => ({
  ledger: o.ledger ?? "schemac",
  instance: o.instance ?? null,
  wait: o.wait ?? 5 * minute,
  lockBudget: o.lockBudget ?? 10 * minute,
  signal: o.signal,
  onEvent: o.onEvent ?? (() => {}),
  reconnect: o.reconnect,
  reconnectFor: o.reconnectFor ?? 5 * minute,
  x: o.x ?? {},
  tool: o.tool ?? "schemac",
});
