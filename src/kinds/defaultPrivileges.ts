/** Default privileges: what is granted on things that a role makes from then on. Always said for a role, never for whoever is connected. */
import type { DefaultPrivilegesDeclaration } from "../../grammar/declarations.ts";
import type { DbObject, Privilege, PrivilegeSet } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { name } from "../sql.ts";
import { allPrivileges, lettersOfThings, ordered, unusualItems, usualOf, type Things } from "./parts/access.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { json, text, wholeDatabase } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import {
  granteesSaid,
  revokesNothing,
  joined,
  privilegesMeant,
  reduced,
  sameSet,
  saidOver,
  stepsBetween,
  stepWords,
} from "./parts/privilegeSteps.ts";
import { groupBy } from "./parts/said.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

type Default = DbObject<"defaultPrivilege">;
type Id = Default["id"];

/** What is there while nothing is said: those of one schema come on top of what is given anyway. */
const plain = ({ inSchema: schema, things, grantee }: Id, version: number): PrivilegeSet => ({
  privileges: schema === null ? usualOf(lettersOfThings[things], grantee, version) : [],
  grantable: [],
});

function bring(
  { role, inSchema: schema, things, grantee }: Id,
  from: PrivilegeSet,
  to: PrivilegeSet,
): readonly Action[] {
  const who = grantee === "public" ? "public" : name(grantee ?? role);
  const head = `alter default privileges for role ${name(role)}${schema === null ? "" : ` in schema ${name(schema)}`}`;
  return stepsBetween(from, to).map((s) => action(`${head} ${stepWords(s, things, who)}`));
}
const change: Change<"defaultPrivilege"> = (from, to) => quietly(...bring(to.id, from.attributes, to.attributes));

export const defaultPrivileges: Room<"defaultPrivilege"> = {
  kind: "defaultPrivilege",
  owner: ({ id: { inSchema: schema } }) => inSchema(schema ?? "public")[0] ?? null,
  needs: ({ id: { role, inSchema: schema, grantee } }) => [
    { kind: "role", name: role },
    ...inSchema(schema ?? "public"),
    ...(grantee === null || grantee === "public" ? [] : [{ kind: "role", name: grantee } as const]),
  ],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_default_acl",
    sql: (schemas) => `
select r.rolname::text as role, n.nspname::text as schema, case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
  when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' when 'L' then 'large objects' end as things, x.said, '[]' as addresses
from pg_default_acl d
join pg_roles r on r.oid = d.defaclrole
left join pg_namespace n on n.oid = d.defaclnamespace
cross join lateral ${unusualItems(
      "d.defaclacl",
      `case when d.defaclnamespace = 0 then acldefault(case d.defaclobjtype when 'S' then 's'::"char" else d.defaclobjtype end, d.defaclrole) else null::aclitem[] end`,
      "d.defaclrole",
    )}
where case when d.defaclnamespace = 0 then ${wholeDatabase(schemas)} else (${schemas}) end
order by 1, 2, 3, 4`,
    read: (row) => {
      const things = text(row, "things") as Things;
      const letter = lettersOfThings[things];
      const said = json<PrivilegeSet & { readonly grantee: string | null }>(row, "said");
      return {
        id: {
          kind: "defaultPrivilege",
          role: text(row, "role"),
          inSchema: row["schema"] ?? null,
          things,
          grantee: said.grantee,
        },
        attributes: { privileges: ordered(letter, said.privileges), grantable: ordered(letter, said.grantable) },
        needs: [],
      };
    },
  },
  create: (o, { version }) => bring(o.id, plain(o.id, version), o.attributes),
  drop: (o, { version }) => bring(o.id, o.attributes, plain(o.id, version)),
  change: { privileges: change, grantable: change },
  describe: () => ({ at: "owner" }),
  gather: (all, { version }) => {
    const said = all.flatMap((o) => {
      const letter = lettersOfThings[o.id.things];
      return saidOver(plain(o.id, version).privileges, o.attributes, allPrivileges(letter, version)).map((s) => ({
        ...o.id,
        ...s,
      }));
    });
    return groupBy(said, (s) => JSON.stringify([s.role, s.inSchema, s.things, s.revoke, s.option, s.names])).map(
      (group): DefaultPrivilegesDeclaration => {
        const { role, inSchema: schema, things, revoke, option, names } = group[0]!;
        return {
          kind: "defaultPrivileges",
          role: nameNode(role),
          inSchema: schema === null ? null : nameNode(schema),
          revoke,
          privileges: names.map((n) => ({ name: n, columns: [], span: nowhere })),
          things,
          grantees: group.map((s) => ({ role: s.grantee === null ? null : nameNode(s.grantee), span: nowhere })),
          grantOption: option,
          doc: null,
          schema: null,
          span: nowhere,
        };
      },
    );
  },
};

export const declareDefaultPrivileges: DeclareFile<"defaultPrivileges"> = (d, declare) => {
  const { things } = d;
  const letter = lettersOfThings[things];
  const role = declare.role(d.role);
  const schema = d.inSchema ? declare.name(d.inSchema) : null;
  if (things === "large objects" && declare.version < 180000) {
    declare.report(problem("needs-newer-postgres", d.span, "Default privileges on large objects need PostgreSQL 18."));
    return;
  }
  if (schema !== null && (things === "schemas" || things === "large objects"))
    declare.report(problem("invalid-option", d.span, `Default privileges on ${things} are for no single schema.`));
  const grantees = granteesSaid(d.grantees, d.grantOption, declare).map((g) => (g === role ? null : g));
  declare.afterwards(d.revoke ? 3 : 4, () => {
    for (const p of d.privileges) {
      if (p.columns.length)
        declare.report(problem("invalid-option", p.span, "Default privileges are for whole things, not for columns."));
      const meant: readonly Privilege[] = privilegesMeant(p, letter, things, declare);
      for (const grantee of grantees) {
        const id: Id = { kind: "defaultPrivilege", role, inSchema: schema, things, grantee };
        const start = plain(id, declare.version);
        declare.amend(id, p.span, (old) => {
          const before = old && isKind(old, "defaultPrivilege") ? old.attributes : start;
          const after = d.revoke
            ? reduced(letter, before, meant)
            : joined(letter, before, { privileges: meant, grantable: d.grantOption ? meant : [] });
          if (d.revoke && sameSet(before, after) && meant.length)
            revokesNothing(
              p,
              declare,
              schema !== null && plain({ ...id, inSchema: null }, declare.version).privileges.includes(meant[0]!)
                ? "What Postgres itself gives is given in every schema: revoke it without `in schema`."
                : undefined,
            );
          return sameSet(after, start) ? null : { id, attributes: after, needs: [] };
        });
      }
    }
  });
};
