/** User mappings of foreign servers. Their options change in place. */
import type { DbObject } from "../model/objects.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, text, wholeDatabase } from "./parts/catalog.ts";
import {
  adoptOptions,
  changeOptions,
  createOptions,
  declareForeignOptions,
  describeForeignOptions,
  hintsOf,
  readForeignOptions,
  seesMapping,
} from "./parts/foreignOptions.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

const server = (o: DbObject<"userMapping">) => ({ kind: "server", name: o.id.server }) as const;
const mapping = (o: DbObject<"userMapping">): string =>
  `user mapping for ${o.id.user === "public" ? "public" : name(o.id.user)} server ${name(o.id.server)}`;

export const userMappings: Room<"userMapping"> = {
  kind: "userMapping",
  // A server is not dropped while it has mappings.
  owner: () => null,
  needs: (o) => [server(o), ...(o.id.user === "public" ? [] : [{ kind: "role", name: o.id.user } as const])],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_user_mappings",
    sql: (schemas) => `
select m.srvname as server, m.usename as user, array_to_json(m.umoptions)::text as options,
  ${address("pg_user_mapping", "m.umid")} as addresses
from pg_user_mappings m
where ${wholeDatabase(schemas)} and (${seesMapping("m")})
order by 1, 2`,
    read: (row) => ({
      id: { kind: "userMapping", server: text(row, "server"), user: text(row, "user") },
      attributes: { options: readForeignOptions(row["options"]) },
      needs: [],
    }),
  },
  create: (o) => {
    const { text: options, hazards } = createOptions(o);
    return [action(`create ${mapping(o)}${options}`, { hazards })];
  },
  drop: (o) => [action(`drop ${mapping(o)}`)],
  change: { options: (from, to) => quietly(...changeOptions(from, to, `alter ${mapping(to)}`, action)) },
  adopt: adoptOptions,
  describe: (o) => ({
    at: "file",
    declaration: {
      kind: "userMapping",
      user: nameNode(o.id.user),
      server: nameNode(o.id.server),
      options: describeForeignOptions(o.attributes.options, `${o.id.server} ${o.id.user}`),
      doc: null,
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareUserMapping: DeclareFile<"userMapping"> = (d, declare) => {
  const { options, secrets } = declareForeignOptions(d.options, declare);
  declare.add(
    {
      id: {
        kind: "userMapping",
        server: declare.name(d.server),
        user: d.user.text === "public" ? "public" : declare.role(d.user),
      },
      attributes: { options },
      needs: [],
      ...hintsOf(null, secrets),
    },
    d.span,
  );
};
