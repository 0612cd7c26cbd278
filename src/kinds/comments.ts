/** Comments, written once for every kind that can have one. */
import { dollar, literal } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { json } from "./parts/catalog.ts";
import { bearersNamed, sequencesReborn } from "./parts/bearers.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { partitionAt, tableName } from "./parts/partitions.ts";
import { describeRemark, isPlaceless } from "./parts/remarks.ts";
import { relationsNamed } from "./parts/table.ts";
import { holderOf, neededBy, readTarget, targetLock, targetWords, type TargetKind } from "./parts/targets.ts";
import { statementOn } from "./parts/thisDatabase.ts";
import { type Index, isKind, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { type Id, ofPostgres } from "../model/objects.ts";
import type { Followed, Room } from "./room.ts";

const statement = (target: Id<TargetKind>, comment: string | null, all: Index) =>
  action(
    statementOn(
      target,
      (words) => `comment on ${words} is ${comment === null ? "null" : literal(comment).trimStart()}`,
      (t) => targetWords(t, all),
    ),
    targetLock(target),
  );

/** What an extension's control file says about it stands there again once nothing else does. */
const restore = (extension: string): string =>
  `do ${dollar(
    `begin execute pg_catalog.format('comment on extension %I is %L', ${literal(extension).trim()}::text, ` +
      `(select comment from pg_catalog.pg_available_extensions where name = ${literal(extension).trim()})); end`,
  )}`;

/** A partition has some constraints only once it, and what it is part of, is attached. */
function attachings(target: Id<TargetKind>, all: Index): readonly Followed[] {
  if (target.kind !== "foreignKey" || !isPlaceless(target, all)) return [];
  const out: Followed[] = [];
  for (let p = partitionAt(tableName(target), all); p; p = partitionAt(p.attributes.of, all))
    out.push({ id: p.id, roles: ["create", "alter"] });
  return out;
}

export const comments: Room<"comment"> = {
  kind: "comment",
  owner: (o, all) => holderOf(o.id.target, all),
  needs: ({ id: { target } }) => [
    target,
    ...bearersNamed(target),
    ...(target.kind === "column" ? relationsNamed({ schema: target.schema, name: target.table }) : []),
  ],
  follows: ({ id: { target } }, role, { to }) => (role === "drop" ? [] : attachings(target, to)),
  occupies: () => [],
  evaluates: () => false,
  observe: {
    // What Postgres itself says about public and its own databases, and what an extension's control file says about the extension, is no comment of ours.
    said: () => `select d.classoid, d.objoid, d.objsubid, json_build_array(d.description,
    (d.classoid = 'pg_namespace'::regclass and d.description = 'standard public schema'
      and d.objoid in (select n.oid from pg_namespace n where n.nspname = 'public'))
    or (d.classoid = 'pg_extension'::regclass and exists (select from pg_extension x join pg_available_extensions() a on a.name = x.extname
      where x.oid = d.objoid and a.comment = d.description)))::text as what_is_said from pg_description d
  where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass
  union all select d.classoid, d.objoid, 0, json_build_array(d.description,
    d.description in ('default administrative connection database', 'default template for new databases'))::text from pg_shdescription d
  where d.classoid = 'pg_database'::regclass`,
    read: (row, _, names) => {
      const [said, isUsual] = json<readonly [string, boolean]>(row, "said");
      return {
        id: { kind: "comment", target: readTarget(row, names) },
        attributes: { text: said },
        needs: neededBy(row),
        ...(isUsual ? { facts: ofPostgres } : {}),
      };
    },
  },
  tellsNothing: (o, { unsaid }) =>
    unsaid.some((u) => isKind(u, "comment") && encode(u.id) === encode(o.id) && same(u.attributes, o.attributes)),
  create: (o, { to }) => [statement(o.id.target, o.attributes.text, to)],
  drop: ({ id: { target } }, { from }) => [
    target.kind === "extension" ? action(restore(target.name)) : statement(target, null, from),
  ],
  remade: (context) => sequencesReborn("comment", context),
  change: { text: (_, to, __, context) => quietly(statement(to.id.target, to.attributes.text, context.to)) },
  // What it is on says it; only public, and a database without settings, have no declaration that would.
  describe: (o, { all }) => {
    const { target } = o.id;
    const common = { doc: o.attributes.text, schema: null, span: nowhere };
    if (target.kind === "schema" && target.name === "public")
      return { at: "file", declaration: { kind: "schema", name: nameNode("public"), ...common } };
    if (target.kind === "database" && ![...all.values()].some((s) => isKind(s, "setting") && s.id.role === null))
      return { at: "file", declaration: { kind: "database", settings: [], ...common } };
    return isPlaceless(target, all)
      ? { at: "file", declaration: describeRemark(target, o.attributes.text) }
      : { at: "owner" };
  },
};
