/** Whether both ends of each foreign key fit together. It takes all tables, so it is asked once everything is declared. */
import type { Declaration } from "../../../grammar/declarations.ts";
import type { Name } from "../../../grammar/nodes.ts";
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { type Database, type Index, indexOf, isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { nearest, problem, type Problem, type Span } from "../../problems.ts";
import { name, names, qualified } from "../../sql.ts";
import { handedDown, parentsOfTable } from "./inheritance.ts";
import { unsaidParts } from "./partLayout.ts";
import { columnOf } from "./table.ts";
import { cannotRefer } from "./comparable.ts";
import { typeParts, typeText } from "./types.ts";

type ForeignKey = DbObject<"foreignKey">;

const inPlace = new Set(["deferrable", "enforced", "validated", "partOf"]);
/** Whether Postgres has no other way from one to the other. */
export const isMadeAnew = ({ attributes: was }: ForeignKey, { attributes: is }: ForeignKey): boolean =>
  (Object.keys(is) as (keyof typeof is)[]).some((a) => !inPlace.has(a) && !same(was[a], is[a]));

/** `at`: where an object was written, `declarations`: in what. Foreign keys to tables that are not there were reported already. */
export function checkForeignKeys(
  database: Database,
  at: (id: Id) => Span | undefined,
  declarations: readonly Declaration[],
): readonly Problem[] {
  const all = indexOf(database);
  const keys = uniqueKeys(database);
  const columns = ownColumns(database);
  return database.objects.flatMap((o) => {
    const span = isKind(o, "foreignKey") ? at(o.id) : undefined;
    return isKind(o, "foreignKey") && span ? checkOne(o, span, all, keys, columns, declarations) : [];
  });
}

/** The columns that a foreign key names of the other table, by the place where it stands. */
function namedThere(at: Span, declarations: readonly Declaration[]): readonly Name[] {
  for (const d of declarations)
    for (const m of "members" in d ? d.members : [])
      for (const c of m.kind === "column" ? m.constraints : [m])
        if (c.kind === "foreignKey" && c.span.file === at.file && c.span.start === at.start) return c.referencedColumns;
  return [];
}

/** Foreign keys need the key of the other table that they stand on; which one Postgres takes of several equal ones is not said, so it is all. */
export function linkForeignKeys(database: Database): Database {
  const keys = uniqueKeys(database);
  return {
    objects: database.objects.map((o) => {
      if (!isKind(o, "foreignKey")) return o;
      const { references, referencedColumns } = o.attributes;
      const under = (keys.get(qualified(references)) ?? [])
        .filter((k) => sameSet(k.columns, referencedColumns))
        .map((k) => k.id);
      return under.length ? { ...o, needs: [...o.needs, ...under] } : o;
    }),
  };
}

interface UniqueKey {
  readonly id: Id;
  readonly columns: readonly string[];
}
const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((c) => b.includes(c));

/** Per table, what makes columns unique together: keys, and whole unique indexes of plain columns. */
function uniqueKeys(database: Database): ReadonlyMap<string, readonly UniqueKey[]> {
  const out = new Map<string, UniqueKey[]>();
  const add = (id: Id<"primaryKey" | "unique" | "index">, columns: readonly string[]): void => {
    const key = qualified({ schema: id.schema, name: id.table });
    const list = out.get(key);
    if (list) list.push({ id, columns });
    else out.set(key, [{ id, columns }]);
  };
  const all = indexOf(database);
  const unsaid = (["primaryKey", "unique", "index"] as const).flatMap((k): readonly DbObject[] => unsaidParts(k, all));
  for (const o of [...database.objects, ...unsaid]) {
    if (isKind(o, "primaryKey") || isKind(o, "unique")) {
      if (o.attributes.deferrable === "not deferrable") add(o.id, o.attributes.columns);
    } else if (isKind(o, "index") && o.attributes.unique && !o.attributes.where && o.attributes.method === "btree") {
      const columns = o.attributes.keys.flatMap((k) => (k.column === null || k.operatorClass ? [] : [k.column]));
      if (columns.length === o.attributes.keys.length) add(o.id, columns);
    }
  }
  return out;
}

type ByTable = ReadonlyMap<string, readonly string[]>;

function ownColumns(database: Database): ByTable {
  const out = new Map<string, string[]>();
  for (const o of database.objects) {
    if (!isKind(o, "column")) continue;
    const key = qualified({ schema: o.id.schema, name: o.id.table });
    const list = out.get(key);
    if (list) list.push(o.id.name);
    else out.set(key, [o.id.name]);
  }
  return out;
}

function checkOne(
  o: ForeignKey,
  span: Span,
  all: Index,
  keys: ReadonlyMap<string, readonly UniqueKey[]>,
  own: ByTable,
  declarations: readonly Declaration[],
): Problem[] {
  const { columns, references, referencedColumns } = o.attributes;
  const target = { schema: references.schema, table: references.name };
  if (!all.has(encode({ kind: "table", schema: references.schema, name: references.name }))) return [];
  const shown = qualified(references);
  const unique = keys.get(shown) ?? [];
  if (!referencedColumns.length)
    return [
      problem(
        "foreign-key-no-unique",
        span,
        `The table ${shown} has no primary key, so the reference must say its columns.`,
        {
          help: `Write -> ${shown} (column), or give ${shown} a primary key.`,
        },
      ),
    ];
  const known = new Set(columnNames(references, all, own));
  const unknown = referencedColumns.filter((c) => !known.has(c));
  if (unknown.length) {
    const there = namedThere(span, declarations);
    return unknown.map((c) => {
      const near = nearest(c, known);
      const written = there.find((n) => n.text === c)?.span;
      return problem("unknown-column", written ?? span, `The table ${shown} has no column called ${name(c)}.`, {
        help: near === null ? `Its columns are ${names([...known])}.` : `Did you mean ${name(near)}?`,
        ...(near === null || !written ? {} : { fix: name(near) }),
      });
    });
  }
  if (columns.length !== referencedColumns.length)
    return [
      problem(
        "foreign-key-columns",
        span,
        `${count(columns.length)} (${names(columns)}) cannot reference ${count(referencedColumns.length).toLowerCase()} of ${shown} (${names(referencedColumns)}).`,
      ),
    ];
  const found: Problem[] = [];
  if (!unique.some((u) => sameSet(u.columns, referencedColumns)))
    found.push(
      problem(
        "foreign-key-no-unique",
        span,
        `No primary key, unique constraint or unique index of ${shown} has exactly the columns (${names(referencedColumns)}).`,
        {
          help: "Postgres refuses a reference to columns that are not unique together.",
        },
      ),
    );
  for (const [i, column] of columns.entries()) {
    const [mine, other] = [typeOf(columnOf(o.id, column), all), typeOf(columnOf(target, referencedColumns[i]!), all)];
    if (mine !== null && other !== null && cannotRefer(mine, other, all))
      found.push(
        problem(
          "foreign-key-type",
          span,
          `${name(column)} is ${mine}, but ${shown} (${name(referencedColumns[i]!)}) is ${other}; Postgres does not look the one up among the other.`,
          {
            help: "Give both columns the same type.",
          },
        ),
      );
  }
  return found;
}

const count = (n: number): string => (n === 1 ? "One column" : `${n} columns`);

/** A table's columns, its parents' included. */
function columnNames(t: QualifiedName, all: Index, own: ByTable, seen = new Set<string>()): readonly string[] {
  const key = qualified(t);
  if (seen.has(key)) return [];
  seen.add(key);
  const table = all.get(encode({ kind: "table", schema: t.schema, name: t.name }));
  const parents = table && isKind(table, "table") ? parentsOfTable(table, all) : [];
  return [...(own.get(key) ?? []), ...parents.flatMap((p) => columnNames(p, all, own, seen))];
}

/** The type beneath domains, without modifiers; null where it is not certain. */
function typeOf(id: Id<"column">, all: Index): string | null {
  const found = all.get(encode(id)) ?? handedDown(id, all);
  if (!found || !isKind(found, "column")) return null;
  let type = found.attributes.type;
  for (let depth = 0; depth < 100; depth++) {
    if (type.canonical === null) return null;
    const { schema, name, array } = typeParts(type.canonical);
    if (schema === null || array) break;
    const domain = all.get(encode({ kind: "domain", schema, name }));
    if (!domain || !isKind(domain, "domain")) break;
    type = domain.attributes.type;
  }
  return typeText(type);
}
