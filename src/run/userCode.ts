/** Waits for code that people wrote: a function step, the import of its file. What that waits for in turn may never come. */
import type { ConnectionLost } from "./connection.ts";
import type { Session } from "./progress.ts";

/** Why nobody waits for it any longer. "stuck": nothing is left in this process that could wake it. */
export type Ended = ConnectionLost | "interrupted" | "stuck";

/** Milliseconds in which it may tidy up and end by itself, once it is to end. */
const grace = 1000;

/**
 * What the code answers; or `ended`'s error when the connection is lost, the caller wants to stop, or it cannot come to its end.
 * Code cannot be stopped from outside, so it is only left behind.
 */
export async function untilEnded<T>(
  { connection, options: { signal } }: Pick<Session, "connection" | "options">,
  code: Promise<T>,
  ended: (why: Ended) => Error,
): Promise<T> {
  const undo: (() => void)[] = [];
  const end = new Promise<never>((_, reject) => {
    const soon = (why: Ended): void => {
      const timer = setTimeout(() => reject(ended(why)), grace);
      undo.push(() => clearTimeout(timer));
    };
    const stop = (): void => soon("interrupted");
    signal?.addEventListener("abort", stop);
    undo.push(() => signal?.removeEventListener("abort", stop));
    if (signal?.aborted) stop();
    undo.push(connection.onLost?.(soon) ?? (() => {}));
    // Node would end without a word. A server's socket keeps it from that, an embedded Postgres does not.
    const stuck = (): void => reject(ended("stuck"));
    process.once("beforeExit", stuck);
    undo.push(() => process.removeListener("beforeExit", stuck));
  });
  try {
    return await Promise.race([code, end]);
  } finally {
    for (const u of undo) u();
  }
}
