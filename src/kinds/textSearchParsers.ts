/** Text search parsers: a set of functions, none of which can be changed. */
import type { FunctionName } from "../model/objects.ts";
import { qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { address, json, ofExtension, text, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText, readFunction } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode, said } from "./parts/nodes.ts";
import { neededFunction, supportFunction } from "./parts/textSearch.ts";
import type { DeclareForm, Room } from "./room.ts";

export const textSearchParsers: Room<"textSearchParser"> = {
  kind: "textSearchParser",
  owner: () => null,
  needs: (o) => [...inSchema(o.id.schema), ...functionNeeds(...Object.values(o.attributes))],
  occupies: (o) => [`text search parser ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_ts_parser"),
    sql: (schemas) => `
select n.nspname as schema, o.prsname as name, ${functionJson("o.prsstart")} as start, ${functionJson("o.prstoken")} as gettoken,
  ${functionJson("o.prsend")} as end, ${functionJson("o.prsheadline")} as headline, ${functionJson("o.prslextype")} as lextypes,
  ${address("pg_ts_parser", "o.oid")} as addresses
from pg_ts_parser o
join pg_namespace n on n.oid = o.prsnamespace
where (${schemas}) and not ${ofExtension("pg_ts_parser", "o.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "textSearchParser", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        start: json<FunctionName>(row, "start"),
        gettoken: json<FunctionName>(row, "gettoken"),
        end: json<FunctionName>(row, "end"),
        headline: readFunction(row["headline"]),
        lextypes: json<FunctionName>(row, "lextypes"),
      },
      needs: [],
    }),
  },
  create: ({ id, attributes: a }) => [
    action(
      `create text search parser ${qualified(id)} (start = ${functionText(a.start)}, gettoken = ${functionText(a.gettoken)}, ` +
        `end = ${functionText(a.end)}, ${a.headline ? `headline = ${functionText(a.headline)}, ` : ""}lextypes = ${functionText(a.lextypes)})`,
    ),
  ],
  drop: (o) => [action(`drop text search parser ${qualified(o.id)}`)],
  change: {
    start: () => "replace",
    gettoken: () => "replace",
    end: () => "replace",
    headline: () => "replace",
    lextypes: () => "replace",
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "textSearch",
      form: "parser",
      name: ownNode(o.id.name),
      was: null,
      properties: {
        start: said(describeName(o.attributes.start)),
        gettoken: said(describeName(o.attributes.gettoken)),
        end: said(describeName(o.attributes.end)),
        headline: said(o.attributes.headline && describeName(o.attributes.headline)),
        lextypes: said(describeName(o.attributes.lextypes)),
      },
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareTextSearchParser: DeclareForm<"textSearch", "parser"> = (d, declare) => {
  const id = { kind: "textSearchParser", ...declare.own(d.name) } as const;
  const p = d.properties;
  const needed = (key: "start" | "gettoken" | "end" | "lextypes", ...parameters: readonly string[]) =>
    neededFunction(p[key], key, parameters, d.name.span, declare);
  declare.add(
    {
      id,
      attributes: {
        start: needed("start", "internal", "integer"),
        gettoken: needed("gettoken", "internal", "internal", "internal"),
        end: needed("end", "internal"),
        headline: supportFunction(p.headline, ["internal", "internal", "tsquery"], declare),
        lextypes: needed("lextypes", "internal"),
      },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
