/** Databases as plans need them: with what they hold although nothing is said of it, in the order that it is made in. */
import type { DbObject } from "../model/objects.ts";
import { type Database, indexOf } from "../model/database.ts";
import { rooms } from "./rooms.ts";

/** Adds what rooms know to be implied (columns that tables have from their parents). Complete databases come back as they are. */
export function complete(database: Database): Database {
  const implying = Object.values(rooms).filter((room) => room.implied);
  const all = indexOf(database);
  const added = implying.flatMap((room): readonly DbObject[] => room.implied!(all));
  return added.length ? { objects: [...database.objects, ...added] } : database;
}

/** Parts that must follow something else come in its order. The rest stays where it is. */
export const arranged = (database: Database): Database =>
  Object.values(rooms).reduce((d, room) => room.arrange?.(d) ?? d, database);
