/** What sessions start with: `alter role … set`, everywhere or in this database, and `alter database … set`. */
import type { DbObject } from "../model/objects.ts";
import { name } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { text, truth, wholeDatabase } from "./parts/catalog.ts";
import { keptValue, settingId, settingName, settingValue } from "./parts/settings.ts";
import { onThisDatabase } from "./parts/thisDatabase.ts";
import type { Action } from "../model/plan.ts";
import { nowhere } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

type Setting = DbObject<"setting">;

function alter(o: Setting, words: string): Action {
  const { role, inDatabase } = o.id;
  if (!inDatabase) return action(`alter role ${name(role ?? "")} ${words}`);
  return action(onThisDatabase(role === null ? "alter database" : `alter role ${name(role)} in database`, words));
}
const set = (o: Setting): Action =>
  alter(o, `set ${settingName(o.id.name)} to ${settingValue(o.id.name, o.attributes.value)}`);

export const settings: Room<"setting"> = {
  kind: "setting",
  owner: (o) => (o.id.role === null ? null : { kind: "role", name: o.id.role }),
  needs: (o) => (o.id.role === null ? [] : [{ kind: "role", name: o.id.role }]),
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_db_role_setting",
    sql: (schemas, _, roles) => `
select r.rolname::text as role, (s.setdatabase <> 0)::text as in_database, split_part(c.line, '=', 1) as name,
  substr(c.line, strpos(c.line, '=') + 1) as value, '[]' as addresses
from pg_db_role_setting s
left join pg_roles r on r.oid = s.setrole
cross join lateral unnest(s.setconfig) as c(line)
where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and case when s.setrole = 0 then s.setdatabase <> 0 and ${wholeDatabase(schemas)} else ${roles} end
order by 1 nulls first, 2, 3`,
    read: (row) => {
      const setting = text(row, "name");
      return {
        id: {
          kind: "setting",
          role: row["role"] ?? null,
          inDatabase: truth(row, "in_database"),
          name: settingId(setting),
        },
        // Which words are quoted depends on the major.
        attributes: { value: keptValue(setting, text(row, "value")) },
        needs: [],
      };
    },
  },
  create: (o) => [set(o)],
  drop: (o) => [alter(o, `reset ${settingName(o.id.name)}`)],
  change: { value: (_, to) => quietly(set(to)) },
  describe: () => ({ at: "owner" }),
  gather: (all, describe) => {
    const own = all.filter((o) => o.id.role === null);
    if (!own.length) return [];
    const settings = own.map((o) => ({
      name: o.id.name,
      value: o.attributes.value,
      inDatabase: false,
      span: nowhere,
    }));
    const doc = describe.comment({ kind: "database" });
    return [{ kind: "database", settings, doc, schema: null, span: nowhere }];
  },
};

export const declareDatabase: DeclareFile<"database"> = (d, declare) => {
  declare.comment({ kind: "database" }, d.doc, d.span);
  for (const s of d.settings)
    declare.add(
      {
        id: { kind: "setting", role: null, inDatabase: true, name: settingId(s.name) },
        attributes: { value: keptValue(s.name, s.value) },
        needs: [],
      },
      s.span,
    );
};
