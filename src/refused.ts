/** Texts that Postgres refused when it was asked, and that nothing in the plan can make right. */
import { type Database, fragmentsOf, type Index, indexOf } from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { DbObject } from "./model/objects.ts";
import type { Delta } from "./model/plan.ts";
import { type Failure, hostOf } from "./elaborate/index.ts";
import { mayCure, mentions } from "./kinds/cures.ts";
import { saidOfTwin } from "./kinds/twins.ts";
import { problem, type Problem, sentence, type Span, wordAt } from "./problems.ts";

/**
 * What is wrong with a text itself, whoever asks: no such column, function, table, type or operator, several that fit, a value or
 * a type that fits none, an aggregate or a function that changes its mind where none may stand. (errcodes.txt of PostgreSQL)
 */
const ofText: ReadonlySet<string> = new Set(
  "42703 42883 42P01 42704 42702 42725 42804 42846 22P02 22007 42803 42P17".split(" "),
);

/**
 * Problems at their places. `textOf`: a file's text. Told is only what is certain: nothing in the plan may make it right, and it has
 * nothing to do with the table that the text stands on, of which Postgres saw a twin.
 */
export function refusedTexts(
  failures: readonly Failure[],
  desired: Database,
  deltas: readonly Delta[],
  places: ReadonlyMap<string, Span>,
  textOf: (file: string) => string,
): readonly Problem[] {
  const all = indexOf(desired);
  const certain = (o: DbObject, { host, error }: Failure): boolean => {
    if (!ofText.has(error.code) || speaksOf(error.message, host, all)) return false;
    const text = fragmentsOf(o.attributes).map((f) => f.sql);
    return !deltas.some((d) => hostOf(d.op === "drop" ? d.from : d.to, all) !== host && mayCure(d, text.join("\n")));
  };
  return failures.flatMap((failure) => {
    const { id, error } = failure;
    const [o, at] = [all.get(encode(id)), places.get(encode(id))];
    if (!o || !at) return [];
    const span = placed(failure, at, textOf(at.file));
    const message = sentence(saidOfTwin(o, error.message));
    if (error.code === "42601") return [problem("fragment-syntax", span, message)];
    if (!certain(o, failure)) return [];
    const help = error.hint ?? "Postgres says so of the database as it is.";
    return [problem("refused-text", span, message, { help })];
  });
}

/** Whether Postgres speaks of the twin's own rows or name. */
function speaksOf(message: string, host: string, all: Index): boolean {
  const id = all.get(host)?.id;
  return id === undefined || !("name" in id) || mentions(message, id.name) || message.includes("pg_temp");
}

/** Where Postgres points; else where the object is declared. */
function placed({ place }: Failure, at: Span, text: string): Span {
  const start = place ? text.indexOf(place.sql, at.start) : -1;
  if (!place || start < 0) return at;
  return wordAt(at.file, text, start + place.at);
}
