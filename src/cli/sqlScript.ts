/** Takes an SQL script (pg_dump's too) apart into statements by Postgres's lexical rules. */

export interface ScriptStatement {
  readonly sql: string;
  /** Offset in the script, and its line from 1. */
  readonly start: number;
  readonly line: number;
}

/**
 * The statements of a script in order. psql's own commands (`\connect`, `\restrict`) and the rows of `copy … from stdin`
 * are left out: only the shape of a database is of interest here.
 */
export function statements(text: string): readonly ScriptStatement[] {
  const found: ScriptStatement[] = [];
  let start = -1;
  let line = 1;
  let counted = 0;
  const lineAt = (offset: number): number => {
    for (let i = text.indexOf("\n", counted); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
    counted = Math.max(counted, offset);
    return line;
  };
  let brackets = 0;
  for (let i = 0; i < text.length;) {
    const skipped = skip(text, i);
    if (skipped !== null) {
      // A comment opens no statement, a quoted name or text may.
      if (!skipped.blank && start < 0) start = i;
      i = skipped.end;
      continue;
    }
    const c = text[i]!;
    if (c === "\\" && (i === 0 || text[i - 1] === "\n")) {
      i = lineEnd(text, i);
      continue;
    }
    if (c === "(") brackets++;
    if (c === ")") brackets--;
    if (c === ";" && brackets <= 0 && start >= 0 && !insideAtomicBody(text.slice(start, i))) {
      const sql = text.slice(start, i);
      i++;
      if (/^copy\b[^;]*\bfrom\s+stdin\b/is.test(sql)) i = afterRows(text, i);
      else found.push({ sql, start, line: lineAt(start) });
      start = -1;
      brackets = 0;
      continue;
    }
    if (start < 0 && c !== ";" && !/\s/.test(c)) start = i;
    i++;
  }
  if (start >= 0) found.push({ sql: text.slice(start).trimEnd(), start, line: lineAt(start) });
  return found;
}

const lineEnd = (text: string, from: number): number => {
  const i = text.indexOf("\n", from);
  return i < 0 ? text.length : i + 1;
};

/** The semicolons of `begin atomic … end` are the body's. */
const insideAtomicBody = (sql: string): boolean => /\bbegin\s+atomic\b/i.test(sql) && !/\bend\s*$/i.test(sql);

function afterRows(text: string, from: number): number {
  const end = /^\\\.\r?$/m.exec(text.slice(from));
  return end === null ? text.length : lineEnd(text, from + end.index);
}

/** End of the comment, quoted name, string or dollar-quoted text that begins here; null: none does. */
function skip(text: string, i: number): { readonly end: number; readonly blank: boolean } | null {
  if (text.startsWith("--", i)) return { end: lineEnd(text, i), blank: true };
  if (text.startsWith("/*", i)) return { end: commentEnd(text, i), blank: true };
  const c = text[i];
  if (c === '"') return { end: quoteEnd(text, i, false), blank: false };
  if (c === "'")
    return { end: quoteEnd(text, i, /[eE]/.test(text[i - 1] ?? "") && !/\w/.test(text[i - 2] ?? "")), blank: false };
  if (c === "$" && !/[\w$]/.test(text[i - 1] ?? "")) {
    const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(text.slice(i, i + 70))?.[0];
    if (tag !== undefined) {
      const end = text.indexOf(tag, i + tag.length);
      return { end: end < 0 ? text.length : end + tag.length, blank: false };
    }
  }
  return null;
}

function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length;) {
    if (text.startsWith("/*", i)) [depth, i] = [depth + 1, i + 2];
    else if (text.startsWith("*/", i)) {
      [depth, i] = [depth - 1, i + 2];
      if (depth === 0) return i;
    } else i++;
  }
  return text.length;
}

function quoteEnd(text: string, from: number, escapes: boolean): number {
  const quote = text[from]!;
  for (let i = from + 1; i < text.length; i++) {
    if (escapes && text[i] === "\\") i++;
    else if (text[i] === quote) {
      if (text[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return text.length;
}
