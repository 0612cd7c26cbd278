import type { AttributeName, DbObject, Id, Kind } from "./objects.ts";

/** Table-level lock modes in Postgres's order of strength, "none" first. */
export const locks = [
  "none",
  "access share",
  "row share",
  "row exclusive",
  "share update exclusive",
  "share",
  "share row exclusive",
  "exclusive",
  "access exclusive",
] as const;
export type Lock = (typeof locks)[number];

/** What a statement's time grows with: nothing, reading all rows, building an index, writing all rows anew. */
export const costs = ["instant", "scan", "build", "rewrite"] as const;
export type Cost = (typeof costs)[number];

export type HazardCode =
  /** rows or counters are lost: needs consent */
  | "data-loss"
  /** a conversion may lose part of a value: needs consent */
  | "lossy"
  /** existing rows may refuse it */
  | "may-fail"
  /** cannot be undone by the down direction without inventing data */
  | "irreversible";

export interface Hazard {
  readonly code: HazardCode;
  readonly on: Id;
  /** One sentence for people. */
  readonly detail: string;
}

/** Opens a statement that clauses fold into: `open` "create table shop.orders (", `close` ") with (fillfactor=90)". */
export interface Head {
  readonly of: Id;
  readonly open: string;
  readonly close: string;
}

/**
 * Lets the planner fold a statement into another: `head` + " " + `alter` is the statement alone ("alter table shop.orders"
 * + "add column note text"; null: never merged with its neighbours); `create` is what stands between the brackets of the
 * owner's Head when the owner is new (null: can't stand there).
 */
export interface Clause {
  readonly of: Id;
  readonly head: string;
  readonly alter: string | null;
  readonly create: string | null;
  /** CREATE TABLE makes one of several keys that are alike (ALTER TABLE does not), so one of those with the same text stands in it. */
  readonly once?: string;
}

/** One statement as a room writes it, without a semicolon at its end. `sql` is always the whole statement alone. */
export interface Action {
  readonly sql: string;
  readonly head?: Head;
  readonly clause?: Clause;
  readonly lock: Lock;
  /** Which objects are locked so; other locks are weaker or on objects made here. */
  readonly on: readonly Id[];
  readonly cost: Cost;
  readonly hazards: readonly Hazard[];
  /** Schemas in which names of fragments resolve; empty: everything is qualified. */
  readonly path: readonly string[];
  /** It makes a function. True: the body is taken as it stands, because something that it speaks of is not there yet, or never is. */
  readonly unchecked?: boolean;
  /** "committed first": what it adds can be used only after COMMIT. "outside": can't run in a transaction. */
  readonly transaction: "any" | "committed first" | "outside";
}

/** One difference. */
export type Delta<K extends Kind = Kind> = {
  readonly [P in K]:
    | { readonly op: "create"; readonly kind: P; readonly to: DbObject<P> }
    | { readonly op: "drop"; readonly kind: P; readonly from: DbObject<P> }
    | {
        readonly op: "alter";
        readonly kind: P;
        readonly from: DbObject<P>;
        readonly to: DbObject<P>;
        readonly attribute: AttributeName<P>;
      };
}[K];

/** One transaction of a revision, or one statement that cannot be in one. */
export interface PlannedStep {
  readonly kind: "transaction" | "outside";
  readonly actions: readonly Action[];
}
export interface Direction {
  readonly steps: readonly PlannedStep[];
  readonly hazards: readonly Hazard[];
}
export interface Plan {
  readonly up: Direction;
  readonly down: Direction;
  readonly deltas: readonly Delta[];
}
