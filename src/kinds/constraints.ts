/** Constraints that no kind stands for (a not null, what is beneath a constraint trigger): only what is said of them is an object. */
import { unseen } from "./parts/unseen.ts";
import type { Room } from "./room.ts";

export const constraints: Room<"constraint"> = { ...unseen("constraint"), kind: "constraint", change: {} };
