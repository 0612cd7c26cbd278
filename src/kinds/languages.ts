/** Procedural languages that no extension brought. They are of the whole database, and change in place. */
import type { DbObject, FunctionName } from "../model/objects.ts";
import { problem } from "../problems.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, json, ofDatabase, text, truth, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText, readFunction } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere, said } from "./parts/nodes.ts";
import { supportFunction } from "./parts/textSearch.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

const definition = ({ id, attributes: a }: DbObject<"language">): string =>
  `${a.trusted ? "trusted " : ""}language ${name(id.name)} handler ${functionText(a.handler)}` +
  (a.inline ? ` inline ${functionText(a.inline)}` : "") +
  (a.validator ? ` validator ${functionText(a.validator)}` : "");

const change: Change<"language"> = (_, to) => quietly(action(`create or replace ${definition(to)}`));

export const languages: Room<"language"> = {
  kind: "language",
  owner: () => null,
  needs: (o) => functionNeeds(o.attributes.handler, o.attributes.inline, o.attributes.validator),
  occupies: (o) => [`language ${name(o.id.name)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_language"),
    sql: (schemas) => `
select o.lanname as name, o.lanpltrusted::text as trusted, ${functionJson("o.lanplcallfoid")} as handler,
  ${functionJson("o.laninline")} as inline, ${functionJson("o.lanvalidator")} as validator, ${address("pg_language", "o.oid")} as addresses
from pg_language o
where ${ofDatabase("pg_language", schemas)}
order by 1`,
    read: (row) => ({
      id: { kind: "language", name: text(row, "name") },
      attributes: {
        trusted: truth(row, "trusted"),
        handler: json<FunctionName>(row, "handler"),
        inline: readFunction(row["inline"]),
        validator: readFunction(row["validator"]),
      },
      needs: [],
    }),
  },
  create: (o) => [action(`create ${definition(o)}`)],
  drop: (o) => [action(`drop language ${name(o.id.name)}`)],
  change: { trusted: change, handler: change, inline: change, validator: change },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "language",
      name: nameNode(o.id.name),
      trusted: o.attributes.trusted,
      properties: {
        handler: said(describeName(o.attributes.handler)),
        inline: said(o.attributes.inline && describeName(o.attributes.inline)),
        validator: said(o.attributes.validator && describeName(o.attributes.validator)),
      },
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareLanguage: DeclareFile<"language"> = (d, declare) => {
  const id = { kind: "language", name: declare.name(d.name) } as const;
  const p = d.properties;
  if (!p.handler)
    declare.report(problem("invalid-option", d.name.span, "A language needs a handler: `handler f`, in the braces."));
  declare.add(
    {
      id,
      attributes: {
        trusted: d.trusted,
        handler: supportFunction(p.handler, [], declare) ?? { schema: "pg_catalog", name: "", arguments: [] },
        inline: supportFunction(p.inline, ["internal"], declare),
        validator: supportFunction(p.validator, ["oid"], declare),
      },
      needs: [],
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
