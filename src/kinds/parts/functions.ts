/** Functions that other kinds refer to: as the catalog names them, and as statements do. */
import type { Database } from "../../model/database.ts";
import type { DbObject, FunctionName, Id } from "../../model/objects.ts";
import type { FunctionNode, TypeNode } from "../../../grammar/nodes.ts";
import type { Declare } from "../room.ts";
import { describeName, objectName } from "./keys.ts";
import { nowhere } from "./nodes.ts";
import { describeType, plainType, typeText } from "./types.ts";

/** SQL of a FunctionName as JSON text; null where the oid is 0. */
export const functionJson = (oid: string): string => `(
  select json_build_object('schema', fn.nspname, 'name', f.proname, 'arguments', coalesce((
    select json_agg(format_type(a.type, null) order by a.place) from unnest(f.proargtypes) with ordinality a(type, place)), '[]'))::text
  from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = ${oid})`;

export const readFunction = (json: string | null | undefined): FunctionName | null =>
  json === null || json === undefined ? null : (JSON.parse(json) as FunctionName);

/** The name alone, where the arguments follow from the place. */
export const functionText = (f: FunctionName): string => objectName(f);
/** `shop.f(integer, text)` */
export const signature = (f: FunctionName): string => `${objectName(f)}(${f.arguments.join(", ")})`;

/** What must be there for these; those of pg_catalog are no objects. */
export const functionNeeds = (...functions: readonly (FunctionName | null)[]): readonly Id[] =>
  functions.flatMap((f) => (f === null || f.schema === "pg_catalog" ? [] : [{ kind: "function", ...f }]));

/** As pg_depend has it, what is made of functions needs them: `needs` tells them by the attributes. Sayings need only their targets. */
export const linkFunctions = (d: Database, needs: (o: DbObject) => readonly Id[]): Database => ({
  objects: d.objects.map((o) => {
    const functions = "target" in o.id ? [] : needs(o).filter((id) => id.kind === "function");
    return functions.length ? { ...o, needs: [...o.needs, ...functions] } : o;
  }),
});

/** The function as it is written; `implied`: its arguments follow from the place. */
export const describeFunction = (f: FunctionName, implied: boolean): FunctionNode => ({
  name: describeName(f),
  arguments: implied ? null : f.arguments.map(describeType),
  span: nowhere,
});

/** An argument's type as format_type shows it, with what it needs. */
export function declareArgument(
  t: TypeNode,
  declare: Declare,
): { readonly text: string; readonly needs: readonly Id[] } {
  const known = declare.type(t, "routine");
  return { text: plainType(typeText(known.type)), needs: known.needs };
}
