/** Made-up declarations of what belongs to no schema. */
import type {
  Declaration,
  ForeignOptionNode,
  GivenNode,
  PublicationDeclaration,
  PublicationMemberNode,
  TableDeclaration,
} from "../../grammar/declarations.ts";
import type { Name } from "../../grammar/nodes.ts";
import type { Maker } from "./random.ts";

const span = { file: "", start: 0, end: 0 };

export function publication(m: Maker, schema: Name | null): PublicationDeclaration {
  const allTables = m.r.chance(0.2);
  return {
    kind: "publication",
    name: m.name(),
    was: m.r.maybe(0.2, m.name),
    allTables,
    members: allTables
      ? []
      : m.r.many(5, () =>
          m.r.pick<() => PublicationMemberNode>([
            () => ({ kind: "schema", schema: m.name(), span }),
            () => ({
              kind: "table",
              table: m.qualified(),
              columns: m.r.chance(0.3) ? m.names() : [],
              where: m.r.maybe(0.3, m.fragment),
              span,
            }),
          ])(),
        ),
    options: m.options(),
    span,
    doc: m.doc(),
    schema,
  };
}

const given = (m: Maker): GivenNode => {
  const placeholder = m.r.maybe(0.2, () => "x.y");
  return { value: placeholder === null ? m.r.pick(["", "a", "it's", "a b", "\n"]) : null, placeholder, span };
};
export const foreignOptions = (m: Maker): ForeignOptionNode[] =>
  m.r.chance(0.4) ? m.r.many(3, () => ({ name: m.name(), ...given(m) }), 1) : [];
/** How a table is stored; a foreign one is stored nowhere here. */
export const stored = (
  m: Maker,
): Pick<
  TableDeclaration,
  "unlogged" | "using" | "options" | "tablespace" | "partitionBy" | "server" | "foreignOptions"
> =>
  m.r.chance(0.15)
    ? {
        unlogged: false,
        using: null,
        options: [],
        tablespace: null,
        partitionBy: null,
        server: m.name(),
        foreignOptions: foreignOptions(m),
      }
    : {
        unlogged: m.r.chance(0.2),
        using: m.r.maybe(0.2, m.name),
        options: m.options(),
        tablespace: m.r.maybe(0.2, m.name),
        partitionBy: m.partitionKey(),
        server: null,
        foreignOptions: [],
      };
export function whole(m: Maker, schema: Name | null): Declaration {
  const common = { span, doc: m.doc(), schema };
  const named = { ...common, name: m.name(), was: m.r.maybe(0.2, m.name) };
  const string = (): string | null => m.r.maybe(0.4, () => m.r.pick(["1", "it's", ""]));
  return m.r.pick<() => Declaration>([
    () => ({
      ...named,
      kind: "eventTrigger",
      event: m.name(),
      tags: m.r.many(2, () => ({ tag: m.r.pick(["CREATE TABLE", "x'y"]), span })),
      function: m.qualified(),
      firing: m.r.pick([null, "disabled", "replica", "always"] as const),
    }),
    () => ({
      ...named,
      kind: "foreignDataWrapper",
      handler: m.r.maybe(0.4, m.qualified),
      validator: m.r.maybe(0.4, m.qualified),
      options: foreignOptions(m),
    }),
    () => ({
      ...named,
      kind: "server",
      type: string(),
      version: string(),
      wrapper: m.name(),
      options: foreignOptions(m),
    }),
    () => ({
      ...common,
      doc: null,
      kind: "userMapping",
      user: m.name(),
      server: m.name(),
      options: foreignOptions(m),
    }),
    () => ({
      ...named,
      kind: "subscription",
      connection: given(m),
      publications: m.names(),
      options: m.options(),
      disabled: m.r.chance(0.3),
    }),
  ])();
}
