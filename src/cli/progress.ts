/** What a run does, as it happens: one live line on a terminal, plain lines elsewhere. */
import { blockersInWords, type Place } from "../run/errors.ts";
import type { OnEvent, RunEvent } from "../run/events.ts";
import type { Output } from "./output.ts";
import { title } from "./revisions.ts";
import { clean, count } from "./text.ts";

/** Plain lines for a step only when it took longer; a thousand tiny ones would bury the rest. */
const longStep = 2000;

/** Attempts at a new connection that are told of: after some ten seconds, one minute, two and a half minutes. */
const toldAgain = [7, 16, 35];

export function progress(out: Output): OnEvent {
  const { green, dim, yellow } = out.errorColors;
  let revisions = 0;
  let total = 0;
  let saidWaiting = -Infinity;
  const at = (p: Place): string => `${title(p.revision)}, step ${p.step} of ${p.steps}`;
  const way = (direction: "up" | "down"): string => (direction === "up" ? "applying" : "undoing");
  return (event: RunEvent): void => {
    switch (event.kind) {
      case "waiting": {
        const who = event.holder === null ? "another runner" : `another runner (server process ${event.holder.pid})`;
        out.progress(`waiting for ${who}, ${Math.round(event.waited / 1000)} s …`);
        if (!out.live && event.waited - saidWaiting >= 10_000) {
          out.note(`waiting for ${who} …`);
          saidWaiting = event.waited;
        }
        return;
      }
      case "plan":
        // After a lost connection what is left is planned again.
        total = revisions + event.revisions.length;
        return;
      case "resumed":
        out.note(
          `${yellow("resuming")} ${title(event.revision)}: ${count(event.doneSteps, "step")} of ${event.steps} done already`,
        );
        return;
      case "revision-started":
        out.progress(`[${revisions + 1}/${total}] ${way(event.direction)} ${title(event.revision)} …`);
        return;
      case "step-started":
        out.progress(`[${revisions + 1}/${total}] ${way(event.place.direction)} ${at(event.place)} …`);
        return;
      case "step-done":
        if (event.already) out.note(dim(`${at(event.place)}: its effect was there already`));
        else if (event.milliseconds >= longStep && event.place.steps > 1)
          out.note(dim(`${at(event.place)}: ${seconds(event.milliseconds)}`));
        return;
      case "retry":
        out.note(yellow(`${at(event.place)}: ${clean(event.reason)}; undone, trying again in ${seconds(event.delay)}`));
        return;
      case "blocked":
        out.note(
          yellow(`${at(event.place)}: waits for ${blockersInWords(event.blockers)} since ${seconds(event.waited)}`),
        );
        return;
      case "repaired":
        out.note(`${at(event.place)}: what a broken attempt left was cleaned up`);
        return;
      case "revision-done":
        revisions++;
        out.note(`${green(event.direction === "up" ? "applied" : "undone")} ${title(event.revision)}`);
        return;
      case "reconnecting":
        if (event.attempt === 1) out.note(yellow(`the connection was lost (${clean(event.reason)}); connecting again`));
        else if (toldAgain.includes(event.attempt))
          out.note(yellow(`still connecting again: ${clean(event.refusal ?? "no answer")}`));
        return;
      case "warning":
        out.warn(clean(event.problem.message));
        return;
      default:
        return event satisfies never;
    }
  };
}

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
