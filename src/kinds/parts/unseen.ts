/** What is there without saying, or comes with something else: it is never an object, only what is said of it is. */
import type { Kind } from "../../model/objects.ts";
import type { Room } from "../room.ts";

/** Everything of its room but the kind and the attributes, which it has none of. */
export function unseen<K extends Kind>(kind: K): Omit<Room<K>, "kind" | "change"> {
  const never = (): never => {
    throw new Error(`a ${kind} is no object`);
  };
  return {
    owner: never,
    needs: never,
    occupies: never,
    evaluates: never,
    observe: { sql: () => "select null::text as name where false", read: never },
    create: never,
    drop: never,
    describe: never,
  };
}
