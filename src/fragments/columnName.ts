/** The name that Postgres gives a column which has none of its own. */
import { at, list, strings, text } from "./parseTree.ts";

interface Figured {
  /** Null: a table's columns tell (`*`). */
  readonly name: string | null;
  /** How sure Postgres is: a cast's or case's own name gives way to that of what is in it. */
  readonly sure: 1 | 2;
}

/** What a target of a query is called; null: a table's columns tell. */
export function targetName(target: unknown): string | null {
  const [name, val] = [text(at(target, "ResTarget", "name")), at(target, "ResTarget", "val")];
  const figured = name ? { name } : figure(val);
  return figured ? figured.name : "?column?";
}

/** The name of the first that comes out of a query; of several arms, the first one names it. */
function firstName(query: unknown): string | null {
  let first = query;
  while (at(first, "larg")) first = at(first, "larg");
  return at(first, "valuesLists") ? "column1" : targetName(list(at(first, "targetList"))[0]);
}

/** FigureColnameInternal of parse_target.c. */
export function figure(n: unknown): Figured | null {
  if (typeof n !== "object" || n === null) return null;
  const [kind, node]: readonly [string?, unknown?] = Object.entries(n)[0] ?? [];
  const named = (name: string | undefined, sure: 1 | 2 = 2): Figured | null => (name ? { name, sure } : null);
  if (list(at(node, "fields") ?? at(node, "indirection")).some((f) => at(f, "A_Star"))) return { name: null, sure: 2 };
  switch (kind) {
    case "ColumnRef":
      return named(strings(at(node, "fields")).at(-1));
    case "A_Indirection":
      return named(strings(at(node, "indirection")).at(-1)) ?? figure(at(node, "arg"));
    case "FuncCall":
      return named(strings(at(node, "funcname")).at(-1));
    case "A_Expr":
      return at(node, "kind") === "AEXPR_NULLIF" ? named("nullif") : null;
    case "TypeCast": {
      const arg = figure(at(node, "arg"));
      return arg && arg.sure > 1 ? arg : named(strings(at(node, "typeName", "names")).at(-1), 1);
    }
    case "CollateClause":
      return figure(at(node, "arg"));
    case "GroupingFunc":
      return named("grouping");
    case "SubLink":
      switch (at(node, "subLinkType")) {
        case "EXISTS_SUBLINK":
          return named("exists");
        case "ARRAY_SUBLINK":
          return named("array");
        case "EXPR_SUBLINK":
          return { name: firstName(at(node, "subselect", "SelectStmt")), sure: 2 };
      }
      return null;
    case "CaseExpr": {
      const otherwise = figure(at(node, "defresult"));
      return otherwise && otherwise.sure > 1 ? otherwise : named("case", 1);
    }
    case "A_ArrayExpr":
      return named("array");
    case "RowExpr":
      return named("row");
    case "CoalesceExpr":
      return named("coalesce");
    case "MinMaxExpr":
      return named(at(node, "op") === "IS_LEAST" ? "least" : "greatest");
    case "SQLValueFunction":
      return named(
        text(at(node, "op"))
          .replace(/^SVFOP_/, "")
          .replace(/_N$/, "")
          .toLowerCase(),
      );
    case "XmlExpr":
      // `is document` is like an operator, which has none.
      if (at(node, "op") === "IS_DOCUMENT") return null;
      return named(text(at(node, "op")).replace(/^IS_/, "").toLowerCase());
    case "XmlSerialize":
      return named("xmlserialize");
    case "JsonObjectConstructor":
      return named("json_object");
    case "JsonArrayConstructor":
      return named("json_array");
  }
  // Every other node has no name of its own, in Postgres too.
  return null;
}
