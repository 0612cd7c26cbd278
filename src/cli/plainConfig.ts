/** Reads a config that is a plain literal without running it: what transforms TypeScript takes longer to load than a small command takes. */
import { readLiteral, type Literal } from "../revision/literal.ts";
import { readWord, skipBlanks, Unreadable } from "../revision/script.ts";

const head = /import \{ defineConfig \} from (["'])schemac(?:\/config)?\1;?/y;
const opening = /export\s+default\s+(?:defineConfig\s*\()?/y;

/**
 * The value of `export default defineConfig({ … })` or of a bare `export default { … }`, where nothing in it needs to be run;
 * undefined: the file has to be imported. Whatever is said in another way than this is not looked at, let alone complained about.
 */
export function plainConfig(text: string): unknown {
  try {
    let i = skipBlanks(text, 0);
    const imports = text.startsWith("import", i);
    if (imports) i = skipBlanks(text, match(head, text, i));
    const start = match(opening, text, i);
    const { value, end } = readLiteral(text, start);
    i = skipBlanks(text, end);
    if (text[start - 1] === "(") {
      if (!imports) return undefined;
      if (text[i] === ",") i = skipBlanks(text, i + 1);
      if (text[i] !== ")") return undefined;
      i = skipBlanks(text, i + 1);
    }
    if (text[i] === ";") i = skipBlanks(text, i + 1);
    return i === text.length ? plain(value) : undefined;
  } catch (e) {
    if (e instanceof Unreadable) return undefined;
    throw e;
  }
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) throw new Unreadable(at, `${readWord(text, at)} is not how a plain config goes on`);
  return pattern.lastIndex;
}

function plain(value: Literal): unknown {
  switch (value.kind) {
    case "null":
      return null;
    case "array":
      return value.items.map(plain);
    case "object":
      return Object.fromEntries(value.entries.map((e) => [named(e), plain(e.value)]));
    case "code":
      throw new Unreadable(value.at, "code");
    default:
      return value.value;
  }
}

/** In a literal that is run, this one sets the prototype. */
function named({ key, at }: { readonly key: string; readonly at: number }): string {
  if (key === "__proto__") throw new Unreadable(at, key);
  return key;
}
