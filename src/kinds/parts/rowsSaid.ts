/** What is certain of declared rows without a database: values that never stay, and columns without one. */
import type { ColumnNode } from "../../../grammar/declarations.ts";
import type { FragmentNode } from "../../../grammar/nodes.ts";
import type { DbObject, Id } from "../../model/objects.ts";
import { type Database, type Index, indexOf, isKind, ofKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { problem, type Problem, type Span } from "../../problems.ts";
import { name, qualified } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { momentIn } from "./declareColumn.ts";
import { changing } from "./defaults.ts";
import { partitionAt, tableName } from "./partitions.ts";
import { holderOf } from "./rowKey.ts";
import { tableOf } from "./table.ts";
import { typeIn } from "./typeIds.ts";
import { typeText } from "./types.ts";

const momentWord = /^(?:current_(?:timestamp|date|time)|localtime(?:stamp)?)(?:\s*\(\s*\d\s*\))?$/i;

/** Warns of a value that is another one each time, so that no plan is ever empty. `column`: null: unknown. */
export function warnOfChanging(f: FragmentNode, column: ColumnNode | null, declare: Declare): void {
  const text = f.text.trim();
  const calls = declare.uses(f, new Set()).functions;
  const isMoment = /^(?:date|time)/i.test(column?.type.name.text ?? "") && momentIn(text) !== undefined;
  if (
    !isMoment &&
    !momentWord.test(text) &&
    !calls.some(([schema, called]) => ["", "pg_catalog"].includes(schema) && changing.has(called))
  )
    return;
  declare.report(
    problem("constant-moment", f.span, "Postgres gives another value for this each time; every plan writes it anew.", {
      help: "Write a value that stays, or leave the column to its default.",
    }),
  );
}

/** Reports rows that leave a column out which must have a value, and which nothing else gives one. */
export function checkRows(database: Database, at: (id: Id) => Span | undefined): readonly Problem[] {
  const declared = ofKind(database, "rows").filter((o) => Object.keys(o.attributes.rows).length);
  if (!declared.length) return [];
  const all = indexOf(database);
  const byTable = new Map(declared.map((o) => [encode(holderOf(o)), o]));
  const filled = tablesFilled(database);
  return ofKind(database, "column").flatMap((c) => {
    const table = encode(tableOf(c.id));
    const o = byTable.get(table);
    const span = o && at(o.id);
    if (!o || !span || filled === "any" || filled.has(table) || partitionAt(tableName(c.id), all)) return [];
    const said = Object.values(o.attributes.rows)[0]!;
    if (Object.hasOwn(said, c.id.name) || !mustBeSaid(c, all)) return [];
    const message = `A row of ${qualified(o.id)} must have a value in ${name(c.id.name)}, which is not null and has no default.`;
    return [
      problem("row-value", span, message, { help: "Add it to the columns in brackets, or give the column a default." }),
    ];
  });
}

/** A domain may have a default. */
const mustBeSaid = ({ attributes: a }: DbObject<"column">, all: Index): boolean =>
  a.notNull !== null && !a.default && !a.identity && !a.generated && typeIn(typeText(a.type), all)?.kind !== "domain";

/** Tables whose rows triggers or rules may give a value to; any: what an SQL block makes nobody knows. */
function tablesFilled(database: Database): ReadonlySet<string> | "any" {
  if (ofKind(database, "sqlBlock").length) return "any";
  return new Set(
    database.objects.flatMap((o) =>
      (isKind(o, "trigger") && o.attributes.timing === "before") || isKind(o, "rule") ? [encode(tableOf(o.id))] : [],
    ),
  );
}
