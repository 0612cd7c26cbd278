/** pg_dump as a second judge, where it is at hand and not older than the server. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The newest there is. On Debian the one in the path is a script in Perl that looks for it and takes as long as the dump. */
function newest(folder = "/usr/lib/postgresql"): string {
  const majors = existsSync(folder) ? readdirSync(folder).map(Number) : [];
  const paths = majors.sort((a, b) => b - a).map((m) => join(folder, String(m), "bin", "pg_dump"));
  return paths.find((p) => existsSync(p)) ?? "pg_dump";
}
const program = newest();

/** Its major, or null when there is none. */
export function dumpMajor(): number | null {
  const r = spawnSync(program, ["--version"], { encoding: "utf8" });
  const m = /(\d+)(\.|devel|beta|\s|$)/.exec(r.status === 0 ? r.stdout : "");
  return m ? Number(m[1]) : null;
}

/** Kinds of things that nobody makes here: each would be a query for nothing. */
const unused = ["--no-security-labels"];

/**
 * The schema as a sorted list of statements, those that make tables taken apart into their lines. The order of statements
 * and of columns doesn't count; everything else that pg_dump says does.
 */
export async function dump(url: string): Promise<readonly string[]> {
  const text = await new Promise<string>((done, fail) =>
    execFile(program, ["-s", "-N", "schemac", ...unused, url], { maxBuffer: 1 << 28 }, (e, out) =>
      e ? fail(e) : done(out),
    ),
  );
  const settings = new Map<string, string>();
  const out: string[] = [];
  for (const s of split(text, ";")) {
    const set = /^SET (default_tablespace|default_table_access_method) = (.*)$/s.exec(s);
    if (set) settings.set(set[1]!, set[2]!);
    else if (s === "" || /^(SET |SELECT pg_catalog\.set_config)/.test(s)) continue;
    else {
      const where = /^CREATE (UNLOGGED )?(TABLE|(UNIQUE )?INDEX)/.test(s)
        ? ` [${[...settings.values()].join(" ")}]`
        : "";
      // Statistics and publications name columns in the order of the table's, which does not count.
      const list =
        /^(CREATE STATISTICS .* ON )(.*)( FROM .*)$/s.exec(s) ??
        /^(ALTER PUBLICATION .+? ADD TABLE ONLY .+? \()(.*?)(\)(?: WHERE .*)?)$/s.exec(s);
      if (list) {
        out.push(`${list[1]}${[...split(list[2]!, ",")].sort().join(", ")}${list[3]}`);
        continue;
      }
      const composite = /^CREATE TYPE (?:"[^"]*"|[^\s"])+ AS \(/.test(s);
      const open = composite || /^CREATE (UNLOGGED |FOREIGN )?TABLE/.test(s) ? openBracket(s) : -1;
      // Behind the columns of a foreign table stand its options, in brackets, too.
      const close = s.startsWith("CREATE FOREIGN") ? s.indexOf("\n)\nSERVER ") : s.lastIndexOf("\n)");
      if (open < 0 || close < open) out.push(s + where);
      else {
        const head = s.slice(0, open);
        out.push(`${head} ${s.slice(close + 1)}${where}`);
        for (const line of split(s.slice(open + 1, close), ",")) out.push(`${head} | ${line}`);
      }
    }
  }
  return out.sort();
}

/** Where the list of columns opens: the first bracket outside of quotes. */
function openBracket(s: string): number {
  for (let i = 0, quoted = false; i < s.length; i++) {
    if (s[i] === '"') quoted = !quoted;
    else if (s[i] === "(" && !quoted) return i;
  }
  return -1;
}

/** Takes text apart at a mark outside of quotes and brackets; comments and psql's own commands fall out. */
function split(text: string, mark: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote === "" && (i === 0 || text[i - 1] === "\n") && (text.startsWith("--", i) || c === "\\")) {
      i = text.indexOf("\n", i);
      if (i < 0) break;
      continue;
    }
    if (quote !== "") {
      // A backslash speaks only in E'…', where it also hides a quote.
      if (quote === "E'" && c === "\\") part += c + text[++i];
      else {
        part += c;
        if (c === quote.at(-1)) quote = "";
      }
      continue;
    }
    // What stands between dollars is taken as it is.
    const dollar = c === "$" ? /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.exec(text.slice(i, i + 64))?.[0] : undefined;
    if (dollar !== undefined && !/[\w$]/.test(text[i - 1] ?? "")) {
      const end = text.indexOf(dollar, i + dollar.length);
      const body = text.slice(i, end < 0 ? text.length : end + dollar.length);
      part += body;
      i += body.length - 1;
      continue;
    }
    if (c === '"') quote = c;
    else if (c === "'") quote = /(^|\W)E$/.test(part.slice(-2)) ? "E'" : c;
    else if (c === "(") depth++;
    else if (c === ")") depth--;
    if (c === mark && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += c;
  }
  if (part.trim() !== "") parts.push(part.trim());
  return parts;
}

/** The first few lines that one has and the other lacks; null: none. */
export function difference(have: readonly string[], want: readonly string[]): string | null {
  const count = new Map<string, number>();
  for (const l of have) count.set(l, (count.get(l) ?? 0) + 1);
  for (const l of want) count.set(l, (count.get(l) ?? 0) - 1);
  const off = [...count].filter(([, n]) => n !== 0).map(([l, n]) => (n > 0 ? "has   " : "wants ") + l);
  return off.length === 0 ? null : off.slice(0, 8).join("\n");
}
