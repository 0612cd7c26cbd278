/**
 * schemac as a library. The runner alone is `schemac/runner`, the config's types alone are `schemac/config`.
 *
 * ```ts
 * import { compile, connect, composeRevision } from "schemac";
 * const connection = await connect(process.env.DATABASE_URL);
 * const { plan, problems } = await compile({ connection, files: [{ path: "shop.schema", text }] });
 * ```
 */
export { format, parse, print } from "../grammar/index.ts";
export type { Declaration } from "../grammar/declarations.ts";
export { problemCodes, type Problem, type ProblemCode, type Span } from "./problems.ts";
export type { Database, Observation, Unmodelled } from "./model/database.ts";
export type { DbObject, Id, Kind } from "./model/objects.ts";
export type { Action, Delta, Direction, Hazard, Plan, PlannedStep } from "./model/plan.ts";
export { describeId, encode } from "./model/id.ts";
export { openSnapshot, type Scope, type Snapshot } from "./snapshot.ts";
export {
  checksum as databaseChecksum,
  compile,
  emptyMemory,
  type Compiled,
  type CompileInput,
  type Memory,
  type SourceFile,
} from "./compile.ts";
export { KeptMemory } from "./memory.ts";
export { plan, type Planned, type Refusal } from "./plan/index.ts";
export { describeDatabase, importFiles, type ImportedFile } from "./import.ts";
export { composeRevision, type RevisionHead } from "./compose.ts";
export { newRevisionId } from "./revision/id.ts";
export { revisionFileName } from "./revision/list.ts";
export { formatRevision, renderRevision, type RevisionNotes } from "./revision/write.ts";
export { defineConfig, type Config, type Environment, type Manage, type Url, type Values } from "./config.ts";
export * from "./run/index.ts";
