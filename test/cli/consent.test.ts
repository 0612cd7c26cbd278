import { describe, expect, test } from "vitest";
import { answer, questionsOf, type Question } from "../../src/cli/consent.ts";

const q = (id: string, code = "data-loss"): Question => ({ id, code, detail: "rows are lost" });
const open = (questions: readonly Question[], ...answers: string[]): readonly string[] =>
  answer(questions, answers).open.map((x) => x.id);

describe("consent", () => {
  const all = [
    q("table:shop.orders"),
    q("column:shop.orders.note"),
    q("column:shop.users.note"),
    q('column:shop."Odd.Name"."a""b"'),
  ];

  test("is asked for loss, once a thing", () => {
    const h = (code: string, on: string) => ({ code, on, detail: "x" });
    expect(
      questionsOf([
        h("data-loss", "table:a.b"),
        h("data-loss", "table:a.b"),
        h("lossy", "column:a.b.c"),
        h("may-fail", "x:y"),
        h("irreversible", "x:y"),
      ]).map((x) => x.id),
    ).toEqual(["table:a.b", "column:a.b.c"]);
  });
  test("nothing said: all are open", () => expect(open(all)).toHaveLength(4));
  test("* is all", () => expect(open(all, "*")).toEqual([]));
  test("a full id", () => expect(open(all, "table:shop.orders")).not.toContain("table:shop.orders"));
  test.each([["orders.note"], ["shop.orders.note"], ["column:orders.note"], ["COLUMN:shop.orders.note"]])(
    "a short form: %s",
    (short) => {
      expect(open(all, short)).toEqual(all.map((x) => x.id).filter((id) => id !== "column:shop.orders.note"));
    },
  );
  test("a short form that fits two answers neither", () => {
    const a = answer(all, ["note"]);
    expect(a.open).toHaveLength(4);
    expect(a.ambiguous).toEqual([{ answer: "note", fits: ["column:shop.orders.note", "column:shop.users.note"] }]);
  });
  test("quoted names are names, not text", () => {
    expect(open(all, '"Odd.Name"."a""b"')).toHaveLength(3);
    expect(answer(all, ["Odd.Name"]).unused).toEqual(["Odd.Name"]);
  });
  test("a prefix is no short form", () => {
    expect(answer(all, ["shop", "shop.orders.not", "orders.", '"', ""]).unused).toEqual([
      "shop",
      "shop.orders.not",
      "orders.",
      '"',
      "",
    ]);
  });
  test("a full id wins over what it is short for", () => {
    expect(open([q("table:orders.note"), q("table:shop.orders.note")], "table:orders.note")).toEqual([
      "table:shop.orders.note",
    ]);
  });
  test("a kind cannot be left half said", () => expect(answer(all, ["olumn:orders.note"]).unused).toHaveLength(1));
});
