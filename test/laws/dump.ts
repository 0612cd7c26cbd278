/** pg_dump as a second judge, where it is at hand and not older than the server. */
import { execFile, spawnSync } from "node:child_process";

/** Its major, or null when there is none. */
export function dumpMajor(): number | null {
  const r = spawnSync("pg_dump", ["--version"], { encoding: "utf8" });
  const m = /(\d+)(\.|devel|beta|\s|$)/.exec(r.status === 0 ? r.stdout : "");
  return m ? Number(m[1]) : null;
}

/**
 * The schema as a sorted list of lines, each with what it belongs to. The order of statements and of columns doesn't
 * count; everything else that pg_dump says does.
 */
export async function dump(url: string): Promise<readonly string[]> {
  const text = await new Promise<string>((done, fail) =>
    execFile("pg_dump", ["-s", "-N", "schemac", url], { maxBuffer: 1 << 28 }, (e, out) => (e ? fail(e) : done(out))),
  );
  const settings = new Map<string, string>();
  let head = "";
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const set = /^SET (default_tablespace|default_table_access_method) = (.*)$/.exec(line);
    if (set) settings.set(set[1]!, set[2]!);
    // \restrict and \unrestrict carry a random word.
    else if (line === "" || /^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict)/.test(line)) continue;
    else if (/^\s/.test(line)) lines.push(`${head} | ${line.trim().replace(/,$/, "")}`);
    else {
      head = /^CREATE/.test(line) ? `${line} [${[...settings.values()].join(" ")}]` : line;
      lines.push(head);
    }
  }
  return lines.sort();
}

/** The first few lines that one has and the other lacks; null: none. */
export function difference(have: readonly string[], want: readonly string[]): string | null {
  const count = new Map<string, number>();
  for (const l of have) count.set(l, (count.get(l) ?? 0) + 1);
  for (const l of want) count.set(l, (count.get(l) ?? 0) - 1);
  const off = [...count].filter(([, n]) => n !== 0).map(([l, n]) => (n > 0 ? "has   " : "wants ") + l);
  return off.length === 0 ? null : off.slice(0, 8).join("\n");
}
