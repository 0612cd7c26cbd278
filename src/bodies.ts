/** Bodies in quotes that speak of what is nowhere. A live database can have such a one, and nobody may run it. */
import type { DbObject } from "./model/objects.ts";
import type { Database } from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { Delta } from "./model/plan.ts";
import { problem, type Problem, type Span } from "./problems.ts";
import type { Snapshot } from "./snapshot.ts";
import { name as quoteName, qualified } from "./sql.ts";

/** Something that a body calls or declares and that is nowhere. */
interface Missing {
  readonly what: "function" | "type";
  readonly schema: string;
  readonly name: string;
}

/**
 * The wanted database with those bodies to be made without being looked at, which Postgres would refuse for a function or a
 * type that it knows nothing of, and what there is to say of them. Asks the server, once, for names that nobody declares.
 * Where new extensions or blocks of SQL may bring them, all is left to Postgres.
 */
export async function withBodies(
  desired: Database,
  actual: Database,
  deltas: readonly Delta[],
  snapshot: Snapshot,
  places: ReadonlyMap<string, Span>,
): Promise<{ readonly desired: Database; readonly problems: readonly Problem[] }> {
  const nothing = { desired, problems: [] };
  const looking = deltas.flatMap((d) => (d.op !== "drop" && d.to.hints?.looksUp ? [d.to] : []));
  const bringing = deltas.some(
    (d) => d.op === "create" && (d.to.id.kind === "extension" || d.to.id.kind === "sqlBlock"),
  );
  if (!looking.length || bringing) return nothing;
  const [wanted, live] = [namesOf(desired), namesOf(actual)];
  const all = new Map<string, readonly Missing[]>();
  for (const o of looking) {
    const missing = sought(o).filter((m) => !has(wanted, m));
    if (missing.length) all.set(encode(o.id), missing);
  }
  if (!all.size) return nothing;
  const there = await snapshot.named([...new Set([...all.values()].flatMap((list) => list.map((m) => m.name)))]);
  const stays = { function: new Map<string, Set<string>>(), type: new Map<string, Set<string>>() };
  for (const { what, schema, name } of there) if (!live.get(name)?.has(schema)) add(stays[what], name, schema);
  const said = new Set<string>();
  const problems: Problem[] = [];
  for (const [key, list] of all) {
    // A call can be a cast.
    const missing = list.filter((m) => !has(stays.type, m) && !(m.what === "function" && has(stays.function, m)));
    if (!missing.length) continue;
    said.add(key);
    const at = places.get(key);
    if (at) problems.push(...missing.map((m) => told(m, at)));
  }
  const objects = desired.objects.map((o) =>
    said.has(encode(o.id)) ? ({ ...o, hints: { ...o.hints, unchecked: true } } as DbObject) : o,
  );
  return { desired: { objects }, problems };
}

const sought = (o: DbObject): readonly Missing[] => {
  const { functions = [], types = [] } = o.hints?.looksUp ?? {};
  const missing =
    (what: Missing["what"]) =>
    ([schema, name]: readonly [string, string]) => ({ what, schema, name });
  // What stands in pg_catalog by the parser's own word may be spelled otherwise by an older server.
  return [...functions.map(missing("function")), ...types.map(missing("type"))].filter(
    (m) => m.schema !== "pg_catalog",
  );
};

type Names = ReadonlyMap<string, ReadonlySet<string>>;
const has = (names: Names, { schema, name }: Pick<Missing, "schema" | "name">): boolean => {
  const schemas = names.get(name);
  return schemas !== undefined && (schema === "" || schemas.has(schema));
};
function add(names: Map<string, Set<string>>, name: string, schema: string): void {
  const schemas = names.get(name);
  if (schemas) schemas.add(schema);
  else names.set(name, new Set([schema]));
}

/** Every name of a database with its schemas: a call can be of a type or a column too, and a type can be what another brings along. */
function namesOf(d: Database): Names {
  const out = new Map<string, Set<string>>();
  for (const { id, attributes } of d.objects) {
    if (!("schema" in id)) continue;
    if ("name" in id) add(out, id.name, id.schema);
    for (const value of Object.values(attributes))
      if (typeof value === "object" && value !== null && "schema" in value && "name" in value)
        add(out, String(value.name), String(value.schema));
  }
  return out;
}

function told({ what, schema, name }: Missing, at: Span): Problem {
  const shown = schema === "" ? quoteName(name) : qualified({ schema, name });
  return problem("missing-in-body", at, `Its body speaks of ${shown}, and there is no ${what} of that name.`, {
    help: "Postgres will say so when it is run. Declare it, or correct the name.",
  });
}
