/** Made-up declarations of types, collations, statistics, text search, casts, operators and what is of a whole database. */
import type {
  ClassItemNode,
  CollationDeclaration,
  Declaration,
  StatisticsNode,
  TextSearchDeclaration,
  TypeDeclaration,
} from "../../grammar/declarations.ts";
import type { Name, SymbolNode } from "../../grammar/nodes.ts";
import type { Maker } from "./random.ts";

const span = { file: "", start: 0, end: 0 };

const said = <T>(m: Maker, make: () => T): { value: T; span: typeof span } | null =>
  m.r.maybe(0.4, () => ({ value: make(), span }));
export const typeDefinition = (m: Maker, schema: Name | null): TypeDeclaration => {
  const common = {
    kind: "typeDefinition",
    name: m.qualified(),
    was: m.r.maybe(0.2, m.name),
    span,
    doc: m.doc(),
    schema,
  } as const;
  return m.r.pick<() => TypeDeclaration>([
    () => ({
      ...common,
      form: "composite",
      attributes: m.r.many(4, () => ({
        name: m.name(),
        type: m.type(),
        collation: m.r.maybe(0.2, m.qualified),
        span,
        doc: m.doc(),
      })),
    }),
    () => ({
      ...common,
      form: "range",
      subtype: m.type(),
      properties: {
        "operator class": said(m, m.qualified),
        collation: said(m, m.qualified),
        canonical: said(m, m.qualified),
        subtype_diff: said(m, m.qualified),
        multirange: said(m, m.qualified),
      },
    }),
  ])();
};
export const collation = (m: Maker, schema: Name | null): CollationDeclaration => ({
  kind: "collationDefinition",
  name: m.qualified(),
  was: m.r.maybe(0.2, m.name),
  properties: {
    provider: said(m, m.text),
    locale: said(m, () => m.r.pick(["de-DE", "it's", "${x}", "a\nb"])),
    lc_collate: said(m, () => "C"),
    lc_ctype: said(m, () => "POSIX"),
    "not deterministic": said(m, () => true as const),
    rules: said(m, () => "& V << w <<< W"),
  },
  span,
  doc: m.doc(),
  schema,
});
export const search = (m: Maker, schema: Name | null): TextSearchDeclaration => {
  const common = {
    kind: "textSearch",
    name: m.qualified(),
    was: m.r.maybe(0.2, m.name),
    span,
    doc: m.doc(),
    schema,
  } as const;
  const name = () => said(m, m.qualified);
  return m.r.pick<() => TextSearchDeclaration>([
    () => ({
      ...common,
      form: "configuration",
      parser: m.qualified(),
      mappings: m.r.many(3, () => ({
        tokens: m.names(),
        dictionaries: m.r.many(3, m.qualified, 1),
        span,
      })),
    }),
    () => ({ ...common, form: "dictionary", template: m.qualified(), options: m.options() }),
    () => ({
      ...common,
      form: "parser",
      properties: { start: name(), gettoken: name(), end: name(), headline: name(), lextypes: name() },
    }),
    () => ({ ...common, form: "template", properties: { init: name(), lexize: name() } }),
  ])();
};
export const statistics = (m: Maker): StatisticsNode => ({
  kind: "statistics",
  name: m.r.maybe(0.6, m.qualified),
  was: m.r.maybe(0.2, m.name),
  kinds: m.r.chance(0.4) ? m.names() : [],
  keys: m.r.many(
    3,
    () => {
      const column = m.r.maybe(0.6, m.name);
      return { column, expression: column ? null : m.fragment(), span };
    },
    1,
  ),
  target: m.r.maybe(0.3, () => "500"),
  span,
  doc: m.doc(),
});

const symbol = (m: Maker): SymbolNode => ({
  schema: m.r.maybe(0.3, m.name),
  text: m.r.pick(["=", "<>", "===", "@>", "->", "?|", "-|-", "//", "~~*", "+", "-", "&&", "|/"]),
  span,
});
const functionNode = (m: Maker) => ({
  name: m.qualified(),
  arguments: m.r.maybe(0.6, () => m.r.many(3, m.type, 1)),
  span,
});

export const cast = (m: Maker, schema: Name | null): Declaration => {
  const method = m.r.pick(["function", "binary", "inout"] as const);
  return {
    kind: "cast",
    source: m.type(),
    target: m.type(),
    method,
    function: method === "function" ? functionNode(m) : null,
    context: m.r.pick([null, "assignment", "implicit"] as const),
    span,
    doc: m.doc(),
    schema,
  };
};

const item = (m: Maker): ClassItemNode =>
  m.r.pick<() => ClassItemNode>([
    () => ({
      is: "operator",
      number: "3",
      symbol: symbol(m),
      types: m.r.maybe(0.5, () => [m.type(), m.type()]),
      orderBy: m.r.maybe(0.3, m.qualified),
      span,
    }),
    () => ({
      is: "function",
      number: "1",
      types: m.r.maybe(0.5, () => m.r.many(2, m.type, 1)),
      function: functionNode(m),
      span,
    }),
    () => ({ is: "storage", type: m.type(), span }),
  ])();

export const operator = (m: Maker, schema: Name | null): Declaration => {
  const common = { kind: "operatorDefinition", span, doc: m.doc(), schema } as const;
  const named = { name: m.qualified(), was: m.r.maybe(0.2, m.name), method: m.name() };
  const name = () => said(m, m.qualified);
  const flag = () => said(m, () => true as const);
  return m.r.pick<() => Declaration>([
    () => ({
      ...common,
      form: "operator",
      symbol: symbol(m),
      left: m.r.maybe(0.8, m.type),
      right: m.r.maybe(0.8, m.type),
      properties: {
        function: name(),
        commutator: said(m, () => symbol(m)),
        negator: said(m, () => symbol(m)),
        restrict: name(),
        join: name(),
        hashes: flag(),
        merges: flag(),
      },
    }),
    () => ({
      ...common,
      ...named,
      form: "class",
      type: m.type(),
      default: m.r.chance(0.3),
      family: m.r.maybe(0.5, m.qualified),
      items: m.r.many(4, () => item(m)),
    }),
    () => ({ ...common, ...named, form: "family", items: m.r.many(4, () => item(m)) }),
  ])();
};

export const global = (m: Maker, schema: Name | null, here: Name | null): Declaration => {
  const common = { span, doc: m.doc(), schema } as const;
  const name = () => said(m, m.qualified);
  return m.r.pick<() => Declaration>([
    () => ({
      ...common,
      schema: here,
      kind: "conversion",
      name: m.qualified(),
      was: m.r.maybe(0.2, m.name),
      source: "LATIN1",
      target: m.r.pick(["UTF8", "it's", "${x}"]),
      function: m.qualified(),
      default: m.r.chance(0.3),
    }),
    () => ({
      ...common,
      kind: "language",
      name: m.name(),
      trusted: m.r.chance(0.3),
      properties: { handler: name(), inline: name(), validator: name() },
    }),
    () => ({
      ...common,
      kind: "accessMethod",
      name: m.name(),
      type: m.r.pick(["table", "index"] as const),
      handler: m.qualified(),
    }),
    () => ({
      ...common,
      kind: "transform",
      type: m.type(),
      language: m.name(),
      properties: { "from sql": name(), "to sql": name() },
    }),
  ])();
};
