/** What a run tells while it goes. */
import type { HistoryProblem, LockHolder, Place, RevisionName } from "./errors.ts";

export type RunEvent =
  /** Another runner holds the lock; told at each try. `waited` in milliseconds. */
  | { readonly kind: "waiting"; readonly holder: LockHolder | null; readonly waited: number }
  /** What will be run, in order. */
  | { readonly kind: "plan"; readonly direction: "up" | "down"; readonly revisions: readonly RevisionName[] }
  /** An earlier run was interrupted here. */
  | {
      readonly kind: "resumed";
      readonly revision: RevisionName;
      readonly direction: "up" | "down";
      readonly doneSteps: number;
      readonly steps: number;
    }
  | {
      readonly kind: "revision-started";
      readonly revision: RevisionName;
      readonly direction: "up" | "down";
      readonly steps: number;
    }
  /** Small transaction steps travel together, so their start may be told when they are done. */
  | { readonly kind: "step-started"; readonly place: Place }
  | {
      readonly kind: "step-done";
      readonly place: Place;
      readonly milliseconds: number;
      /** Its effect was there already. */ readonly already: boolean;
    }
  /** A lock timeout, a deadlock or a serialization failure: all of the step was undone and is tried again. */
  | { readonly kind: "retry"; readonly place: Place; readonly reason: string; readonly delay: number }
  /** A statement outside transactions waits for these server processes; 0 is a prepared transaction. `waited` in milliseconds. */
  | { readonly kind: "blocked"; readonly place: Place; readonly blockers: readonly number[]; readonly waited: number }
  /** What a broken statement outside transactions left was cleaned up. */
  | { readonly kind: "repaired"; readonly place: Place }
  | { readonly kind: "revision-done"; readonly revision: RevisionName; readonly direction: "up" | "down" }
  /** Told at each attempt. `reason`: why the connection was lost; `refusal`: why the attempt before this one failed. */
  | {
      readonly kind: "reconnecting";
      readonly reason: string;
      readonly attempt: number;
      readonly refusal: string | null;
    }
  /** Something is not as it should be, though it stops nothing. */
  | { readonly kind: "warning"; readonly problem: HistoryProblem };

export type OnEvent = (event: RunEvent) => void;
