/**
 * The typed catalogue of diagnostics. A problem is a value: stable code, place, sentence, help, a fix where certain.
 * Users' mistakes never throw; only our own bugs do.
 */
export interface Span {
  /** Path of the file as the user knows it. */
  readonly file: string;
  /** UTF-16 offsets into the file's text; end is exclusive. */
  readonly start: number;
  readonly end: number;
}

export const problemCodes = {
  // text
  syntax: "error",
  "nesting-too-deep": "error",
  "file-too-large": "error",
  "not-text": "error",
  "unreadable-file": "error",
  unterminated: "error",
  "unknown-keyword": "error",
  "misplaced-member": "error",
  "rows-need-key": "error",
  "rows-count": "error",
  "row-value": "error",
  "typed-table-columns": "error",
  "duplicate-clause": "error",
  "unfolded-name": "warning",
  "fragment-syntax": "error",
  "unknown-placeholder": "error",
  // meaning
  "unknown-table": "error",
  "missing-in-body": "warning",
  "constant-moment": "warning",
  "unknown-column": "error",
  "unknown-type": "error",
  "unknown-mixin": "error",
  "unknown-schema": "error",
  "unknown-role": "error",
  "unknown-object": "error",
  "duplicate-name": "error",
  "name-too-long": "error",
  "foreign-key-no-unique": "error",
  "foreign-key-type": "error",
  "foreign-key-columns": "error",
  "nullable-primary-key": "error",
  "nullable-identity": "error",
  "invalid-option": "error",
  "invalid-partition": "error",
  "not-managed": "error",
  "needs-newer-postgres": "error",
  circular: "error",
  "generated-column": "error",
  "refused-text": "error",
} as const satisfies Record<string, "error" | "warning">;
export type ProblemCode = keyof typeof problemCodes;

export interface Problem {
  readonly code: ProblemCode;
  readonly severity: "error" | "warning";
  readonly span: Span;
  /** One sentence, in the user's words. */
  readonly message: string;
  /** What to do. */
  readonly help?: string;
  /** Where certain: replace the span's text with this. */
  readonly fix?: string;
}

export const problem = (
  code: ProblemCode,
  span: Span,
  message: string,
  more: { readonly help?: string; readonly fix?: string } = {},
): Problem => ({ code, severity: problemCodes[code], span, message, ...more });

/** Each once: what stands in a mixin is read anew for every table that takes it. */
export function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, span, message }) => {
    const key = JSON.stringify([code, span.file, span.start, span.end, message]);
    return !seen.has(key) && seen.add(key);
  });
}

/** A message of Postgres's as a sentence. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + ".";

/** The word, the name in quotes, or the sign that stands at a place of a text. */
export function wordAt(file: string, text: string, start: number): Span {
  const word = /^"(?:[^"]|"")*"|^[\p{L}\p{N}_]+|^./su.exec(text.slice(start, start + 130))?.[0] ?? "";
  return { file, start, end: start + Math.max(1, word.length) };
}

/** The nearest right spelling among candidates by edit distance (transpositions count once), or null when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let least = (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const c of candidates) {
    if (Math.abs(c.length - word.length) >= least) continue;
    const d = distance(word.toLowerCase(), c.toLowerCase());
    if (d < least) [least, best] = [d, c];
  }
  return best;
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      next.push(d);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
