import type { Observation } from "../model/database.ts";
import type { Session } from "./session.ts";

/** Looks at the live database, in a snapshot of its own. */
export async function observe(
  { connection, scope }: Pick<Session, "connection" | "scope">,
  more?: "with dependencies",
): Promise<Observation> {
  const { openSnapshot } = await import("../snapshot.ts");
  const snapshot = await openSnapshot(connection, scope);
  try {
    const observation = await snapshot.observe();
    return more === undefined ? observation : await snapshot.withDependencies(observation);
  } finally {
    await snapshot.close();
  }
}
