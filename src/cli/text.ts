/** Text for terminals and logs: foreign characters that steer a terminal are taken out, passwords hidden. */
import { secretWords } from "../model/secrets.ts";
import type { Json } from "./exit.ts";

/** Control, bidi and line-separator characters but for newline and tab. */
const steering =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** The colour codes that our own output holds. */
const colour = /\u001b\[\d{1,2}m/g;

/** Without characters that move the cursor, colour or reorder text. */
export const clean = (text: string): string => text.replace(steering, "");

/** A name, an id or a sentence with such in it, which stands in a line of ours: what would end the line or steer the terminal is shown as an escape. */
export const inLine = (text: string): string => text.replace(inLineSteering, escaped);
const inLineSteering = new RegExp(`[\\n\\t]|${steering.source}`, "g");
const escaped = (c: string): string =>
  c === "\n" ? "\\n" : c === "\t" ? "\\t" : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Like `clean`, but leaves plain colour codes. */
export function cleanKeepingColour(text: string): string {
  let out = "";
  let from = 0;
  for (const m of text.matchAll(colour)) {
    out += clean(text.slice(from, m.index)) + m[0];
    from = m.index + m[0].length;
  }
  return out + clean(text.slice(from));
}

/**
 * Up to the last @ of the line, or before another URL: a password may hold @, : and / when somebody forgot to encode it, and
 * blanks and quotes. What begins like a port is taken for one, unless an @ follows without a blank.
 */
const urlPassword =
  /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@?]*):(?:(?!\d{1,5}(?:[/?\s"'`),.;]|$))(?:(?!:\/\/).)*@|[^\s"'`]*@)/gi;
/** A colon and a blank are no such thing: lines about a column called password hold them. */
const named = /\b(\w*(?:password|passwd|passphrase|secret)|passfile)(\s*=\s*|\s*:\s*(?=["'])|\s*:(?=\S))/;
/** In a connection string that stands in an SQL string, the quotes are doubled or escaped. */
const given = /''(?:[^'\\\n]|\\.)+''|'(?:[^'\\\n]|\\.|'')*'?|\\'[^'\\\n]*(?:\\'|$)|"(?:[^"\\\n]|\\.)*"?|[^\s&"',}]+/;
const namedPassword = new RegExp(`${named.source}(?:${given.source})`, "gi");

/** A string as SQL writes it, or as it stands in another one; it may go on in the next line. Cut off, it ends with its line. */
const sqlString =
  /''[^'\n]+''|\\'[^'\n]+\\'|e'(?:[^'\\]|\\[^]|'')*'(?:[^\S\n]*\n\s*'(?:[^'\\]|\\[^]|'')*')*|(?:u&|n)?'(?:[^']|'')*'(?:[^\S\n]*\n\s*'(?:[^']|'')*')*|(?:e|u&|n)?'[^\n]*|\$(?<tag>\w*)\$[^]*?(?:\$\k<tag>\$|$)/;
const sqlBlank = /(?:\s|--[^\n]{0,200}\n|\/\*[^]{0,200}?\*\/)*(?:\bto\b\s*)?/;
/** `password 'x'` of a role, `options (add secret 'x')` of a server or user mapping; and no parser's "Unexpected token". */
const sqlPassword = new RegExp(
  `\\b(?<!unexpected )(\\w*(?:${secretWords})"?)(${sqlBlank.source})(?:${sqlString.source})`,
  "gi",
);
/** A subscription's connection string, quoted once more than the password in it. */
const sqlConnection = /\b(connection\s+)(?:e'((?:[^'\\]|\\[^]|'')*)'|'((?:[^']|'')*)')/gi;

/** Stands for a secret, in as many lines. */
const hidden = (secret: string): string => "***" + secret.replace(/[^\n]/g, "");
const hideNamed = (text: string): string => text.replace(namedPassword, "$1$2***");
const hideInConnection = (all: string, before: string, escaped: string | undefined, plain = ""): string => {
  const said = escaped?.replace(/''|\\[^]/g, (two) => two[1]!) ?? plain.replaceAll("''", "'");
  const safe = hideNamed(said);
  return safe === said ? all : `${before}'${safe.replaceAll("'", "''")}'`;
};

/** Hides the password of every URL, every `password=…`, and every `password '…'` of SQL in a text. Its lines stay. */
export const redact = (text: string): string =>
  hideNamed(
    text
      .replace(urlPassword, "$1:***@")
      .replace(sqlConnection, hideInConnection)
      .replace(sqlPassword, (all, before: string, blank: string) => {
        const kept = before + blank;
        return kept + hidden(all.slice(kept.length));
      }),
  );

/** A value for JSON, its texts without passwords. */
export function redactAll(value: Json): Json {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(redactAll);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, v === undefined ? v : redactAll(v)]));
}

/** True when a URL has a password in it. */
export const hasPassword = (url: string): boolean => redact(url) !== url;

/** Columns a character takes on a terminal. */
export function width(character: string): 0 | 1 | 2 {
  const c = character.codePointAt(0) ?? 0;
  if (c < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}\u200b-\u200d\ufe00-\ufe0f]/u.test(character)) return 0;
  return (c >= 0x1100 && c <= 0x115f) ||
    (c >= 0x2e80 && c <= 0x303e) ||
    (c >= 0x3041 && c <= 0x4dbf) ||
    (c >= 0x4e00 && c <= 0xa4cf) ||
    (c >= 0xac00 && c <= 0xd7a3) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0xfe30 && c <= 0xfe6f) ||
    (c >= 0xff00 && c <= 0xff60) ||
    (c >= 0xffe0 && c <= 0xffe6) ||
    (c >= 0x1f300 && c <= 0x1f64f) ||
    (c >= 0x1f900 && c <= 0x1f9ff) ||
    (c >= 0x20000 && c <= 0x3fffd)
    ? 2
    : 1;
}

/** The system's or the server's own name of an error, as `ENOSPC`; "" when it has none. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** `1 table`, `2 tables`, `3 indexes`, `2 primary keys`, `2 policies`. */
export function count(n: number, word: string): string {
  if (n === 1 || uncounted.test(word)) return `${n} ${word}`;
  if (/(s|x|ch)$/.test(word)) return `${n} ${word}es`;
  return `${n} ${/[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`}`;
}
/** Words that are many already, or nobody counts. */
const uncounted = /(?:privileges|rights|rows|security|statistics)$/;

/** A line for people. Beside SQL it is a comment, so that the whole can be piped on. */
export const besideSql = (sql: boolean, line: string): string =>
  sql && line !== "" ? `-- ${line.replaceAll("\n", "\n-- ")}` : line;

/** `a`, `a and b`, `a, b and c`. */
export const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** A word as it can be pasted into a shell, in one line: with escapes, as bash and zsh take them, where it has to. */
export function shellQuoted(text: string): string {
  if (/^[\w.:/-]+$/.test(text)) return text;
  if (inLine(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${inLine(text.replace(/['\\]/g, "\\$&"))}'`;
}
