/** What publications and their members share. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import type { Action } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import { wholeDatabase } from "./catalog.ts";
import { action, inSchema } from "./action.ts";
import { columnsOf, tableOf } from "./table.ts";

/** A publication is managed when all its members live in managed schemas, and one without any when the whole database is. */
export const managedPublication = (oid: string, schemas: string): string =>
  `(exists (select from pg_publication_rel r where r.prpubid = ${oid}) or ${wholeDatabase(schemas)})
    and not exists (select from pg_publication_rel r join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace
      where r.prpubid = ${oid} and not (${schemas}))`;

/** Members of a publication, with what each stands on. */
export function membersOf(
  publication: string,
  all: Index,
): readonly { readonly id: Id; readonly needs: readonly Id[] }[] {
  const out: { id: Id; needs: readonly Id[] }[] = [];
  for (const o of all.values())
    if (isKind(o, "publicationTable") && o.id.publication === publication)
      out.push({ id: o.id, needs: [...tableNeeds(o), ...o.needs] });
    else if (isKind(o, "publicationSchema") && o.id.publication === publication)
      out.push({ id: o.id, needs: inSchema(o.id.schema) });
  return out;
}

/** A published table with the columns that are chosen of it. */
export const tableNeeds = (o: DbObject<"publicationTable">): readonly Id[] => [
  tableOf(o.id),
  ...columnsOf(o.id, o.attributes.columns ?? []),
];

/**
 * A clause of ALTER PUBLICATION … ADD or DROP. PostgreSQL 15 and later say for each member what it is, and take members of
 * several sorts; earlier ones say `table` once.
 */
export function member(
  publication: string,
  what: "add" | "drop",
  clause: string,
  { version }: Context,
  more: Partial<Action>,
): Action {
  const old = version < 150000;
  const head = `alter publication ${name(publication)} ${what}${old ? " table" : ""}`;
  const text = old ? clause.replace(/^table /, "") : clause;
  return action(`${head} ${text}`, {
    ...more,
    clause: {
      of: { kind: "publication", name: publication },
      head,
      alter: text,
      create: what === "add" ? text : null,
    },
  });
}
