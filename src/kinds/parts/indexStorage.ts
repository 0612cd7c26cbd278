/** How indexes are stored, whether they stand alone or beneath a constraint of the same name. */
import type { Id, Options } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { name, qualified } from "../../sql.ts";
import type { InPlace } from "../room.ts";
import { action, quietly } from "./action.ts";
import { optionChanges } from "./options.ts";

type OfIndex = Extract<Id, { readonly table: string; readonly name: string }>;
interface Stored {
  readonly id: OfIndex;
  readonly attributes: { readonly options: Options };
}

const alterIndex = (id: OfIndex): string => `alter index ${qualified({ schema: id.schema, name: id.name })}`;

export const changeOptions = (from: Stored, to: Stored): InPlace =>
  quietly(
    ...optionChanges(from.attributes.options, to.attributes.options).map((clause) =>
      action(`${alterIndex(to.id)} ${clause}`, { lock: "share update exclusive", on: [to.id] }),
    ),
  );

/** null: the database's own. Postgres has no word for it; `pg_default` is it unless the database was made elsewhere. */
export const moveIndex = (id: OfIndex, tablespace: string | null): Action =>
  action(`${alterIndex(id)} set tablespace ${name(tablespace ?? "pg_default")}`, {
    lock: "access exclusive",
    on: [id],
    cost: "build",
  });
