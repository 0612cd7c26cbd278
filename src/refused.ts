/** Texts that Postgres refused when it was asked, and that nothing in the plan can make right. */
import { type Database, fragmentsOf, type Index, indexOf } from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { DbObject } from "./model/objects.ts";
import type { Delta } from "./model/plan.ts";
import { type Failure, hostOf } from "./elaborate/index.ts";
import { mayCure, mentions } from "./kinds/cures.ts";
import { saidOfTwin } from "./kinds/twins.ts";
import type { DatabaseError } from "./run/connection.ts";
import { problem, type Problem, sentence, type Span, wordAt } from "./problems.ts";

/**
 * What is wrong with a text itself, whoever asks: no such column, function, table, type or operator, several that fit, a value or
 * a type that fits none, an aggregate or a function that changes its mind where none may stand. (errcodes.txt of PostgreSQL)
 */
const ofText: ReadonlySet<string> = new Set(
  "42703 42883 42P01 42704 42702 42725 42804 42846 22P02 22007 22008 42803 42P17".split(" "),
);
/** What is called a feature that is not supported, and is none of temporary tables: a query, a set or a column where none may stand. */
const isOfPlace = ({ code, message }: DatabaseError): boolean =>
  code === "0A000" && /^cannot use (?:subquery|column reference) in | are not allowed in /.test(message);

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
    if (!(ofText.has(error.code) || isOfPlace(error)) || speaksOf(error.message, host, all)) return false;
    const text = [...fragmentsOf(o.attributes).map((f) => f.sql), error.message].join("\n");
    return !deltas.some((d) => hostOf(d.op === "drop" ? d.from : d.to, all) !== host && mayCure(d, text));
  };
  const told = failures.flatMap((failure) => {
    const { id, error, host } = failure;
    const [o, at] = [all.get(encode(id)), places.get(encode(id))];
    if (!o || !at) return [];
    const { span, found } = placed(failure, at, textOf(at.file));
    const message = sentence(saidOfTwin(o, error.message));
    if (error.code === "42601") return [{ host, found, problem: problem("fragment-syntax", span, message) }];
    if (!certain(o, failure)) return [];
    const help = error.hint ?? "Postgres says so of the database as it is.";
    return [{ host, found, problem: problem("refused-text", span, message, { help }) }];
  });
  // What is wrong with a table's column is said of all that stands on the table; it is told where it can be pointed at.
  const keyOf = (t: (typeof told)[number]): string => JSON.stringify([t.host, t.problem.message]);
  const placedAt = new Set(told.filter((t) => t.found).map(keyOf));
  return told.filter((t) => t.found || !placedAt.has(keyOf(t))).map((t) => t.problem);
}

/** Whether Postgres speaks of the twin's own rows or name. */
function speaksOf(message: string, host: string, all: Index): boolean {
  const id = all.get(host)?.id;
  return id === undefined || !("name" in id) || mentions(message, id.name) || message.includes("pg_temp");
}

/** Where Postgres points; else the name that it tells of, or where the object is declared. */
function placed({ place, error }: Failure, at: Span, text: string): { readonly span: Span; readonly found: boolean } {
  const start = place ? text.indexOf(place.sql, at.start) : -1;
  if (place && start >= 0) return { span: wordAt(at.file, text, start + place.at), found: true };
  const said = text.slice(at.start, at.end);
  for (const [, named = ""] of error.message.matchAll(/"([^"]+)"/g)) {
    const found = mentions(said, named) ? said.indexOf(named) : -1;
    if (found >= 0)
      return { span: { file: at.file, start: at.start + found, end: at.start + found + named.length }, found: true };
  }
  return { span: at, found: false };
}
