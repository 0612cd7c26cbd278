/** Text search templates: one or two functions, none of which can be changed. */
import type { FunctionName } from "../model/objects.ts";
import { qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { address, json, ofExtension, text, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText, readFunction } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode, said } from "./parts/nodes.ts";
import { neededFunction, supportFunction } from "./parts/textSearch.ts";
import type { DeclareForm, Room } from "./room.ts";

export const textSearchTemplates: Room<"textSearchTemplate"> = {
  kind: "textSearchTemplate",
  owner: () => null,
  needs: (o) => [...inSchema(o.id.schema), ...functionNeeds(o.attributes.init, o.attributes.lexize)],
  occupies: (o) => [`text search template ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_ts_template"),
    sql: (schemas) => `
select n.nspname as schema, o.tmplname as name, ${functionJson("o.tmplinit")} as init, ${functionJson("o.tmpllexize")} as lexize,
  ${address("pg_ts_template", "o.oid")} as addresses
from pg_ts_template o
join pg_namespace n on n.oid = o.tmplnamespace
where (${schemas}) and not ${ofExtension("pg_ts_template", "o.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "textSearchTemplate", schema: text(row, "schema"), name: text(row, "name") },
      attributes: { init: readFunction(row["init"]), lexize: json<FunctionName>(row, "lexize") },
      needs: [],
    }),
  },
  create: ({ id, attributes: { init, lexize } }) => [
    action(
      `create text search template ${qualified(id)} (${init ? `init = ${functionText(init)}, ` : ""}lexize = ${functionText(lexize)})`,
    ),
  ],
  drop: (o) => [action(`drop text search template ${qualified(o.id)}`)],
  change: { init: () => "replace", lexize: () => "replace" },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "textSearch",
      form: "template",
      name: ownNode(o.id.name),
      was: null,
      properties: {
        init: said(o.attributes.init && describeName(o.attributes.init)),
        lexize: said(describeName(o.attributes.lexize)),
      },
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareTextSearchTemplate: DeclareForm<"textSearch", "template"> = (d, declare) => {
  const id = { kind: "textSearchTemplate", ...declare.own(d.name) } as const;
  const lexize = ["internal", "internal", "internal", "internal"];
  declare.add(
    {
      id,
      attributes: {
        init: supportFunction(d.properties.init, ["internal"], declare),
        lexize: neededFunction(d.properties.lexize, "lexize", lexize, d.name.span, declare),
      },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
