/** Foreign servers. Version and options change in place; type and wrapper make it anew, with what stands on it. */
import type { DbObject } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { literal, name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, ofExtension, text, wholeDatabase, made } from "./parts/catalog.ts";
import {
  adoptOptions,
  changeOptions,
  createOptions,
  declareForeignOptions,
  describeForeignOptions,
  hintsOf,
  readForeignOptions,
} from "./parts/foreignOptions.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

const alter = (o: DbObject<"server">): string => `alter server ${name(o.id.name)}`;

export const servers: Room<"server"> = {
  kind: "server",
  owner: () => null,
  // One that no declaration brings is an extension's, and that stands before everything.
  needs: (o) => [{ kind: "foreignDataWrapper", name: o.attributes.wrapper }],
  occupies: (o) => [`server ${o.id.name}`],
  evaluates: () => false,
  refuses: (from, to, context) => {
    const anew =
      to && (from.attributes.wrapper !== to.attributes.wrapper || from.attributes.type !== to.attributes.type);
    const stays = [...context.from.values()].some(
      (t) => isKind(t, "table") && t.attributes.server === from.id.name && context.to.has(encode(t.id)),
    );
    return anew && stays
      ? "its wrapper and type are settled when it is made, and it has foreign tables that stay"
      : null;
  },
  observe: {
    there: made("pg_foreign_server"),
    sql: (schemas) => `
select s.srvname as name, w.fdwname as wrapper, s.srvtype as type, s.srvversion as version,
  array_to_json(s.srvoptions)::text as options, ${address("pg_foreign_server", "s.oid")} as addresses
from pg_foreign_server s
join pg_foreign_data_wrapper w on w.oid = s.srvfdw
where ${wholeDatabase(schemas)} and not ${ofExtension("pg_foreign_server", "s.oid")}
order by 1`,
    read: (row) => ({
      id: { kind: "server", name: text(row, "name") },
      attributes: {
        wrapper: text(row, "wrapper"),
        type: row["type"] ?? null,
        version: row["version"] ?? null,
        options: readForeignOptions(row["options"]),
      },
      needs: [],
    }),
  },
  create: (o) => {
    const { wrapper, type, version } = o.attributes;
    const { text: options, hazards } = createOptions(o);
    return [
      action(
        `create server ${name(o.id.name)}` +
          (type === null ? "" : ` type ${literal(type).trim()}`) +
          (version === null ? "" : ` version ${literal(version).trim()}`) +
          ` foreign data wrapper ${name(wrapper)}${options}`,
        { hazards },
      ),
    ];
  },
  drop: (o) => [action(`drop server ${name(o.id.name)}`)],
  change: {
    wrapper: () => "replace",
    type: () => "replace",
    version: (_, to) => {
      const { version } = to.attributes;
      return quietly(action(`${alter(to)} version ${version === null ? "null" : literal(version).trim()}`));
    },
    options: (from, to) => quietly(...changeOptions(from, to, alter(to), action)),
  },
  adopt: adoptOptions,
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "server",
      name: nameNode(o.id.name),
      was: null,
      type: o.attributes.type,
      version: o.attributes.version,
      wrapper: nameNode(o.attributes.wrapper),
      options: describeForeignOptions(o.attributes.options, o.id.name),
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareServer: DeclareFile<"server"> = (d, declare) => {
  const id = { kind: "server", name: declare.name(d.name) } as const;
  const { options, secrets } = declareForeignOptions(d.options, declare);
  declare.add(
    {
      id,
      attributes: { wrapper: declare.name(d.wrapper), type: d.type, version: d.version, options },
      needs: [],
      ...hintsOf(d.was, secrets),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
