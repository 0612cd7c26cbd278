/** Some of each kind that holds code: functions, views, triggers, rules, policies. Not all of them in one database. */
import type { DbObject } from "../../src/model/objects.ts";
import { indexOfView } from "./propose-keys.ts";
import { proposeCluster, proposePolicy, proposeRowSecurity, proposeRule, proposeTrigger } from "./propose-members.ts";
import { ensureFunction, proposeFunction, proposeProcedure } from "./propose-routines.ts";
import { proposeMaterializedView, proposeView } from "./propose-views.ts";
import type { Rng } from "./rng.ts";
import type { World } from "./world.ts";

export function proposeCode(r: Rng, w: World, add: (o: DbObject | null) => void): void {
  const times = (most: number, make: () => DbObject | null): void => {
    for (let n = r.int(most + 1); n > 0; n--) add(make());
  };
  const parts: readonly (() => void)[] = [
    () => {
      times(4, () => proposeFunction(r, w));
      times(1, () => proposeProcedure(r, w));
      ensureFunction(r, w, "trigger");
      times(3, () => proposeTrigger(r, w));
    },
    () => times(3, () => proposeView(r, w)),
    () => {
      times(2, () => proposeMaterializedView(r, w));
      times(2, () => indexOfView(r, w));
    },
    () => times(2, () => proposeRule(r, w)),
    () => {
      times(3, () => proposePolicy(r, w));
      times(2, () => proposeRowSecurity(r, w));
    },
    () => times(2, () => proposeCluster(r, w)),
  ];
  for (const part of parts) if (r.chance(0.55)) part();
}
