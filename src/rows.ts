/**
 * Query results as whole tables of bytes. A catalog of a thousand tables has some hundred thousand cells; a project that did
 * not change needs none of them, only to know that the bytes are the same. So they come as COPY sends them, and become rows
 * when somebody looks.
 */
import type { Row } from "./kinds/room.ts";

// No text of a catalog is likely to hold these, so hardly a cell is quoted. Those that hold them are, by COPY's own rules.
const [cell, quote, nothing] = ["\u001f", "\u0002", "\u0003"] as const;
const format = `format csv, header, delimiter e'\\x1f', quote e'\\x02', null e'\\x03'`;

/** A statement that sends a query's rows as a table. */
export const tableOf = (query: string): string => `copy (${query}\n) to stdout (${format})`;

/** The rows of a table, by the names of its columns. */
export function readTable(bytes: Buffer): readonly Row[] {
  const lines = linesOf(bytes.toString("utf8"));
  const [names = [], ...rows] = lines;
  return rows.map((cells) => {
    const row: Record<string, string | null> = {};
    for (let i = 0; i < names.length; i++) row[names[i]!] = cells[i] ?? null;
    return row;
  });
}

function linesOf(text: string): readonly (readonly (string | null)[])[] {
  const plain = (line: string): (string | null)[] => line.split(cell).map((c) => (c === nothing ? null : c));
  if (!text.includes(quote))
    return text === ""
      ? []
      : text
          .slice(0, text.endsWith("\n") ? -1 : undefined)
          .split("\n")
          .map(plain);
  const lines: (readonly (string | null)[])[] = [];
  for (let at = 0; at < text.length;) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end);
    if (!line.includes(quote)) {
      lines.push(plain(line));
      at = end + 1;
      continue;
    }
    const cells: (string | null)[] = [];
    for (;;) {
      const [value, after] = text[at] === quote ? quoted(text, at) : unquoted(text, at);
      cells.push(value);
      at = after + 1;
      if (text[after] !== cell) break;
    }
    lines.push(cells);
  }
  return lines;
}

/** The value of the quoted cell that begins here, and where it ends. */
function quoted(text: string, start: number): readonly [string, number] {
  let value = "";
  for (let at = start + 1; ;) {
    const end = text.indexOf(quote, at);
    if (end < 0) throw new Error("a table of the catalog ends within a cell");
    value += text.slice(at, end);
    if (text[end + 1] !== quote) return [value, end + 1];
    value += quote;
    at = end + 2;
  }
}
function unquoted(text: string, start: number): readonly [string | null, number] {
  let end = start;
  while (end < text.length && text[end] !== cell && text[end] !== "\n") end++;
  const value = text.slice(start, end);
  return [value === nothing ? null : value, end];
}
