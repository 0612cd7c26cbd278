/** Functions that other kinds refer to: as the catalog names them, and as statements do. */
import type { FunctionName, Id } from "../../model/objects.ts";
import { objectName } from "./keys.ts";

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

/** What must be there for these: nothing that is an object, as long as functions are none. */
export const functionNeeds = (..._functions: readonly (FunctionName | null)[]): readonly Id[] => [];
