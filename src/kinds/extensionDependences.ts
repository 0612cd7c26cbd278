/** That something goes when an extension goes, written once for every kind that can say so: functions, procedures, triggers, indexes, materialized views. */
import { encode } from "../model/id.ts";
import type { DbObject, Id } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { name } from "../sql.ts";
import { action } from "./parts/action.ts";
import { text } from "./parts/catalog.ts";
import { holderOf, readTarget, targetLock, targetWords } from "./parts/targets.ts";
import type { Context, Room } from "./room.ts";

type Dependence = DbObject<"extensionDependence">;

const alter = ({ id: { target, extension } }: Dependence, words: "depends" | "no depends") =>
  action(`alter ${targetWords(target)} ${words} on extension ${name(extension)}`, targetLock(target));

/** What is of a key or of a partitioned table's index says nothing by itself. */
const sayable = `(e.classid = 'pg_proc'::regclass
    or e.classid = 'pg_trigger'::regclass
    or e.classid = 'pg_class'::regclass and e.objid in (select c.oid from pg_class c where c.relkind = 'm' or c.relkind in ('i', 'I') and not c.relispartition
      and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))))`;

/** CREATE OR REPLACE forgets it. */
function isForgotten(target: Id, { from, to }: Context): boolean {
  const [was, is] = [from.get(encode(target)), to.get(encode(target))];
  return was !== undefined && is !== undefined && !same(was.attributes, is.attributes);
}

export const extensionDependences: Room<"extensionDependence"> = {
  kind: "extensionDependence",
  owner: (o, all) => holderOf(o.id.target, all),
  needs: ({ id }) => [id.target, { kind: "extension", name: id.extension }],
  occupies: () => [],
  // Where Postgres makes an index again by itself, it forgets it.
  evaluates: ({ id }) => id.target.kind === "index",
  observe: {
    said: () => `select e.classid as classoid, e.objid as objoid, 0 as objsubid, x.extname::text as what_is_said
  from pg_depend e join pg_extension x on x.oid = e.refobjid
  where e.deptype = 'x' and e.refclassid = 'pg_extension'::regclass and ${sayable}`,
    read: (row, _, names) => ({
      id: { kind: "extensionDependence", target: readTarget(row, names), extension: text(row, "said") },
      attributes: {},
      needs: [],
    }),
  },
  create: (o) => [alter(o, "depends")],
  drop: (o) => [alter(o, "no depends")],
  change: {},
  remade: (context) =>
    [...context.from.values()].flatMap(({ id }) =>
      id.kind === "extensionDependence" &&
      context.to.has(encode(id)) &&
      (id.target.kind === "function" || id.target.kind === "procedure" || id.target.kind === "trigger") &&
      isForgotten(id.target, context)
        ? [id]
        : [],
    ),
  describe: () => ({ at: "owner" }),
};
