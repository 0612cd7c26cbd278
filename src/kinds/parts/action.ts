import type { Id } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import type { InPlace } from "../room.ts";

/** One statement; what is not said is the harmless case. */
export const action = (sql: string, more: Partial<Omit<Action, "sql">> = {}): Action => ({
  sql,
  lock: "none",
  on: [],
  cost: "instant",
  hazards: [],
  path: [],
  transaction: "any",
  ...more,
});

/** A change in place that no dependent notices. */
export const quietly = (...actions: readonly Action[]): InPlace => ({ actions, disturbs: "nothing" });

/** The schema that something lives in, where that is an object: public and the temporary schema just exist. */
export const inSchema = (schema: string): readonly Id[] =>
  schema === "public" || schema === "pg_temp" || schema === "pg_catalog" ? [] : [{ kind: "schema", name: schema }];
