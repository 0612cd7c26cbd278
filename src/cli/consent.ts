/** Consent to loss: which hazards ask for it, and which of them the command line has answered. */
import { splitName } from "../model/id.ts";
import type { Json } from "./exit.ts";

/** Something that waits for consent. `id` is the text form of an identity: `column:shop.orders.note`. */
export interface Question {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
}

export interface Answered {
  /** Those that nobody consented to. */
  readonly open: readonly Question[];
  /** Answers that fit more than one thing, with what they fit. */
  readonly ambiguous: readonly { readonly answer: string; readonly fits: readonly string[] }[];
  /** Answers that fit nothing. */
  readonly unused: readonly string[];
}

/** The codes of hazards that nothing may bring about without consent. */
const asking = new Set(["data-loss", "lossy"]);
export const asksConsent = (code: string): boolean => asking.has(code);

/** The questions of a list of hazards, each asked once. */
export function questionsOf(
  hazards: readonly { readonly code: string; readonly on: string; readonly detail: string }[],
): readonly Question[] {
  const all = new Map<string, Question>();
  for (const h of hazards)
    if (asksConsent(h.code)) all.set(`${h.code} ${h.on}`, { id: h.on, code: h.code, detail: h.detail });
  return [...all.values()];
}

/**
 * An answer is an id in full (`column:shop.orders.note`), or a short form where only one of the questions fits: without
 * the kind, and without outer names. `*` answers all.
 */
export function answer(questions: readonly Question[], answers: readonly string[]): Answered {
  const ids = [...new Set(questions.map((q) => q.id))];
  const consented = new Set<string>();
  const ambiguous: { readonly answer: string; readonly fits: readonly string[] }[] = [];
  const unused: string[] = [];
  for (const a of answers) {
    if (a === "*") {
      ids.forEach((id) => consented.add(id));
      continue;
    }
    const fits = ids.includes(a) ? [a] : ids.filter((id) => isShortOf(a, id));
    if (fits.length === 1) consented.add(fits[0]!);
    else if (fits.length > 1) ambiguous.push({ answer: a, fits });
    else unused.push(a);
  }
  return { open: questions.filter((q) => !consented.has(q.id)), ambiguous, unused };
}

/** Kinds in front of an id: `comment:table:shop.orders` has two. */
function split(id: string): { readonly kinds: string; readonly names: readonly string[] } | null {
  const m = /^((?:[A-Za-z]+:)*)(.*)$/s.exec(id);
  const names = splitName(m?.[2] ?? "");
  return names === null ? null : { kinds: m?.[1] ?? "", names };
}

function isShortOf(short: string, id: string): boolean {
  const a = split(short);
  const b = split(id);
  if (a === null || b === null || a.names.length > b.names.length) return false;
  if (a.kinds !== "" && a.kinds.toLowerCase() !== b.kinds.toLowerCase()) return false;
  return a.names.every((n, i) => n === b.names[b.names.length - a.names.length + i]);
}

export const questionJson =
  (flag: string) =>
  (q: Question): Json => ({
    id: q.id,
    code: q.code,
    detail: q.detail,
    answer: `${flag} ${q.id}`,
  });
