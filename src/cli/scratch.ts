/** A throw-away embedded Postgres, gone when it is closed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../run/connection.ts";

export async function openScratch(): Promise<Connection> {
  const { openEmbedded } = await import("../run/embedded.ts");
  const folder = mkdtempSync(join(tmpdir(), "schemac-scratch-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const connection = await openEmbedded(join(folder, "db"));
    return { ...connection, close: () => connection.close().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
