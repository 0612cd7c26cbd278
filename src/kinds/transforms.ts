/** Transforms between a type and a language, of the whole database. */
import type { DbObject } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, ofDatabase, text, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, readFunction, signature } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere, said } from "./parts/nodes.ts";
import { supportFunction } from "./parts/textSearch.ts";
import { typeIds } from "./parts/typeIds.ts";
import { describeType, plainType, typeText } from "./parts/types.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

function make(
  how: "create" | "create or replace",
  { id, attributes: { fromSql, toSql } }: DbObject<"transform">,
): Action {
  const parts = [
    ...(fromSql ? [`from sql with function ${signature(fromSql)}`] : []),
    ...(toSql ? [`to sql with function ${signature(toSql)}`] : []),
  ];
  return action(`${how} transform for ${id.type} language ${name(id.language)} (${parts.join(", ")})`);
}
const replaced: Change<"transform"> = (_, to) => quietly(make("create or replace", to));

export const transforms: Room<"transform"> = {
  kind: "transform",
  owner: () => null,
  needs: (o) => [
    ...typeIds(o.id.type),
    { kind: "language", name: o.id.language },
    ...functionNeeds(o.attributes.fromSql, o.attributes.toSql),
  ],
  occupies: (o) => [`transform ${o.id.type} ${name(o.id.language)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_transform"),
    sql: (schemas) => `
select format_type(o.trftype, null) as type, l.lanname as language, ${functionJson("o.trffromsql")} as from_sql,
  ${functionJson("o.trftosql")} as to_sql, ${address("pg_transform", "o.oid")} as addresses
from pg_transform o
join pg_language l on l.oid = o.trflang
where ${ofDatabase("pg_transform", schemas)}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "transform", type: text(row, "type"), language: text(row, "language") },
      attributes: { fromSql: readFunction(row["from_sql"]), toSql: readFunction(row["to_sql"]) },
      needs: [],
    }),
  },
  create: (o) => [make("create", o)],
  drop: ({ id }) => [action(`drop transform for ${id.type} language ${name(id.language)}`)],
  // What goes through it stays on it.
  change: { fromSql: replaced, toSql: replaced },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "transform",
      type: describeType(o.id.type),
      language: nameNode(o.id.language),
      properties: {
        "from sql": said(o.attributes.fromSql && describeName(o.attributes.fromSql)),
        "to sql": said(o.attributes.toSql && describeName(o.attributes.toSql)),
      },
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareTransform: DeclareFile<"transform"> = (d, declare) => {
  const type = declare.type(d.type);
  const id = { kind: "transform", type: plainType(typeText(type.type)), language: declare.name(d.language) } as const;
  const p = d.properties;
  if (!p["from sql"] && !p["to sql"])
    declare.report(
      problem("invalid-option", d.span, "A transform needs a function: `from sql f`, `to sql g` or both."),
    );
  declare.add(
    {
      id,
      attributes: {
        fromSql: supportFunction(p["from sql"], ["internal"], declare),
        toSql: supportFunction(p["to sql"], ["internal"], declare),
      },
      needs: type.needs,
    },
    d.span,
  );
  declare.comment(id, d.doc, d.span);
};
