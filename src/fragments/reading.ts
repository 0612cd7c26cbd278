/** Whose columns the names of a text may be. */
import { targetName } from "./columnName.ts";
import { at, list, strings, text } from "./parseTree.ts";

/** A table that a text reads or writes, and the columns that it may mean of it. */
interface Read {
  readonly schema: string;
  readonly name: string;
  /** In bytes of the whole text. */
  readonly at: number;
  readonly columns: Set<string>;
}
/** What something is called in a statement; nothing is read of what is no table. `vague`: it has other columns than these tables. */
interface Called {
  readonly reads: readonly Read[];
  readonly vague: boolean;
}
/** What stands in a statement; `outer`: the statement around it. */
interface Level {
  readonly outer: Level | null;
  readonly called: Map<string, Called>;
  /** Names of what comes out of it. */
  readonly outputs: ReadonlySet<string>;
  /** Something in it has columns that no table has. */
  vague: boolean;
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
export const nowhere: Level = { outer: null, called: new Map(), outputs: new Set(), vague: false };
/** A name, and the tables of which one must have a column that is called so; null: it may be something else. */
interface Reference {
  readonly parts: readonly string[];
  readonly at: number;
  readonly of: readonly Read[] | null;
}
/** Clauses that may speak of what comes out of their query. */
const ofOutputs: ReadonlySet<string> = new Set(["sortClause", "groupClause", "distinctClause"]);
const writing: ReadonlySet<string> = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Which tables' columns a text's names may be: those of the statement that a name stands in, and of the statements around it. */
export class Reading {
  readonly #tables = new Map<string, Read>();
  readonly #noted: { readonly level: Level; readonly parts: readonly string[]; readonly at: number | null }[] = [];

  /** A name that may be a column; `at`: in bytes of the whole text, null for one without a node of its own. */
  note(level: Level, parts: readonly string[], at: number | null = null): void {
    this.#noted.push({ level, parts, at });
  }

  /** A relation that is named. */
  table({ level, defined }: Visit, n: unknown): void {
    const [schema, name] = [text(at(n, "schemaname")), text(at(n, "relname"))];
    const as = text(at(n, "alias", "aliasname")) || name;
    for (let d = schema ? null : defined; d; d = d.outer) if (d.names.has(name)) return call(level, as);
    const read = this.#read(n);
    // With names of their own, columns are told by their places.
    const renamed = strings(at(n, "alias", "colnames")).length > 0;
    if (renamed) read.columns.add("*");
    call(level, as, { reads: [read], vague: renamed });
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
        for (const as of [alias, text(at(n, "join_using_alias", "aliasname"))]) if (as) call(level, as);
        if (at(n, "isNatural") === true) this.note(level, ["*"]);
        for (const column of strings(at(n, "usingClause"))) this.note(level, [column]);
      }
      return [{ node: n, level, defined }];
    });
  }

  #statement(key: string, n: object, outer: Level, around: Defined | null): Visit[] {
    const level: Level = { outer, called: new Map(), outputs: new Set(), vague: false };
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
      const row = { reads: [read], vague: false };
      call(level, text(at(target, "alias", "aliasname")) || read.name, row);
      if (at(n, "onConflictClause")) call(level, "excluded", row);
      // What RETURNING may call the row (PostgreSQL 18), if it is none of a trigger or a rule.
      level.called.set("old", { ...row, vague: true }).set("new", { ...row, vague: true });
      const lists = [
        ...[at(n, "cols"), at(n, "targetList"), at(n, "onConflictClause", "targetList")],
        at(n, "onConflictClause", "infer", "indexElems"),
        ...list(at(n, "mergeWhenClauses")).map((w) => at(w, "MergeWhenClause", "targetList")),
      ];
      const alone: Level = { outer: null, called: new Map([["", row]]), outputs: new Set(), vague: false };
      for (const column of lists.flatMap(list)) {
        const place = at(column, "ResTarget", "location");
        const name = text(at(column, "ResTarget", "name")) || text(at(column, "IndexElem", "name"));
        if (name) this.note(alone, [name], place === undefined ? null : Number(place));
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
      // The query of what INSERT writes does not see the table, nor one arm of several the others.
      const apart = part === "selectStmt" || part === "larg" || part === "rarg";
      const seen = apart ? outer : ofOutputs.has(part) ? outputsOf(n, level) : level;
      out.push(...this.into({ node: { [part]: node }, level: seen, defined }));
    }
    return out;
  }

  /** The names that were noted with their places, in order. */
  columns(): readonly Reference[] {
    return this.#noted.flatMap(({ level, parts, at }) =>
      at === null ? [] : [{ parts, at, of: certain(level, parts) }],
    );
  }

  tables(): readonly Read[] {
    for (const { level, parts } of this.#noted) for (const read of meant(level, parts)) read.columns.add(parts.at(-1)!);
    return [...this.#tables.values()];
  }
}

/** What a clause that may speak of what comes out of its query sees. What comes out of several arms, or of rows, nobody here knows. */
function outputsOf(query: object, outer: Level): Level {
  // What a table's `*` brings are columns of what the query reads.
  const targets = list(at(query, "targetList")).filter((t) => !isStar(t));
  const outputs = targets.map(targetName);
  return {
    outer,
    called: new Map(),
    outputs: new Set(outputs.filter((n) => n !== null)),
    vague: [at(query, "larg"), at(query, "valuesLists")].some((n) => n !== undefined) || outputs.includes(null),
  };
}
const isStar = (target: unknown): boolean =>
  list(at(target, "ResTarget", "val", "ColumnRef", "fields")).some((f) => at(f, "A_Star") !== undefined);

/** Something is called so in a statement. Without a table of its own nobody here knows its columns. */
function call(level: Level, as: string, { reads, vague }: Called = { reads: [], vague: true }): void {
  if (level === nowhere) return;
  level.vague ||= vague;
  const before = level.called.get(as);
  if (as)
    level.called.set(as, {
      reads: [...(before?.reads ?? []), ...reads],
      vague: vague || before?.vague === true,
    });
}

/** A statement, and those around it. */
function around(level: Level): readonly Level[] {
  const out: Level[] = [];
  for (let l: Level | null = level; l; l = l.outer) out.push(l);
  return out;
}
const readIn = (l: Level): readonly Read[] => [...l.called.values()].flatMap(({ reads }) => reads);

/** The tables that a name may be a column of. */
function meant(level: Level, parts: readonly string[]): readonly Read[] {
  const [of, column] = [parts.at(-2), parts.at(-1)];
  const levels = around(level);
  const own = of === undefined ? undefined : levels.find((l) => l.called.has(of))?.called.get(of);
  if (own) return own.reads;
  // A row of a trigger or a rule.
  if (of === "old" || of === "new") return [];
  return (column === "*" ? [level] : levels).flatMap(readIn);
}

/** The tables of which one must have a column of this name, unless what the text stands in has it; null: it may be something else. */
function certain(level: Level, parts: readonly string[]): readonly Read[] | null {
  const [first = "", second] = parts;
  const levels = around(level);
  if (parts.length > 2 || parts.includes("*")) return null;
  if (second !== undefined) {
    const own = levels.find((l) => l.called.has(first))?.called.get(first);
    return own && !own.vague ? own.reads : null;
  }
  const other = levels.some((l) => l.vague || l.called.has(first) || l.outputs.has(first));
  const reads = other ? [] : levels.flatMap(readIn);
  return reads.length ? reads : null;
}
