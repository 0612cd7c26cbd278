/** Comments, written once for every kind that can have one. */
import { dollar, literal } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { relationsNamed } from "./parts/table.ts";
import type { Index } from "../model/database.ts";
import { holderOf, readTarget, targetLock, targetWords, type TargetKind } from "./parts/targets.ts";
import type { Id } from "../model/objects.ts";
import type { Room } from "./room.ts";

const statement = (target: Id<TargetKind>, comment: string | null, all: Index) =>
  action(
    `comment on ${targetWords(target, all)} is ${comment === null ? "null" : literal(comment).trimStart()}`,
    targetLock(target),
  );

/** What an extension's control file says about it stands there again once nothing else does. */
const restore = (extension: string): string =>
  `do ${dollar(
    `begin execute pg_catalog.format('comment on extension %I is %L', ${literal(extension).trim()}::text, ` +
      `(select comment from pg_catalog.pg_available_extensions where name = ${literal(extension).trim()})); end`,
  )}`;

export const comments: Room<"comment"> = {
  kind: "comment",
  owner: (o, all) => holderOf(o.id.target, all),
  needs: ({ id: { target } }) => [
    target,
    ...(target.kind === "column" ? relationsNamed({ schema: target.schema, name: target.table }) : []),
  ],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    // What Postgres itself says about public, and what an extension's control file says about the extension, is no comment of ours.
    said: () => `select d.classoid, d.objoid, d.objsubid, d.description as what_is_said from pg_description d
  where (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass)
    and not (d.classoid = 'pg_namespace'::regclass and d.description = 'standard public schema'
      and d.objoid in (select n.oid from pg_namespace n where n.nspname = 'public'))
    and not (d.classoid = 'pg_extension'::regclass and exists (select from pg_extension x join pg_available_extensions() a on a.name = x.extname
      where x.oid = d.objoid and a.comment = d.description))`,
    read: (row, _, names) => ({
      id: { kind: "comment", target: readTarget(row, names) },
      attributes: { text: text(row, "said") },
      needs: [],
    }),
  },
  create: (o, { to }) => [statement(o.id.target, o.attributes.text, to)],
  drop: ({ id: { target } }, { from }) => [
    target.kind === "extension" ? action(restore(target.name)) : statement(target, null, from),
  ],
  change: { text: (_, to, __, context) => quietly(statement(to.id.target, to.attributes.text, context.to)) },
  // What it is on says it; only public has no declaration that would.
  describe: (o) =>
    o.id.target.kind === "schema" && o.id.target.name === "public"
      ? {
          at: "file",
          declaration: {
            kind: "schema",
            name: nameNode("public"),
            doc: o.attributes.text,
            schema: null,
            span: nowhere,
          },
        }
      : { at: "owner" },
};
