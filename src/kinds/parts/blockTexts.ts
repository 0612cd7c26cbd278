/** What a `sql` block may say: whatever has no declaration, and nothing that ends the transaction it is run in. */
import type { StatementsNode } from "../../../grammar/nodes.ts";
import { problem } from "../../problems.ts";
import type { Declare } from "../room.ts";

type Statement = ReturnType<Declare["uses"]>["statements"][number];

/** By the parser's node: our word for what such a statement makes, and the parser's for taking it away. */
const declarable: Readonly<Record<string, readonly [word: string, object: string]>> = {
  CreateStmt: ["table", "OBJECT_TABLE"],
  CreateForeignTableStmt: ["foreign table", "OBJECT_FOREIGN_TABLE"],
  ViewStmt: ["view", "OBJECT_VIEW"],
  CreateSeqStmt: ["sequence", "OBJECT_SEQUENCE"],
  IndexStmt: ["index", "OBJECT_INDEX"],
  CreateStatsStmt: ["statistics", "OBJECT_STATISTIC_EXT"],
  CreateTrigStmt: ["trigger", "OBJECT_TRIGGER"],
  CreatePolicyStmt: ["policy", "OBJECT_POLICY"],
  RuleStmt: ["rule", "OBJECT_RULE"],
  CreateFunctionStmt: ["function", "OBJECT_FUNCTION"],
  CreateEnumStmt: ["enum", "OBJECT_TYPE"],
  CompositeTypeStmt: ["type", "OBJECT_TYPE"],
  CreateRangeStmt: ["type", "OBJECT_TYPE"],
  CreateDomainStmt: ["domain", "OBJECT_DOMAIN"],
};
const ofSort: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "table",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_OPERATOR: "operator",
  OBJECT_TYPE: "type",
  OBJECT_COLLATION: "collation",
  OBJECT_TSCONFIGURATION: "text search configuration",
  OBJECT_TSDICTIONARY: "text search dictionary",
  OBJECT_TSPARSER: "text search parser",
  OBJECT_TSTEMPLATE: "text search template",
};
function declarationOf({ node, object }: Statement): readonly [word: string, object: string] | null {
  const own = Object.hasOwn(declarable, node) ? declarable[node] : undefined;
  if (own) return own;
  const word =
    (node === "CreateTableAsStmt" || node === "DefineStmt") && Object.hasOwn(ofSort, object) ? ofSort[object] : null;
  return word ? [word, object] : null;
}

const within = new Set(["TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"]);

/**
 * Reports what a block's text must not say. What it makes in a schema of the project is not declared, so the next plan would drop
 * it; a schema that nobody declares may be one that is not managed, and a text may take away what it needed itself.
 */
export function checkBlock(text: StatementsNode, declare: Declare): void {
  const { statements } = declare.uses(text, new Set());
  const managed = (schema: string): boolean =>
    schema === "" || schema === "public" || declare.declared({ kind: "schema", name: schema }) !== null;
  for (const [i, s] of statements.entries()) {
    if (s.node === "TransactionStmt" && !within.has(s.object))
      declare.report(
        problem("fragment-syntax", s.at, "A block runs in the transaction of its step, and cannot begin or end one.", {
          help: "Leave the statement out.",
        }),
      );
    const declaration = declarationOf(s);
    if (!declaration || !s.makes || !managed(s.makes[0])) continue;
    const [word, object] = declaration;
    if (statements.slice(i + 1).some((later) => later.node === "DropStmt" && later.object === object)) continue;
    declare.report(
      problem("misplaced-member", s.at, `A block is for what has no declaration; ${article(word)} has one.`, {
        help: `Write it as \`${word} …\` beside the block: made here, it would be dropped by the next plan.`,
      }),
    );
  }
}
const article = (word: string): string =>
  word === "statistics" ? word : `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;
