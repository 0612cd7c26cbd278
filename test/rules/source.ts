/** Reads our own sources for the rules: imports, string literals and code without comments. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments blanked out (line numbers stay) and strings kept. */
  readonly code: string;
  /** Contents of string literals and of the literal parts of templates. */
  readonly strings: readonly { readonly text: string; readonly line: number }[];
  readonly imports: readonly Import[];
}
export interface Import {
  /** Of our own files: their path from the root; else the package's name. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
}

/** Paths of files below a folder, without what is generated or installed. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && !/(^|[/\\])(node_modules|\.git|dist)([/\\]|$)/.test(relative(root, f.parentPath)))
    .map((f) => relative(root, join(f.parentPath, f.name)).replaceAll(sep, "/"))
    .sort();
}

export function readSource(path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  const { code, strings } = scan(text);
  return { path, text, code, strings, imports: importsOf(path, code) };
}

function importsOf(path: string, code: string): readonly Import[] {
  const found = /\b(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;
  return [...code.matchAll(found)].map((m) => {
    const target = m[2] ?? m[3] ?? "";
    const own = target.startsWith(".");
    const named = target.startsWith("node:") ? "node" : target.split("/", target.startsWith("@") ? 2 : 1).join("/");
    return {
      target: own ? join(dirname(path), target).replaceAll(sep, "/") : named,
      own,
      typeOnly: m[1] !== undefined,
    };
  });
}

/** A scanner just good enough to tell code from comments, strings and regular expressions. */
function scan(text: string): Pick<Source, "code" | "strings"> {
  let code = "";
  let line = 1;
  const strings: { text: string; line: number }[] = [];
  const depths: number[] = []; // of brackets, where each open template substitution began
  let depth = 0;
  let i = 0;
  const take = (n: number, blank: boolean): string => {
    const part = text.slice(i, i + n);
    line += part.split("\n").length - 1;
    code += blank ? part.replace(/[^\n]/g, " ") : part;
    i += part.length;
    return part;
  };
  const quoted = (quote: string): void => {
    const start = line;
    const from = i + 1;
    let j = from;
    while (j < text.length && text[j] !== quote && text[j] !== "\n") j += text[j] === "\\" ? 2 : 1;
    strings.push({ text: text.slice(from, j), line: start });
    take(j + 1 - i, false);
  };
  const template = (): void => {
    const start = line;
    const from = i + 1;
    let j = from;
    while (j < text.length && text[j] !== "`" && !text.startsWith("${", j)) j += text[j] === "\\" ? 2 : 1;
    strings.push({ text: text.slice(from, j), line: start });
    if (text[j] === "`") take(j + 1 - i, false);
    else {
      take(j + 2 - i, false);
      depths.push(depth++);
    }
  };
  while (i < text.length) {
    const c = text[i]!;
    if (text.startsWith("//", i)) take((text + "\n").indexOf("\n", i) - i, true);
    else if (text.startsWith("/*", i)) take((text.indexOf("*/", i + 2) + 2 || text.length) - i, true);
    else if (c === '"' || c === "'") quoted(c);
    else if (c === "`") template();
    else if (c === "/" && /(^|[(,=:[!&|?{};>]|\breturn|\bcase)\s*$/.test(code.slice(-40))) {
      let j = i + 1;
      for (let inClass = false; j < text.length && (inClass || text[j] !== "/"); j++) {
        if (text[j] === "\\") j++;
        else if (text[j] === "[") inClass = true;
        else if (text[j] === "]") inClass = false;
      }
      take(j + 1 - i, false);
    } else if (c === "}" && depths.at(-1) === depth - 1) {
      depth = depths.pop()!;
      template();
    } else {
      if (c === "{") depth++;
      else if (c === "}") depth--;
      take(1, false);
    }
  }
  return { code, strings };
}
