/** Names, literals and lists in plain SQL, written without the compiler's help. */
import type {
  ForeignOptions,
  Fragment,
  Options,
  QualifiedName,
  Secret,
  SequenceOptions,
} from "../../src/model/objects.ts";

export const q = (name: string): string => '"' + name.replaceAll('"', '""') + '"';
export const qq = (n: QualifiedName): string => `${q(n.schema)}.${q(n.name)}`;
export const text = (s: string): string =>
  (s.includes("\\") ? " E" : "") + "'" + s.replaceAll("'", "''").replaceAll("\\", "\\\\") + "'";
export const list = (names: readonly string[]): string => names.map(q).join(", ");
export const by = (sql: string | false | null | undefined): string => (sql ? " " + sql : "");
export const table = (t: { schema: string; table: string }): string => qq({ schema: t.schema, name: t.table });
export type InSchema = (schema: string, sql: string) => void;

export const bracketed = (f: Fragment): string => `(${f.sql})`;
export const sequenceOptions = (s: SequenceOptions): string =>
  `increment ${s.increment} minvalue ${s.min} maxvalue ${s.max} start ${s.start} cache ${s.cache} ${s.cycle ? "cycle" : "no cycle"}`;
export const options = (o: Options, keyword = "with"): string =>
  Object.keys(o).length === 0
    ? ""
    : ` ${keyword} (${Object.entries(o)
        .map(([k, v]) => `${k} = ${/^[-\d.]+$/.test(v) ? v : text(v)}`)
        .join(", ")})`;
export const plain = (v: string | Secret): string => (typeof v === "string" ? v : (v.secret ?? ""));
export const foreignOptions = (o: ForeignOptions): string =>
  by(
    Object.keys(o).length > 0 &&
      `options (${Object.entries(o)
        .map(([k, v]) => `${q(k)} ${text(plain(v))}`)
        .join(", ")})`,
  );
