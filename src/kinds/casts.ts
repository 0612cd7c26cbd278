/** Casts. They are of the whole database, and nothing of one can be changed. */
import type { Attributes } from "../model/objects.ts";
import { action } from "./parts/action.ts";
import { address, ofDatabase, text, made } from "./parts/catalog.ts";
import {
  declareArgument,
  describeFunction,
  functionJson,
  functionNeeds,
  readFunction,
  signature,
} from "./parts/functions.ts";
import { nowhere } from "./parts/nodes.ts";
import { typeIds } from "./parts/typeIds.ts";
import { describeType, plainType, typeText } from "./parts/types.ts";
import type { DeclareFile, Room } from "./room.ts";

type Cast = Attributes<"cast">;
const methods: Readonly<Record<string, Cast["method"]>> = { f: "function", b: "binary", i: "inout" };
const contexts: Readonly<Record<string, Cast["context"]>> = { e: "explicit", a: "assignment", i: "implicit" };
function known<T>(map: Readonly<Record<string, T>>, letter: string): T {
  const value = map[letter];
  if (value === undefined) throw new Error(`pg_cast holds an unknown letter ${letter}`);
  return value;
}
const way = (a: Cast): string => {
  switch (a.method) {
    case "function":
      return `with function ${a.function ? signature(a.function) : ""}`;
    case "inout":
      return "with inout";
    case "binary":
      return "without function";
  }
};

export const casts: Room<"cast"> = {
  kind: "cast",
  owner: () => null,
  needs: (o) => [...typeIds(o.id.from), ...typeIds(o.id.to), ...functionNeeds(o.attributes.function)],
  // Fragments use them without a word.
  provides: "itself",
  occupies: (o) => [`cast ${o.id.from} ${o.id.to}`],
  evaluates: () => true,
  observe: {
    there: made("pg_cast"),
    // A range type brings its own cast along.
    sql: (schemas) => `
select format_type(o.castsource, null) as source, format_type(o.casttarget, null) as target, o.castmethod::text as method,
  o.castcontext::text as context, ${functionJson("o.castfunc")} as function, ${address("pg_cast", "o.oid")} as addresses
from pg_cast o
where ${ofDatabase("pg_cast", schemas)}
  and not exists (select from pg_depend e where e.classid = 'pg_cast'::regclass and e.objid = o.oid and e.deptype = 'i')
order by 1, 2`,
    read: (row) => ({
      id: { kind: "cast", from: text(row, "source"), to: text(row, "target") },
      attributes: {
        method: known(methods, text(row, "method")),
        function: readFunction(row["function"]),
        context: known(contexts, text(row, "context")),
      },
      needs: [],
    }),
  },
  create: ({ id, attributes: a }) => [
    action(`create cast (${id.from} as ${id.to}) ${way(a)}${a.context === "explicit" ? "" : ` as ${a.context}`}`),
  ],
  drop: ({ id }) => [action(`drop cast (${id.from} as ${id.to})`)],
  change: { method: () => "replace", function: () => "replace", context: () => "replace" },
  describe: (o, describe) => {
    const { method, function: f, context } = o.attributes;
    return {
      at: "file",
      declaration: {
        kind: "cast",
        source: describeType(o.id.from),
        target: describeType(o.id.to),
        method,
        function: f && describeFunction(f, f.arguments.length === 1 && f.arguments[0] === o.id.from),
        context: context === "explicit" ? null : context,
        doc: describe.comment(o.id),
        schema: null,
        span: nowhere,
      },
    };
  },
};

export const declareCast: DeclareFile<"cast"> = (d, declare) => {
  const [source, target] = [declare.type(d.source), declare.type(d.target)];
  const from = plainType(typeText(source.type));
  const id = { kind: "cast", from, to: plainType(typeText(target.type)) } as const;
  declare.add(
    {
      id,
      attributes: {
        method: d.method,
        function: d.function && {
          ...declare.functionNamed(d.function.name).name,
          arguments: d.function.arguments?.map((t) => declareArgument(t, declare).text) ?? [from],
        },
        context: d.context ?? "explicit",
      },
      needs: [...source.needs, ...target.needs],
    },
    d.span,
  );
  declare.comment(id, d.doc, d.span);
};
