/** Strings: what they stand for, and how a text is written as one. */

const decoder = new TextDecoder("utf-8", { fatal: true });
const simple: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** The value of `'…'`, `E'…'`, `U&'…'`, `N'…'` or `$tag$…$tag$`; null when an escape is broken. */
export function stringValue(image: string): string | null {
  if (image.startsWith("$")) {
    const tag = image.indexOf("$", 1) + 1;
    return image.slice(tag, -tag);
  }
  const open = image.indexOf("'");
  const inner = image.slice(open + 1, -1);
  switch (image.slice(0, open).toLowerCase()) {
    case "e":
      return unescape(inner);
    case "u&":
      return unicode(inner.replaceAll("''", "'"));
    default:
      return inner.replaceAll("''", "'");
  }
}
/** The value of `"…"` or `U&"…"`; null when an escape is broken. */
export function nameValue(image: string): string | null {
  const open = image.indexOf('"');
  const inner = image.slice(open + 1, -1).replaceAll('""', '"');
  return open === 0 ? inner : unicode(inner);
}

function unicode(text: string): string | null {
  let broken = false;
  const value = text.replace(/\\(?:\\|\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4})|)/g, (all, six: string, four: string) => {
    if (all === "\\\\") return "\\";
    const code = parseInt(six ?? four ?? "", 16);
    if (!(code > 0 && code <= 0x10ffff)) {
      broken = true;
      return "";
    }
    return six === undefined ? String.fromCharCode(code) : String.fromCodePoint(code);
  });
  return broken ? null : value;
}

function unescape(text: string): string | null {
  let broken = false;
  const value = text.replace(
    /''|(?:\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}))+|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([^])/g,
    (all, four: string | undefined, eight: string | undefined, other: string | undefined) => {
      if (all === "''") return "'";
      if (other !== undefined) {
        if (other === "u" || other === "U") broken = true;
        return simple[other] ?? other;
      }
      if (four !== undefined) return String.fromCharCode(parseInt(four, 16));
      if (eight !== undefined) {
        const code = parseInt(eight, 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
        broken = true;
        return "";
      }
      const bytes = all
        .split("\\")
        .slice(1)
        .map((s) => (s.startsWith("x") ? parseInt(s.slice(1), 16) : parseInt(s, 8) & 255));
      try {
        return decoder.decode(Uint8Array.from(bytes));
      } catch {
        broken = true;
        return "";
      }
    },
  );
  return broken || value.includes("\0") ? null : value;
}

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;
const controls = new RegExp(control.source + "|[\\\\']", "g");

/** A text as a string of the language; control characters are written as escapes, so that no editor changes them. */
export function string(text: string): string {
  if (!control.test(text)) return "'" + text.replaceAll("'", "''") + "'";
  return (
    "E'" +
    text.replace(controls, (c) => {
      switch (c) {
        case "\\":
          return "\\\\";
        case "'":
          return "''";
        case "\n":
          return "\\n";
        case "\r":
          return "\\r";
        case "\t":
          return "\\t";
        default:
          return "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0");
      }
    }) +
    "'"
  );
}

/** Whether `///` lines can carry a text unchanged. */
export const fitsDoc = (text: string): boolean =>
  text !== "" &&
  !text.startsWith("\n") &&
  !text.endsWith("\n") &&
  text.split("\n").every((line) => line === line.trimEnd() && !control.test(line));
