/** Access methods of tables and indexes, of the whole database. */
import type { DbObject, FunctionName } from "../model/objects.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, json, ofDatabase, text, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

const create = ({ id, attributes: a }: DbObject<"accessMethod">) =>
  action(`create access method ${name(id.name)} type ${a.type} handler ${functionText(a.handler)}`);
const drop = ({ id }: DbObject<"accessMethod">) => action(`drop access method ${name(id.name)}`);
/** Anew, but without what stands on it: Postgres refuses to drop one that is in use, and rows are not to be lost over it. */
const change: Change<"accessMethod"> = (from, to) => quietly(drop(from), create(to));

export const accessMethods: Room<"accessMethod"> = {
  kind: "accessMethod",
  owner: () => null,
  needs: (o) => functionNeeds(o.attributes.handler),
  // Tables and indexes name theirs without more.
  provides: "itself",
  occupies: (o) => [`access method ${name(o.id.name)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_am"),
    sql: (schemas) => `
select o.amname as name, case o.amtype when 't' then 'table' else 'index' end as type, ${functionJson("o.amhandler")} as handler,
  ${address("pg_am", "o.oid")} as addresses
from pg_am o
where ${ofDatabase("pg_am", schemas)}
order by 1`,
    read: (row) => ({
      id: { kind: "accessMethod", name: text(row, "name") },
      attributes: {
        type: text(row, "type") === "table" ? "table" : "index",
        handler: json<FunctionName>(row, "handler"),
      },
      needs: [],
    }),
  },
  create: (o) => [create(o)],
  drop: (o) => [drop(o)],
  change: { type: change, handler: change },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "accessMethod",
      name: nameNode(o.id.name),
      type: o.attributes.type,
      handler: describeName(o.attributes.handler),
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareAccessMethod: DeclareFile<"accessMethod"> = (d, declare) => {
  const id = { kind: "accessMethod", name: declare.name(d.name) } as const;
  const handler = { ...declare.functionNamed(d.handler).name, arguments: ["internal"] };
  declare.add({ id, attributes: { type: d.type, handler }, needs: [] }, d.name.span);
  declare.comment(id, d.doc, d.span);
};
