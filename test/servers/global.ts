/** Starts the servers once for all tests; see `databases.ts` for how tests use them. */
import type { TestProject } from "vitest/node";
import { majors, startServer, type Major } from "./servers.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Major → url of its database postgres. */
    servers: Readonly<Record<string, string>>;
  }
}

/** 15 and 18, or what SCHEMAC_TEST_MAJORS says: "13,14" or "all". */
export function wantedMajors(text: string | undefined): readonly Major[] {
  const wanted = (text?.trim() || "15,18").split(",").map((s) => s.trim());
  if (wanted.includes("all")) return majors;
  return wanted.map((w) => {
    const major = majors.find((m) => String(m) === w);
    if (major === undefined) throw new Error(`SCHEMAC_TEST_MAJORS: "${w}" is none of ${majors.join(", ")}, all`);
    return major;
  });
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await Promise.allSettled(wantedMajors(process.env["SCHEMAC_TEST_MAJORS"]).map((m) => startServer(m)));
  const servers = started.flatMap((s) => (s.status === "fulfilled" ? [s.value] : []));
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((s) => s.stop())));
  for (const s of started)
    if (s.status === "rejected") {
      await stop();
      throw s.reason;
    }
  project.provide("servers", Object.fromEntries(servers.map((s) => [s.major, s.url])));
  return stop;
}
