import type { Observation } from "../model/database.ts";
import type { Session } from "./session.ts";

/** Looks at the live database, in a snapshot of its own. `meanwhile` is done while the server works. */
export async function observe(
  { connection, scope }: Pick<Session, "connection" | "scope">,
  { meanwhile, dependencies = false }: { meanwhile?: () => Promise<unknown>; dependencies?: boolean } = {},
): Promise<Observation> {
  const { openSnapshot } = await import("../snapshot.ts");
  const snapshot = await openSnapshot(connection, scope);
  try {
    await snapshot.start();
    await meanwhile?.();
    const observation = await snapshot.observe();
    return dependencies ? await snapshot.withDependencies(observation) : observation;
  } finally {
    await snapshot.close();
  }
}
