/** This database itself. It is there without saying; only what is said of it is an object. */
import { unseen } from "./parts/unseen.ts";
import type { Room } from "./room.ts";

export const databases: Room<"database"> = { ...unseen("database"), kind: "database", change: {} };
