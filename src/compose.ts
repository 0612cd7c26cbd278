/** A plan → the data of a revision. */
import type { Action, Cost, Direction, Hazard, Lock, Plan } from "./model/plan.ts";
import { costs, locks } from "./model/plan.ts";
import { encode } from "./model/id.ts";
import type { Revision, RevisionHazard, Statement, Step } from "./revision/format.ts";
import { searchPath } from "./sql.ts";

export interface RevisionHead {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly parents: readonly string[];
  /** Checksum of the declared database that it leads to. */
  readonly schema: string | null;
}

/** The revision that does what the plan says, up and down. */
export function composeRevision(plan: Plan, head: RevisionHead): Revision {
  return {
    format: 1,
    ...head,
    proof: "not proven",
    hazards: { up: plan.up.hazards.map(hazard), down: plan.down.hazards.map(hazard) },
    up: stepsOf(plan.up),
    down: stepsOf(plan.down),
  };
}

const hazard = (h: Hazard): RevisionHazard => ({ code: h.code, on: encode(h.on), detail: h.detail });

/** One string, or its lines, so that a reviewer can read it. */
const statement = (sql: string): Statement => (sql.includes("\n") ? sql.split("\n") : sql);

function stepsOf(direction: Direction): readonly Step[] {
  return direction.steps.map((s): Step => {
    const [first] = s.actions;
    const common = {
      lock: strongest<Lock>(
        locks,
        s.actions.map((a) => a.lock),
      ),
      cost: strongest<Cost>(
        costs,
        s.actions.map((a) => a.cost),
      ),
    };
    if (s.kind === "outside" && first)
      throw new Error(`a statement outside transactions needs a probe, and the planner writes none: ${first.sql}`);
    const paths = new Set(s.actions.filter((a) => a.path.length).map((a) => a.path.join("\0")));
    if (paths.size <= 1 && !s.actions.some((a) => a.unchecked)) {
      const path = s.actions.find((a) => a.path.length)?.path;
      return {
        kind: "transaction",
        ...(path ? { path } : {}),
        ...common,
        statements: s.actions.map((a) => statement(a.sql)),
      };
    }
    return { kind: "transaction", ...common, statements: withSettings(s.actions) };
  });
}

/**
 * Where statements of one transaction resolve names differently, or only some of them have their bodies checked, each change of a
 * setting is a statement that the reviewer sees.
 */
function withSettings(actions: readonly Action[]): readonly Statement[] {
  let path = "";
  let checks = true;
  return actions.flatMap((a) => {
    const before: string[] = [];
    const wanted = a.path.length ? searchPath(a.path) : path;
    if (wanted !== path) before.push(`set local search_path = ${(path = wanted)}`);
    if (a.unchecked === checks)
      before.push(`set local check_function_bodies = ${(checks = !a.unchecked) ? "on" : "off"}`);
    return [...before, statement(a.sql)];
  });
}

const strongest = <T>(scale: readonly T[], values: readonly T[]): T =>
  values.reduce((a, b) => (scale.indexOf(b) > scale.indexOf(a) ? b : a), scale[0]!);
