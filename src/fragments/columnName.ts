/** The name that Postgres gives a column which has none of its own. */
import { at, strings, text } from "./parseTree.ts";

interface Figured {
  readonly name: string;
  /** How sure Postgres is: a cast's or case's own name gives way to that of what is in it. */
  readonly sure: 1 | 2;
}

/** FigureColnameInternal of parse_target.c. */
export function figure(n: unknown): Figured | null {
  if (typeof n !== "object" || n === null) return null;
  const [kind, node]: readonly [string?, unknown?] = Object.entries(n)[0] ?? [];
  const named = (name: string | undefined, sure: 1 | 2 = 2): Figured | null => (name ? { name, sure } : null);
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
      if (at(node, "subLinkType") === "EXISTS_SUBLINK") return named("exists");
      return at(node, "subLinkType") === "ARRAY_SUBLINK" ? named("array") : null;
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
