/**
 * A `.case` file: one change, and the plan that is expected of it, in sections opened by lines of their own:
 * `--- before`, `--- after` (schema text), `--- up`, `--- down` (SQL). What stands above the first one explains the case; a line
 * `since 14` there says what PostgreSQL it takes.
 */
export interface Case {
  readonly title: string;
  /** The first major that has all of it. */
  readonly since: number;
  readonly before: string;
  readonly after: string;
  readonly up: string;
  readonly down: string;
}
const sections = ["before", "after", "up", "down"] as const;

export function readCase(text: string): Case {
  const parts = text.replaceAll("\r\n", "\n").split(/^--- (before|after|up|down)\n/m);
  const found = new Map<string, string>();
  for (let i = 1; i < parts.length; i += 2) found.set(parts[i]!, (parts[i + 1] ?? "").trim());
  const missing = sections.filter((s) => (s === "before" || s === "after" ? !found.has(s) : false));
  if (missing.length > 0) throw new Error(`a case without the section ${missing.join(", ")}`);
  const section = (s: string): string => found.get(s) ?? "";
  const title = (parts[0] ?? "").trim();
  return {
    title,
    since: Number(/^since (\d+)$/m.exec(title)?.[1] ?? 0),
    before: section("before"),
    after: section("after"),
    up: section("up"),
    down: section("down"),
  };
}

export const writeCase = (c: Case): string => `${c.title}\n\n${sections.map((s) => `--- ${s}\n${c[s]}\n`).join("\n")}`;
