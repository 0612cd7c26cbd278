/** Whose columns the names of a text may be. */
import { at, list, strings, text } from "./parseTree.ts";

/** A table that a text reads or writes, and the columns that it may mean of it. */
interface Read {
  readonly schema: string;
  readonly name: string;
  /** In bytes of the whole text. */
  readonly at: number;
  readonly columns: Set<string>;
}
/** A statement's tables, by what they are called in it (nothing: what is no table); `outer`: the statement around it. */
interface Level {
  readonly outer: Level | null;
  readonly called: Map<string, Read[]>;
}
/** Names that `with` gives to queries, those of the statements around included. */
interface Defined {
  readonly names: ReadonlySet<string>;
  readonly outer: Defined | null;
}
/** A node of the tree, and where it stands. */
export interface Visit {
  readonly node: unknown;
  readonly level: Level;
  readonly defined: Defined | null;
}
export const nowhere: Level = { outer: null, called: new Map() };
const writing: ReadonlySet<string> = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Which tables' columns a text's names may be: those of the statement that a name stands in, and of the statements around it. */
export class Reading {
  readonly #tables = new Map<string, Read>();
  readonly #noted: { readonly level: Level; readonly parts: readonly string[] }[] = [];

  note(level: Level, parts: readonly string[]): void {
    this.#noted.push({ level, parts });
  }

  /** A relation that is named. */
  table({ level, defined }: Visit, n: unknown): void {
    const [schema, name] = [text(at(n, "schemaname")), text(at(n, "relname"))];
    const as = text(at(n, "alias", "aliasname")) || name;
    for (let d = schema ? null : defined; d; d = d.outer) if (d.names.has(name)) return call(level, as);
    const read = this.#read(n);
    // With names of their own, columns are told by their places.
    if (strings(at(n, "alias", "colnames")).length) read.columns.add("*");
    call(level, as, read);
  }
  #read(n: unknown): Read {
    const [schema, name] = [text(at(n, "schemaname")), text(at(n, "relname"))];
    const key = `${schema}.${name}`;
    let read = this.#tables.get(key);
    if (!read) this.#tables.set(key, (read = { schema, name, at: Number(at(n, "location") ?? 0), columns: new Set() }));
    return read;
  }

  /** What is in a node, where it stands. */
  into({ node, level, defined }: Visit): Visit[] {
    if (typeof node !== "object" || node === null) return [];
    return Object.entries(node).flatMap(([key, n]: [string, unknown]): Visit[] => {
      if (typeof n !== "object" || n === null) return [];
      if (writing.has(key) || text(at(n, "op")).startsWith("SETOP_")) return this.#statement(key, n, level, defined);
      const alias = text(at(n, "alias", "aliasname"));
      if (key === "RangeSubselect") {
        call(level, alias);
        // Unless it says `lateral`, it sees nothing of what stands beside it.
        return [{ node: n, level: at(n, "lateral") === true ? level : (level.outer ?? nowhere), defined }];
      }
      if (key === "RangeFunction" || key === "RangeTableFunc") call(level, alias);
      if (key === "JoinExpr") {
        if (at(n, "isNatural") === true) this.note(level, ["*"]);
        for (const column of strings(at(n, "usingClause"))) this.note(level, [column]);
      }
      return [{ node: n, level, defined }];
    });
  }

  #statement(key: string, n: object, outer: Level, around: Defined | null): Visit[] {
    const level: Level = { outer, called: new Map() };
    const ctes = list(at(n, "withClause", "ctes"));
    const names = ctes.map((c) => text(at(c, "CommonTableExpr", "ctename")));
    const defined = ctes.length ? { names: new Set(names), outer: around } : around;
    const recursive = at(n, "withClause", "recursive") === true;
    const before = (i: number): Defined => ({ names: new Set(names.slice(0, i)), outer: around });
    const out: Visit[] = ctes.map((node, i) => ({ node, level: outer, defined: recursive ? defined : before(i) }));
    const target = writing.has(key) ? at(n, "relation") : undefined;
    if (target !== undefined) {
      // What is written is a table, whatever `with` defines; its columns stand there without nodes of their own.
      const read = this.#read(target);
      call(level, text(at(target, "alias", "aliasname")) || read.name, read);
      if (at(n, "onConflictClause")) call(level, "excluded", read);
      // What RETURNING may call the row (PostgreSQL 18).
      call(level, "old", read);
      call(level, "new", read);
      const lists = [
        ...[at(n, "cols"), at(n, "targetList"), at(n, "onConflictClause", "targetList")],
        at(n, "onConflictClause", "infer", "indexElems"),
        ...list(at(n, "mergeWhenClauses")).map((w) => at(w, "MergeWhenClause", "targetList")),
      ];
      for (const column of lists.flatMap(list)) {
        const name = text(at(column, "ResTarget", "name")) || text(at(column, "IndexElem", "name"));
        if (name) read.columns.add(name);
      }
      // INSERT without names is of all columns.
      const inserts = [
        ...(key === "InsertStmt" && at(n, "selectStmt") ? [at(n, "cols")] : []),
        ...list(at(n, "mergeWhenClauses")).flatMap((w) =>
          at(w, "MergeWhenClause", "commandType") === "CMD_INSERT" && list(at(w, "MergeWhenClause", "values")).length
            ? [at(w, "MergeWhenClause", "targetList")]
            : [],
        ),
      ];
      if (inserts.some((columns) => !list(columns).length)) read.columns.add("*");
    }
    for (const [part, node] of Object.entries(n) as [string, unknown][]) {
      if (part === "withClause" || (part === "relation" && target !== undefined)) continue;
      // The query of what INSERT writes does not see the table.
      out.push(...this.into({ node: { [part]: node }, level: part === "selectStmt" ? outer : level, defined }));
    }
    return out;
  }

  tables(): readonly Read[] {
    for (const { level, parts } of this.#noted) for (const read of meant(level, parts)) read.columns.add(parts.at(-1)!);
    return [...this.#tables.values()];
  }
}

function call(level: Level, as: string, ...reads: readonly Read[]): void {
  if (as && level !== nowhere) level.called.set(as, [...(level.called.get(as) ?? []), ...reads]);
}

/** The tables that a name may be a column of. */
function meant(level: Level, parts: readonly string[]): readonly Read[] {
  const [of, column] = [parts.at(-2), parts.at(-1)];
  const around: Level[] = [];
  for (let l: Level | null = level; l; l = l.outer) around.push(l);
  const own = of === undefined ? undefined : around.find((l) => l.called.has(of))?.called.get(of);
  if (own) return own;
  // A row of a trigger or a rule.
  if (of === "old" || of === "new") return [];
  return (column === "*" ? [level] : around).flatMap((l) => [...l.called.values()].flat());
}
