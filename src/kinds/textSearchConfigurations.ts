/** Text search configurations. Mappings change in place. */
import type { Attributes, DbObject, QualifiedName } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { problem } from "../problems.ts";
import { name, names, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, json, ofExtension, text, made } from "./parts/catalog.ts";
import { describeName, objectName } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import { idsOf } from "./parts/typeIds.ts";
import type { DeclareForm, Room } from "./room.ts";

type Mappings = Attributes<"textSearchConfiguration">["mappings"];
interface Group {
  readonly tokens: string[];
  readonly dictionaries: readonly QualifiedName[];
}

/** Tokens that have the same dictionaries, together. */
function grouped(mappings: Mappings, tokens = Object.keys(mappings)): readonly Group[] {
  const groups: Group[] = [];
  for (const token of tokens) {
    const dictionaries = mappings[token]!;
    const group = groups.find((g) => same(g.dictionaries, dictionaries));
    if (group) group.tokens.push(token);
    else groups.push({ tokens: [token], dictionaries });
  }
  return groups;
}

const map = (o: DbObject<"textSearchConfiguration">, verb: "add" | "alter", tokens?: readonly string[]) =>
  grouped(o.attributes.mappings, tokens && [...tokens]).map((g) =>
    action(
      `alter text search configuration ${qualified(o.id)} ${verb} mapping for ${names(g.tokens)} with ${g.dictionaries.map(objectName).join(", ")}`,
    ),
  );

export const textSearchConfigurations: Room<"textSearchConfiguration"> = {
  kind: "textSearchConfiguration",
  owner: () => null,
  needs: (o) => [
    ...inSchema(o.id.schema),
    ...idsOf("textSearchParser", o.attributes.parser),
    ...idsOf("textSearchDictionary", ...Object.values(o.attributes.mappings).flat()),
  ],
  // Fragments name configurations in strings.
  provides: "itself",
  occupies: (o) => [`text search configuration ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_ts_config"),
    sql: (schemas) => `
select n.nspname as schema, o.cfgname as name, pn.nspname as parser_schema, p.prsname as parser, coalesce((
    select json_object_agg(x.alias, x.dictionaries order by x.tokid) from (
      select t.tokid, t.alias, json_agg(json_build_object('schema', dn.nspname, 'name', d.dictname) order by m.mapseqno) as dictionaries
      from pg_ts_config_map m
      join ts_token_type(o.cfgparser) t on t.tokid = m.maptokentype
      join pg_ts_dict d on d.oid = m.mapdict
      join pg_namespace dn on dn.oid = d.dictnamespace
      where m.mapcfg = o.oid
      group by 1, 2) x)::text, '{}') as mappings,
  ${address("pg_ts_config", "o.oid")} as addresses
from pg_ts_config o
join pg_namespace n on n.oid = o.cfgnamespace
join pg_ts_parser p on p.oid = o.cfgparser
join pg_namespace pn on pn.oid = p.prsnamespace
where (${schemas}) and not ${ofExtension("pg_ts_config", "o.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "textSearchConfiguration", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        parser: { schema: text(row, "parser_schema"), name: text(row, "parser") },
        mappings: json<Mappings>(row, "mappings"),
      },
      needs: [],
    }),
  },
  create: (o) => [
    action(`create text search configuration ${qualified(o.id)} (parser = ${objectName(o.attributes.parser)})`),
    ...map(o, "add"),
  ],
  drop: (o) => [action(`drop text search configuration ${qualified(o.id)}`)],
  change: {
    parser: () => "replace",
    mappings: (from, to) => {
      const [was, is] = [from.attributes.mappings, to.attributes.mappings];
      const gone = Object.keys(was).filter((token) => !Object.hasOwn(is, token));
      const added = Object.keys(is).filter((token) => !Object.hasOwn(was, token));
      const altered = Object.keys(is).filter((token) => Object.hasOwn(was, token) && !same(was[token], is[token]));
      return quietly(
        ...(gone.length
          ? [action(`alter text search configuration ${qualified(to.id)} drop mapping for ${names(gone)}`)]
          : []),
        ...map(to, "alter", altered),
        ...map(to, "add", added),
      );
    },
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "textSearch",
      form: "configuration",
      name: ownNode(o.id.name),
      was: null,
      parser: describeName(o.attributes.parser),
      mappings: grouped(o.attributes.mappings).map((g) => ({
        tokens: g.tokens.map(nameNode),
        dictionaries: g.dictionaries.map(describeName),
        span: nowhere,
      })),
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareTextSearchConfiguration: DeclareForm<"textSearch", "configuration"> = (d, declare) => {
  const id = { kind: "textSearchConfiguration", ...declare.own(d.name) } as const;
  const mappings: Record<string, readonly QualifiedName[]> = {};
  for (const m of d.mappings)
    for (const token of m.tokens) {
      if (Object.hasOwn(mappings, token.text))
        declare.report(problem("duplicate-name", token.span, `The token ${name(token.text)} is mapped already.`));
      mappings[token.text] = m.dictionaries.map((n) => declare.thing("textSearchDictionary", n));
    }
  declare.add(
    {
      id,
      attributes: { parser: declare.thing("textSearchParser", d.parser), mappings },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
