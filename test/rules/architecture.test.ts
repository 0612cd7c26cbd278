/** Who may import whom, and what may be said where. A new arrow is a decision: add it here with its reason. */
import { describe, expect, test } from "vitest";
import { kindWords } from "../../src/model/id.ts";
import { filesBelow, readSource, type Source } from "./source.ts";

const sources: readonly Source[] = ["grammar", "src"].flatMap((folder) =>
  filesBelow(folder)
    .filter((f) => f.endsWith(".ts"))
    .map(readSource),
);

/**
 * Per part of the house: what of ours it may import (a folder, a file, or "type " and a file for types alone) and which
 * packages. The first part whose prefix fits a file is its part; its own folder is always open to it.
 */
const house: readonly { part: string; may: readonly string[]; packages: readonly string[] }[] = [
  { part: "grammar/", may: ["src/problems.ts"], packages: ["chevrotain"] },
  { part: "src/model/", may: [], packages: [] },
  { part: "src/sql.ts", may: ["type src/model/"], packages: [] },
  { part: "src/problems.ts", may: [], packages: [] },
  {
    part: "src/kinds/",
    may: ["src/model/", "src/sql.ts", "src/problems.ts", "type grammar/nodes.ts", "type grammar/declarations.ts"],
    packages: [],
  },
  { part: "src/diff.ts", may: ["src/model/"], packages: [] },
  { part: "src/plan/", may: ["src/model/", "src/kinds/", "src/diff.ts"], packages: [] },
  { part: "src/fragments/", may: [], packages: ["pg-query-emscripten/pg_query_wasm.js", "pg-query-emscripten"] },
  { part: "src/types/", may: [], packages: [] },
  {
    part: "src/declare.ts",
    may: [
      "src/fragments/",
      "src/model/",
      "src/kinds/",
      "src/sql.ts",
      "src/problems.ts",
      "type grammar/nodes.ts",
      "type grammar/declarations.ts",
    ],
    packages: [],
  },
  {
    part: "src/observe.ts",
    may: [
      "src/model/",
      "src/kinds/",
      "src/sql.ts",
      "src/unmodelled.ts",
      "src/dependencies.ts",
      "src/foreignNames.ts",
      "src/rows.ts",
      "src/snapshot.ts",
      "type src/run/connection.ts",
    ],
    packages: ["node"],
  },
  // An unchanged project needs these and nothing that knows a kind: reading is loaded when somebody reads.
  {
    part: "src/snapshot.ts",
    may: ["type src/model/", "src/catalogMark.ts", "src/observe.ts", "src/sql.ts", "src/run/connection.ts"],
    packages: [],
  },
  { part: "src/catalogMark.ts", may: ["src/sql.ts"], packages: [] },
  {
    part: "src/settled.ts",
    may: ["type src/model/", "type src/compile.ts", "type src/snapshot.ts"],
    packages: ["node"],
  },
  { part: "src/rows.ts", may: ["type src/kinds/room.ts"], packages: [] },
  { part: "src/dependencies.ts", may: ["src/model/", "src/kinds/"], packages: [] },
  { part: "src/foreignNames.ts", may: ["src/model/", "src/kinds/"], packages: [] },
  {
    part: "src/unmodelled.ts",
    may: ["src/model/", "src/kinds/", "src/sql.ts", "type src/run/connection.ts"],
    packages: [],
  },
  {
    part: "src/elaborate/",
    may: ["src/model/", "src/kinds/", "src/sql.ts", "src/snapshot.ts", "src/plan/", "src/run/connection.ts"],
    packages: ["node"],
  },
  {
    part: "src/reference/",
    may: ["src/model/", "src/kinds/", "src/sql.ts", "src/run/connection.ts"],
    packages: [],
  },
  // What the catalogs hold, said once more as data: read by the command line and by its test.
  { part: "src/coverage/", may: ["type src/model/"], packages: [] },
  { part: "src/import.ts", may: ["src/model/", "src/kinds/", "src/sql.ts", "grammar/"], packages: [] },
  { part: "src/revision/", may: [], packages: ["node", "prettier", "jiti"] },
  {
    part: "src/run/",
    may: ["src/revision/", "src/sql.ts"],
    packages: ["node", "pg", "@electric-sql/pglite"],
  },
  {
    part: "src/editor/",
    may: ["grammar/", "src/declare.ts", "src/problems.ts", "src/kinds/", "src/model/"],
    packages: [],
  },
  {
    part: "src/cli/",
    may: ["src/", "grammar/"],
    packages: ["node", "commander", "picocolors", "jiti", "pg", "prettier"],
  },
  { part: "src/config.ts", may: ["type src/"], packages: ["node", "jiti"] },
];
/** Joins the parts: everything but the command line is open to these. */
const joints: readonly string[] = [
  "src/compile.ts",
  "src/bodies.ts",
  "src/circles.ts",
  "src/refused.ts",
  "src/unsettle.ts",
  "src/lookups.ts",
  "src/compose.ts",
  "src/memory.ts",
  "src/index.ts",
];

const partOf = (path: string): (typeof house)[number] | undefined => house.find((h) => path.startsWith(h.part));

describe("who may import whom", () => {
  test.each(sources.map((s) => [s.path, s] as const))("%s", (path, source) => {
    const part = partOf(path);
    if (!part) {
      expect(joints, "a file of no known part: say in this test what it may import").toContain(path);
      expect(source.imports.filter((i) => i.own && i.target.startsWith("src/cli/"))).toEqual([]);
      return;
    }
    const wrong = source.imports.filter((i) => {
      if (!i.own) return !part.packages.includes(i.target);
      if (part.part.endsWith("/") && i.target.startsWith(part.part)) return false;
      return !part.may.some((m) =>
        m.startsWith("type ") ? i.typeOnly && i.target.startsWith(m.slice(5)) : i.target.startsWith(m),
      );
    });
    expect(wrong.map((i) => `${i.typeOnly ? "type " : ""}${i.target}`)).toEqual([]);
  });

  test("the contract of the grammar imports types only", () => {
    for (const path of ["grammar/nodes.ts", "grammar/declarations.ts"])
      expect(readSource(path).imports.filter((i) => !i.typeOnly)).toEqual([]);
  });

  test("rooms import no other room", () => {
    const rooms = sources.filter((s) => /^src\/kinds\/[^/]+\.ts$/.test(s.path) && !/\/(room|rooms)\.ts$/.test(s.path));
    for (const room of rooms) {
      const others = room.imports.filter((i) => i.own && rooms.some((r) => r.path === i.target));
      expect(others.map((i) => `${room.path} -> ${i.target}`)).toEqual([]);
    }
  });

  test("what rooms share imports no room", () => {
    const parts = sources.filter((s) => s.path.startsWith("src/kinds/parts/"));
    expect(parts.length).toBeGreaterThan(100);
    const rooms = parts.flatMap((p) =>
      p.imports.flatMap((i) =>
        i.own && /^src\/kinds\/[^/]+\.ts$/.test(i.target) && i.target !== "src/kinds/room.ts"
          ? [`${p.path} -> ${i.target}`]
          : [],
      ),
    );
    expect(rooms).toEqual([]);
  });

  test("everything is reached by some part: no prefix above is dead", () => {
    const there = ["src/editor/"]; // comes with the editor
    expect(
      house.filter((h) => !there.includes(h.part) && !sources.some((s) => partOf(s.path) === h)).map((h) => h.part),
    ).toEqual([]);
  });
});

test("only the command line prints or exits", () => {
  const says = /\bconsole\s*\.|\bprocess\s*\.\s*(exit|stdout|stderr|exitCode|stdin)\b/;
  expect(sources.filter((s) => !s.path.startsWith("src/cli/") && says.test(s.code)).map((s) => s.path)).toEqual([]);
});

/** Catalogs of Postgres; settings and functions such as pg_catalog.format_type are no catalogs. */
const catalogs =
  /\bpg_(class|attribute|attrdef|constraint|index|indexes|type|enum|namespace|depend|description|sequence|sequences|collation|opclass|operator|am|extension|inherits|proc|trigger|policy|rewrite|shdepend|range|tablespace|tables|views|init_privs|default_acl|publication|event_trigger|statistic_ext)\b/;
/** Besides the rooms: what reads the whole catalog, and why. */
const readsCatalogs: Readonly<Record<string, string>> = {
  "src/observe.ts": "finds the session's temporary schema",
  "src/snapshot.ts": "asks how large the catalog is, and what may be asked of it",
  "src/catalogMark.ts": "lists them all, to tell whether one changed",
  "src/dependencies.ts": "reads pg_depend for all kinds",
  "src/foreignNames.ts": "lists what extensions and kinds without a room bring along",
  "src/unmodelled.ts": "counts what has no kind yet",
  "src/run/guards.ts": "tells a ledger that lost tables from tables of others",
  "src/run/outside.ts": "looks what a statement that broke outside transactions left, whatever kind it was about",
};

test("only kinds know catalogs", () => {
  const wrong = sources.filter(
    (s) =>
      !s.path.startsWith("src/kinds/") &&
      readsCatalogs[s.path] === undefined &&
      s.strings.some((t) => catalogs.test(t.text)),
  );
  expect(wrong.map((s) => s.path)).toEqual([]);
  for (const path of Object.keys(readsCatalogs)) expect(sources.map((s) => s.path)).toContain(path);
});

/**
 * Where a verb does name kinds, with the reason. The list must fit exactly: a name that is gone leaves it, and a new one
 * is a decision.
 */
const namedKinds: Readonly<Record<string, { readonly kinds: readonly string[]; readonly why: string }>> = {
  "src/declare.ts": {
    kinds: ["collation", "column", "comment", "function", "operatorClass", "table"],
    why: "words of its messages, what columns and keys refer to by name, and comments, which every declaration can carry",
  },
  "src/elaborate/ask.ts": {
    kinds: ["schema"],
    why: "types that are wanted in a schema to come are asked about before it is there",
  },
};

test("verbs name no kind", () => {
  const verbs = sources.filter((s) => /^src\/(declare|observe|diff)\.ts$|^src\/(elaborate|plan)\//.test(s.path));
  expect(verbs.length).toBeGreaterThan(4);
  const named = verbs.flatMap((s) => {
    const kinds = [...new Set(s.strings.map((t) => t.text).filter((t) => Object.hasOwn(kindWords, t)))].sort();
    return kinds.length > 0 ? [[s.path, kinds] as const] : [];
  });
  expect(Object.fromEntries(named)).toEqual(
    Object.fromEntries(Object.entries(namedKinds).map(([path, { kinds }]) => [path, kinds])),
  );
});

test("only the planner's part runs on a user's database through run", () => {
  const pgUsers = sources.filter((s) => s.imports.some((i) => !i.own && /^(pg|@electric-sql\/pglite)$/.test(i.target)));
  expect(pgUsers.filter((s) => !s.path.startsWith("src/run/")).map((s) => s.path)).toEqual([]);
});
