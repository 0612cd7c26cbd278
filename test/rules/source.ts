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
  /** The same with the contents of strings blanked out too. */
  readonly bare: string;
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
  const { code, bare, strings } = scan(text);
  return { path, text, code, bare, strings, imports: importsOf(path, code) };
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
function scan(text: string): Pick<Source, "code" | "bare" | "strings"> {
  let code = "";
  let bare = "";
  let line = 1;
  const strings: { text: string; line: number }[] = [];
  const depths: number[] = []; // of brackets, where each open template substitution began
  let depth = 0;
  let i = 0;
  const take = (n: number, comment: boolean, string = false): string => {
    const part = text.slice(i, i + n);
    line += part.split("\n").length - 1;
    const blank = part.replace(/[^\n]/g, " ");
    code += comment ? blank : part;
    bare += comment || string ? blank : part;
    i += part.length;
    return part;
  };
  const quoted = (quote: string): void => {
    const start = line;
    const from = i + 1;
    let j = from;
    while (j < text.length && text[j] !== quote && text[j] !== "\n") j += text[j] === "\\" ? 2 : 1;
    strings.push({ text: text.slice(from, j), line: start });
    take(j + 1 - i, false, true);
  };
  const template = (): void => {
    const start = line;
    const from = i + 1;
    let j = from;
    while (j < text.length && text[j] !== "`" && !text.startsWith("${", j)) j += text[j] === "\\" ? 2 : 1;
    strings.push({ text: text.slice(from, j), line: start });
    if (text[j] === "`") take(j + 1 - i, false, true);
    else {
      take(j + 2 - i, false, true);
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
  return { code, bare, strings };
}
