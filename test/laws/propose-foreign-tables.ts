/** Foreign tables. They stand apart from the other tables (see `of` in world.ts): checks, triggers, comments and rights are put on them. */
import { plainTable } from "../../src/kinds/twins.ts";
import type { DbObject, Id } from "../../src/model/objects.ts";
import { someOptions } from "./propose-foreign.ts";
import { proposeColumn, tableId } from "./propose-tables.ts";
import { newName, schemaNeed, someSchema } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { of, put, type World } from "./world.ts";

/** With columns of its own when it is new; for the old one, other options. */
export function proposeForeignTable(r: Rng, w: World, old?: DbObject<"table">): DbObject<"table"> | null {
  const foreignOptions = someOptions(r, ["schema_name", "table_name", "Odd Name"]);
  if (old) return { ...old, attributes: { ...old.attributes, foreignOptions } };
  const servers = of(w, "server");
  if (servers.length === 0) return null;
  const server: Id<"server"> = r.pick(servers).id;
  const own = newName(r, w, someSchema(r, w));
  const table: DbObject<"table"> = {
    id: tableId(own),
    attributes: { ...plainTable, server: server.name, foreignOptions },
    needs: [...schemaNeed(own.schema), server],
  };
  // They take the table's place with it.
  put(w, table);
  for (let n = r.int(4); n > 0; n--) put(w, proposeColumn(r, w, own) ?? table);
  return table;
}
