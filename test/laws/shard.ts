/** A process of the big run: it tries the chains that jobs.ts hands it, one after the other. */
import { newTally, runChain, type Tally } from "./law.ts";
import type { Setup } from "./session.ts";

export interface Order {
  readonly setup: Pick<Setup, "features" | "live" | "goal" | "apart" | "dumps">;
  readonly seed: string;
  readonly length: number;
}
/** A chain's tally, as it can be sent. */
export type Answer = Omit<Tally, "counts"> & { readonly counts: readonly (readonly [string, number])[] };

const analyses: Setup["analyses"] = new Map();

async function answer({ setup, seed, length }: Order): Promise<void> {
  const tally = newTally();
  await runChain({ ...setup, analyses }, seed, length, tally);
  process.send?.({ ...tally, counts: [...tally.counts] } satisfies Answer);
}

process.on("message", (order: Order) => void answer(order));
// Ctrl-C is heard by both: the one that started us ends us, and then drops the databases.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
