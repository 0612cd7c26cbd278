/** `operator === (int, int) { function int4eq, commutator === }`, and the classes and families that indexes use them by. */
import type { ClassItemCstNode } from "../cst.ts";
import type { ClassItemNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { lowerProperties, printProperties, propertyRule, type Properties } from "../parts/properties.ts";
import {
  functionName,
  functionText,
  operands,
  operandsText,
  symbol,
  symbolText,
  typeList,
  typeListText,
} from "../parts/references.ts";
import { type } from "../parts/types.ts";
import { line, type Part, type Print, type Printed, type Syntax } from "../syntax.ts";
import { kw, LBrace, Name, Num } from "../tokens.ts";

export const operatorProperties = {
  function: "name",
  commutator: "symbol",
  negator: "symbol",
  restrict: "name",
  join: "name",
  hashes: "flag",
  merges: "flag",
} as const satisfies Properties;
export type OperatorProperties = typeof operatorProperties;

export const operators: Syntax<"operatorDefinition"> = {
  kind: "operatorDefinition",
  holds: "parts",
  part: (c) => (c.classHead || c.familyHead ? "classItem" : "operatorProperty"),
  rules(p) {
    propertyRule(p, "operatorProperty", operatorProperties);
    p.rule("classHead", () => {
      p.take(0, kw("class"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.take(0, kw("for"));
      p.call(0, "type");
      p.take(0, kw("using"));
      p.take(0, Name, "method");
      p.opt(2, () => p.take(0, kw("default")));
      p.opt(3, () => {
        p.take(0, kw("family"));
        p.call(1, "qualified", "family");
      });
    });
    p.rule("familyHead", () => {
      p.take(0, kw("family"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.take(0, kw("using"));
      p.take(0, Name, "method");
    });
    p.rule("operatorHead", () => {
      p.call(0, "symbol");
      p.call(0, "operands");
      p.opt(0, () => p.call(0, "inSchema"));
    });
    const heads = p.ordered(
      () => p.call(0, "classHead"),
      () => p.call(0, "familyHead"),
      () => p.call(0, "operatorHead"),
    );
    p.rule("operatorDefinition", () => {
      p.take(0, kw("operator"));
      p.one(0, heads);
      p.opt(0, () => p.call(0, "commentClause"));
      p.take(0, LBrace);
    });
    const items = p.choice(
      () => {
        p.take(0, kw("operator"));
        p.take(0, Num, "number");
        p.call(0, "symbol");
        p.opt(0, () => p.call(0, "typeList"));
        p.opt(1, () => {
          p.take(0, kw("order"));
          p.take(0, kw("by"));
          p.call(0, "qualified");
        });
      },
      () => {
        p.take(0, kw("function"));
        p.take(1, Num, "number");
        p.opt(2, () => p.call(1, "typeList"));
        p.call(0, "functionName");
      },
      () => {
        p.take(0, kw("storage"));
        p.call(0, "type");
      },
    );
    p.rule("classItem", () => p.one(0, items));
  },
  lower(c, place, inside, l) {
    const kind = "operatorDefinition";
    const ofClass = c.classHead?.[0]!.children;
    if (ofClass)
      return {
        kind,
        form: "class",
        name: qualified(ofClass.name[0]!, l),
        was: wasClause(ofClass.was, l),
        type: type(ofClass.type[0]!, l),
        method: l.name(ofClass.method[0]!),
        default: ofClass.k_default !== undefined,
        family: ofClass.family === undefined ? null : qualified(ofClass.family[0]!, l),
        items: lowerItems(inside.parts, l),
        ...common({ commentClause: c.commentClause, inSchema: ofClass.inSchema }, place, l),
      };
    const family = c.familyHead?.[0]!.children;
    if (family)
      return {
        kind,
        form: "family",
        name: qualified(family.name[0]!, l),
        was: wasClause(family.was, l),
        method: l.name(family.method[0]!),
        items: lowerItems(inside.parts, l),
        ...common({ commentClause: c.commentClause, inSchema: family.inSchema }, place, l),
      };
    const head = c.operatorHead![0]!.children;
    const [left, right] = operands(head.operands[0]!, l);
    return {
      kind,
      form: "operator",
      symbol: symbol(head.symbol[0]!, l),
      left: left ?? null,
      right: right ?? null,
      properties: lowerProperties(inside.parts, operatorProperties, l),
      ...common({ commentClause: c.commentClause, inSchema: head.inSchema }, place, l),
    };
  },
  print(d, p) {
    const comment = p.comment(d.doc, d.span);
    if (d.form === "operator") {
      const head = `operator ${symbolText(d.symbol, p)} ${operandsText([d.left, d.right], p)}${p.inSchema(d)}`;
      return {
        ...line([head + comment], d),
        body: printProperties(d.properties, operatorProperties, p),
        inline: ", ",
      };
    }
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const head = `operator ${d.form} ${p.qualified(d.name)}${was}${p.inSchema(d)}`;
    const body = d.items.map((item) => printItem(item, p));
    if (d.form === "family") return { ...line([`${head} using ${p.name(d.method)}${comment}`], d), body };
    const rest =
      ` for ${p.type(d.type)} using ${p.name(d.method)}${d.default ? " default" : ""}` +
      (d.family === null ? "" : ` family ${p.qualified(d.family)}`);
    return { ...line([head + rest + comment], d), body };
  },
};

const lowerItems = (parts: readonly Part[], l: Lower): readonly ClassItemNode[] =>
  parts.flatMap((part) => (part.node.name === "classItem" ? [lowerItem(part.node, part, l)] : []));

function lowerItem({ children: c }: ClassItemCstNode, { span }: Part, l: Lower): ClassItemNode {
  if (c.type) return { is: "storage", type: type(c.type[0]!, l), span };
  const number = l.verbatim(c.number![0]!);
  const types = c.typeList === undefined ? null : typeList(c.typeList[0]!, l);
  return c.functionName
    ? { is: "function", number, types, function: functionName(c.functionName[0]!, l), span }
    : {
        is: "operator",
        number,
        symbol: symbol(c.symbol![0]!, l),
        types,
        orderBy: c.qualified === undefined ? null : qualified(c.qualified[0]!, l),
        span,
      };
}

function printItem(item: ClassItemNode, p: Print): Printed {
  switch (item.is) {
    case "storage":
      return line([`storage ${p.type(item.type)}`], item);
    case "operator": {
      const types = item.types === null ? "" : ` ${typeListText(item.types, p)}`;
      const order = item.orderBy === null ? "" : ` order by ${p.qualified(item.orderBy)}`;
      return line([`operator ${item.number} ${symbolText(item.symbol, p)}${types}${order}`], item);
    }
    case "function": {
      const types = item.types === null ? "" : ` ${typeListText(item.types, p)}`;
      return line([`function ${item.number}${types} ${functionText(item.function, p)}`], item);
    }
  }
}
