import { generateCstDts } from "chevrotain";
import { format as prettier } from "prettier";
import { expect, test } from "vitest";
import { SchemaParser } from "../../grammar/parser.ts";
import { checkedLexer } from "../../grammar/scan.ts";
import { allRules } from "../../grammar/syntaxes.ts";

// Chevrotain's checks and its type generator use Object.groupBy, which Node 20 lacks; its parser does not.
if (!("groupBy" in Object))
  Object.defineProperty(Object, "groupBy", {
    value: <T>(items: Iterable<T>, key: (item: T) => string): Record<string, T[]> => {
      const groups: Record<string, T[]> = {};
      for (const item of items) (groups[key(item)] ??= []).push(item);
      return groups;
    },
  });

test("the types of the syntax tree are those of the grammar", async () => {
  const types = generateCstDts(new SchemaParser(allRules).getGAstProductions(), {
    includeVisitorInterface: false,
  }).replace("CstNode, ICstVisitor, IToken", "CstNode, IToken");
  const header = "// Generated from the grammar by `npx vitest run test/grammar/cst.test.ts -u`; do not edit.\n";
  const text = await prettier(header + types, { parser: "typescript", printWidth: 120 });
  await expect(text).toMatchFileSnapshot("../../grammar/cst.ts");
});

test("Chevrotain finds nothing to object to in the vocabulary and the grammar", () => {
  expect(() => checkedLexer()).not.toThrow();
  expect(() => new SchemaParser(allRules, true)).not.toThrow();
});
