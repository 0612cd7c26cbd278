/** What a revision file holds. Plain data; the runner reads nothing else. */

/** A statement: one string, or its lines (joined by newlines), so that a reviewer can read it. */
export type Statement = string | readonly string[];

/** A step in which everything happens in one transaction, together with its journal row. */
export interface TransactionStep {
  readonly kind: "transaction";
  readonly statements: readonly Statement[];
  /** Schemas in which unqualified names resolve (pg_catalog is first and pg_temp last without saying). */
  readonly path?: readonly string[];
  readonly lock?: string;
  readonly cost?: string;
}

/**
 * One statement that cannot run in a transaction (CREATE INDEX CONCURRENTLY …). `probe` is a query with one row and one
 * boolean column: true when the statement's effect is already there; `undo` cleans up what a broken attempt left.
 */
export interface OutsideStep {
  readonly kind: "outside";
  readonly statement: Statement;
  readonly probe: Statement;
  readonly undo?: Statement;
  readonly path?: readonly string[];
  readonly lock?: string;
  readonly cost?: string;
}

/** Data work in TypeScript, in the step's transaction. The only step that makes the file be imported. */
export interface FunctionStep {
  readonly kind: "function";
  readonly run: (context: FunctionContext) => Promise<void>;
  /** Normalised source text of `run`, set by the reader (which runs nothing); what the checksum is of. */
  readonly source?: string;
}
export interface FunctionContext {
  /** Runs SQL in the step's transaction. Values come as text. */
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** -x key=value */
  readonly x: Readonly<Record<string, string>>;
}
export type Step = TransactionStep | OutsideStep | FunctionStep;

export interface RevisionHazard {
  /** HazardCode of model/plan.ts */
  readonly code: string;
  /** `table:shop.orders` */
  readonly on: string;
  readonly detail: string;
}

export interface Revision {
  readonly format: 1;
  /** Its own id, apart from number and parents; 12 lower-case letters and digits. */
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** Ids; empty for the first. */
  readonly parents: readonly string[];
  /** sha256 (hex) of the declared database it leads to; null for one written by hand. */
  readonly schema: string | null;
  /** "not proven" until proofs exist. */
  readonly proof: string;
  readonly hazards: { readonly up: readonly RevisionHazard[]; readonly down: readonly RevisionHazard[] };
  readonly up: readonly Step[];
  readonly down: readonly Step[];
}
