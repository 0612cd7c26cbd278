/** Functions that triggers call take nothing and return what only triggers can use. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Database, type Index, indexOf, isKind } from "../../model/database.ts";
import { describeId, encode } from "../../model/id.ts";
import { problem, type Problem, type Span } from "../../problems.ts";
import { typeText } from "./types.ts";

type Trigger = DbObject<"trigger"> | DbObject<"eventTrigger">;
const isTrigger = (o: DbObject): o is Trigger => isKind(o, "trigger") || isKind(o, "eventTrigger");

/** `at`: where an object was written. A function that nobody declares is Postgres's to judge. */
export function checkTriggers(database: Database, at: (id: Id) => Span | undefined): readonly Problem[] {
  const triggers = database.objects.filter(isTrigger);
  if (!triggers.length) return [];
  const all = indexOf(database);
  return triggers.flatMap((o) => {
    const span = at(o.id);
    const called = functionOf(o, all);
    const wanted = isKind(o, "trigger") ? "trigger" : "event_trigger";
    if (!span || !called || typeText(called.attributes.returns.type) === wanted) return [];
    const message = `The ${describeId(called.id)} returns ${typeText(called.attributes.returns.type)}; one that ${isKind(o, "trigger") ? "a trigger" : "an event trigger"} calls returns ${wanted}.`;
    return [problem("invalid-option", span, message, { help: `Write returns ${wanted}, or call another function.` })];
  });
}

function functionOf(o: Trigger, all: Index): DbObject<"function"> | null {
  const found = all.get(encode({ kind: "function", ...o.attributes.function, arguments: [] }));
  return found && isKind(found, "function") ? found : null;
}
