/** The list of commands, in the order of the help. A command's file is loaded when the command line names it. */
import type { CommandSpec } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  /** Other names that work the same. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly load: () => Promise<CommandSpec>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "write a config, schema/, generated/ and a first .schema file",
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    name: "import",
    summary: "write .schema files for a database, or for SQL scripts",
    load: async () => (await import("./commands/import.ts")).importCommand,
  },
  {
    name: "plan",
    summary: "compare schema/ with the database and write the difference as a revision",
    load: async () => (await import("./commands/plan.ts")).plan,
  },
  {
    name: "apply",
    aliases: ["upgrade"],
    summary: "run the revisions that are pending",
    load: async () => (await import("./commands/apply.ts")).apply,
  },
  {
    name: "rollback",
    aliases: ["downgrade"],
    summary: "undo applied revisions",
    load: async () => (await import("./commands/rollback.ts")).rollback,
  },
  {
    name: "status",
    aliases: ["current"],
    summary: "where the database stands",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "history",
    summary: "list the revisions, newest first",
    load: async () => (await import("./commands/history.ts")).history,
  },
  {
    name: "show",
    summary: "show a revision; its code is not run",
    load: async () => (await import("./commands/show.ts")).show,
  },
  {
    name: "revision",
    summary: "write an empty revision to fill in by hand",
    load: async () => (await import("./commands/revision.ts")).revision,
  },
  {
    name: "stamp",
    summary: "record revisions as applied, or as not, without running them",
    load: async () => (await import("./commands/stamp.ts")).stamp,
  },
  {
    name: "baseline",
    summary: "write the first revision from the database as it is, and record it as applied",
    load: async () => (await import("./commands/baseline.ts")).baseline,
  },
  {
    name: "coverage",
    summary: "where each column of pg_catalog is held, or why none holds it",
    load: async () => (await import("./commands/coverage.ts")).coverageCommand,
  },
  {
    name: "fmt",
    summary: "print .schema files in their one canonical form",
    load: async () => (await import("./commands/fmt.ts")).fmt,
  },
  {
    name: "heads",
    summary: "show the revisions that no other builds on",
    load: async () => (await import("./commands/heads.ts")).heads,
  },
  {
    name: "branches",
    summary: "show where the history forks",
    load: async () => (await import("./commands/branches.ts")).branches,
  },
];
