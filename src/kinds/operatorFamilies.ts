/** Operator families with those of their members that belong to no class; these come and go in place. */
import type { DbObject } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, ofExtension, text, made } from "./parts/catalog.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import {
  declareMembers,
  describeMembers,
  droppedText,
  memberColumns,
  memberNeeds,
  type Members,
  memberText,
  methodNeeds,
  methodText,
  readMembers,
} from "./parts/operatorClasses.ts";
import type { Change, DeclareForm, Room } from "./room.ts";

type Family = DbObject<"operatorFamily">;
const self = (o: Family): string => `operator family ${qualified(o.id)}${methodText(o.id.method)}`;
const alter = (o: Family, verb: "add" | "drop", list: readonly string[]) =>
  list.length ? [action(`alter ${self(o)} ${verb} ${list.join(", ")}`)] : [];

const without = (a: Members, b: Members): Members => ({
  operators: a.operators.filter((x) => !b.operators.some((y) => same(x, y))),
  functions: a.functions.filter((x) => !b.functions.some((y) => same(x, y))),
});
const change: Change<"operatorFamily"> = (from, to) =>
  quietly(
    ...alter(to, "drop", droppedText(without(from.attributes, to.attributes))),
    ...alter(to, "add", memberText(without(to.attributes, from.attributes))),
  );

export const operatorFamilies: Room<"operatorFamily"> = {
  kind: "operatorFamily",
  owner: () => null,
  needs: (o) => [...inSchema(o.id.schema), ...methodNeeds(o.id.method), ...memberNeeds(o.attributes)],
  provides: "itself",
  occupies: (o) => [self(o)],
  evaluates: () => true,
  observe: {
    there: made("pg_opfamily"),
    sql: (schemas) => `
select n.nspname as schema, o.opfname as name, m.amname as method, ${memberColumns("pg_opfamily", "o.oid")},
  ${address("pg_opfamily", "o.oid")} as addresses
from pg_opfamily o
join pg_namespace n on n.oid = o.opfnamespace
join pg_am m on m.oid = o.opfmethod
where (${schemas}) and not ${ofExtension("pg_opfamily", "o.oid")}
order by 1, 2, 3`,
    read: (row) => ({
      id: {
        kind: "operatorFamily",
        schema: text(row, "schema"),
        name: text(row, "name"),
        method: text(row, "method"),
      },
      attributes: readMembers(row),
      needs: [],
    }),
  },
  create: (o) => [action(`create ${self(o)}`), ...alter(o, "add", memberText(o.attributes))],
  drop: (o) => [action(`drop ${self(o)}`)],
  change: { operators: change, functions: change },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "operatorDefinition",
      form: "family",
      name: ownNode(o.id.name),
      was: null,
      method: nameNode(o.id.method),
      items: describeMembers(o.attributes, null, o.id.schema),
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareOperatorFamily: DeclareForm<"operatorDefinition", "family"> = (d, declare) => {
  const id = { kind: "operatorFamily", ...declare.own(d.name), method: declare.name(d.method) } as const;
  const { members, needs } = declareMembers(d.items, null, declare);
  declare.add({ id, attributes: members, needs, ...(d.was ? { hints: { was: d.was.text } } : {}) }, d.name.span);
  declare.comment(id, d.doc, d.span);
};
