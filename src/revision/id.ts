import { randomInt } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A new revision's id: 12 random lower-case letters and digits (62 bits). */
export const newRevisionId = (): string =>
  Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join("");
