/** Roles that something is for: names, everybody, or whoever is connected. */
import type { RoleNode } from "../../../grammar/declarations.ts";
import type { Facts, Id, RoleName } from "../../model/objects.ts";
import { name } from "../../sql.ts";
import type { Declare } from "../room.ts";
import { nameNode } from "./nodes.ts";

const key = (r: RoleName): string => (typeof r === "string" ? r : ` ${r.whoever}`);
/** Each once, in one order. */
const inOrder = (roles: readonly RoleName[]): readonly RoleName[] =>
  [...new Map(roles.map((r) => [key(r), r])).values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));

export const roleText = (r: RoleName): string =>
  typeof r !== "string" ? r.whoever : r === "public" ? "public" : name(r);

/** What must be there; everybody and whoever is connected are. */
export const roleNeeds = (roles: readonly RoleName[]): readonly Id[] =>
  roles.flatMap((r) => (typeof r === "string" && r !== "public" ? [{ kind: "role", name: r }] : []));

/** None said: everybody. */
export const declareRoles = (nodes: readonly RoleNode[], declare: Declare): readonly RoleName[] =>
  nodes.length === 0
    ? ["public"]
    : inOrder(
        nodes.map(({ word, name: n }): RoleName =>
          word === null ? declare.role(n) : word === "public" ? word : { whoever: word },
        ),
      );
export const describeRoles = (roles: readonly RoleName[]): readonly RoleNode[] =>
  roles.length === 1 && roles[0] === "public"
    ? []
    : roles.map((r): RoleNode => {
        const word = typeof r !== "string" ? r.whoever : r === "public" ? r : null;
        return { word, name: nameNode(word ?? String(r)) };
      });

/** Columns of a catalog query from which `roleFacts` and `readRoles` read. `roles`: an array of oids, 0 for everybody. */
export const roleColumns = (
  roles: string,
): string => `current_user::text as current_user_name, session_user::text as session_user_name,
  (select json_agg(coalesce(r.rolname, 'public'))::text from unnest(${roles}) o(oid) left join pg_roles r on r.oid = o.oid) as roles`;
export const readRoles = (json: string): readonly RoleName[] => inOrder(JSON.parse(json) as string[]);

/** Postgres keeps the name of whoever was connected: those who are now are who is meant. */
export const meantRoles = (roles: readonly RoleName[], facts: Facts | undefined): readonly RoleName[] =>
  facts === undefined || roles.every((r) => typeof r === "string")
    ? roles
    : inOrder(roles.map((r) => (typeof r === "string" ? r : (facts[r.whoever] ?? r))));
