/** Text search dictionaries. Options change in place. */
import type { Options } from "../model/objects.ts";
import { literal, name, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, ofExtension, text, made } from "./parts/catalog.ts";
import { describeName, objectName } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import { idsOf } from "./parts/typeIds.ts";
import type { DeclareForm, Room } from "./room.ts";

/** `language = 'english', "Odd" = 3`, as serialize_deflist of the server writes it. */
function readOptions(list: string): Options {
  const out: Record<string, string> = {};
  const one = /\s*("(?:[^"]|"")*"|[^\s="]+)\s*=\s*(E?'(?:[^']|'')*'|[^,\s]+)\s*,?/gy;
  for (let m = one.exec(list); m; m = one.exec(list)) {
    const [, option = "", value = ""] = m;
    const escaped = value.startsWith("E'");
    const inner = value.replace(/^E?'/, "").replace(/'$/, "").replaceAll("''", "'");
    const key = option.startsWith('"') ? option.slice(1, -1).replaceAll('""', '"') : option;
    out[key] = !/^E?'/.test(value) ? value : escaped ? inner.replaceAll("\\\\", "\\") : inner;
  }
  return out;
}
const optionText = ([option, value]: readonly [string, string]): string =>
  `${name(option)} = ${/^-?\d+$/.test(value) ? value : literal(value).trim()}`;

export const textSearchDictionaries: Room<"textSearchDictionary"> = {
  kind: "textSearchDictionary",
  owner: () => null,
  needs: (o) => [...inSchema(o.id.schema), ...idsOf("textSearchTemplate", o.attributes.template)],
  // A thesaurus names the dictionary beneath it in an option.
  provides: "itself",
  occupies: (o) => [`text search dictionary ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_ts_dict"),
    sql: (schemas) => `
select n.nspname as schema, o.dictname as name, tn.nspname as template_schema, t.tmplname as template, o.dictinitoption as options,
  ${address("pg_ts_dict", "o.oid")} as addresses
from pg_ts_dict o
join pg_namespace n on n.oid = o.dictnamespace
join pg_ts_template t on t.oid = o.dicttemplate
join pg_namespace tn on tn.oid = t.tmplnamespace
where (${schemas}) and not ${ofExtension("pg_ts_dict", "o.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "textSearchDictionary", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        template: { schema: text(row, "template_schema"), name: text(row, "template") },
        options: readOptions(row["options"] ?? ""),
      },
      needs: [],
    }),
  },
  create: ({ id, attributes: { template, options } }) => [
    action(
      `create text search dictionary ${qualified(id)} (${[`template = ${objectName(template)}`, ...Object.entries(options).map(optionText)].join(", ")})`,
    ),
  ],
  drop: (o) => [action(`drop text search dictionary ${qualified(o.id)}`)],
  change: {
    template: () => "replace",
    // Each one that is said goes to the end, so that all of them said stand in their order.
    options: (from, { id, attributes: { options } }) => {
      const gone = Object.keys(from.attributes.options).filter((o) => !Object.hasOwn(options, o));
      const list = [...gone.map(name), ...Object.entries(options).map(optionText)];
      return quietly(action(`alter text search dictionary ${qualified(id)} (${list.join(", ")})`));
    },
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "textSearch",
      form: "dictionary",
      name: ownNode(o.id.name),
      was: null,
      template: describeName(o.attributes.template),
      options: Object.entries(o.attributes.options).map(([option, value]) => ({ name: option, value, span: nowhere })),
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareTextSearchDictionary: DeclareForm<"textSearch", "dictionary"> = (d, declare) => {
  const id = { kind: "textSearchDictionary", ...declare.own(d.name) } as const;
  declare.add(
    {
      id,
      attributes: {
        template: declare.thing("textSearchTemplate", d.template),
        options: Object.fromEntries(d.options.map((o) => [o.name, o.value ?? "true"])),
      },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
