/** How the columns of a materialized view are stored, where it is otherwise than usual. */
import type { MaterializedColumnNode } from "../../../grammar/declarations.ts";
import type { Attributes } from "../../model/objects.ts";
import { nearest, problem } from "../../problems.ts";
import type { Declare } from "../room.ts";
import { declareOptionList, readOptionList } from "./options.ts";
import { storageWord } from "./storage.ts";

type Columns = Attributes<"materializedView">["columns"];
export type Stored = Columns[string];
export const unstored: Stored = { storage: null, compression: null, statistics: null, options: {} };

/** From a JSON object of catalog values by column. */
export function readStored(json: string): Columns {
  const rows = JSON.parse(json) as Record<
    string,
    { storage: string | null; compression: string | null; statistics: number | null; options: readonly string[] | null }
  >;
  return Object.fromEntries(
    Object.entries(rows).map(([column, r]) => [
      column,
      {
        storage: r.storage === null ? null : storageWord(r.storage),
        compression: r.compression === null ? null : r.compression === "l" ? "lz4" : "pglz",
        statistics: r.statistics,
        options: r.options ? readOptionList(JSON.stringify(r.options)) : {},
      },
    ]),
  );
}

const storages = ["plain", "external", "extended", "main"] as const;
const compressions = ["pglz", "lz4"] as const;

export function declareStored(nodes: readonly MaterializedColumnNode[], declare: Declare): Columns {
  const oneOf = <T extends string>(
    said: string | null,
    all: readonly T[],
    what: string,
    node: MaterializedColumnNode,
  ) => {
    if (said === null || said === "default") return null;
    const found = all.find((x) => x === said.toLowerCase());
    if (found !== undefined) return found;
    const near = nearest(said, all);
    declare.report(
      problem("unknown-keyword", node.span, `There is no ${what} called ${said}: ${all.join(", ")} there are.`, {
        ...(near === null ? {} : { help: `Did you mean ${near}?` }),
      }),
    );
    return null;
  };
  const out = nodes.map((n): readonly [string, Stored] => [
    n.name.text,
    {
      storage: oneOf(n.storage, storages, "storage", n),
      compression: oneOf(n.compression, compressions, "compression", n),
      statistics: n.statistics === null || Number(n.statistics) < 0 ? null : Number(n.statistics),
      options: declareOptionList(n.options),
    },
  ]);
  const plain = (s: Stored): boolean =>
    s.storage === null && s.compression === null && s.statistics === null && !Object.keys(s.options).length;
  return Object.fromEntries(out.filter(([, s]) => !plain(s)));
}
