/** Procedures: like functions, but called by themselves. */
import { qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import {
  declareRoutine,
  describeRoutine,
  keepsArguments,
  ownRoutine,
  parkRoutine,
  readRoutine,
  readRoutineId,
  routineColumns,
  routineNeeds,
  routineStatement,
  signature,
  looksUp,
} from "./parts/routines.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

const redefine: Change<"procedure"> = (from, to) =>
  keepsArguments(from.attributes.arguments, to.attributes.arguments)
    ? quietly(routineStatement(to, "create or replace", "", []))
    : "replace";

export const procedures: Room<"procedure"> = {
  kind: "procedure",
  owner: () => null,
  needs: routineNeeds,
  occupies: (o) => [`routine ${signature(o.id)}`],
  evaluates: (o) => "sql" in o.attributes.body || o.attributes.arguments.some((a) => a.default),
  looksUp,
  observe: {
    there: "pg_proc where prokind = 'p' and oid >= 16384",
    sql: (schemas, version) => `
select ${routineColumns(version)}
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where ${ownRoutine("'p'", schemas)}
order by n.nspname, p.proname, 3`,
    read: (row) => ({
      id: { kind: "procedure", ...readRoutineId(row) },
      attributes: readRoutine(row),
      needs: [],
    }),
  },
  create: (o) => [routineStatement(o, "create", "", [])],
  drop: (o) => [action(`drop procedure ${signature(o.id)}`)],
  change: {
    arguments: redefine,
    language: redefine,
    body: redefine,
    security: redefine,
    settings: redefine,
    transforms: redefine,
  },
  park: (o, _, context) => parkRoutine(o, context),
  following: "body",
  overloads: (o) => `calls of ${qualified(o.id)}`,
  describe: (o, describe) => ({
    at: "file",
    declaration: { kind: "procedure", ...describeRoutine(o, describe) },
  }),
};

export const declareProcedure: DeclareFile<"procedure"> = (d, declare) => {
  const { id, attributes, needs, rest } = declareRoutine(d, [], declare);
  if (id.kind !== "procedure") throw new Error("a procedure was given another kind's id");
  declare.add({ id, attributes, needs, ...rest }, d.name.span);
  declare.comment(id, d.doc, d.span);
};
