/** Made-up roles, owners, grants, default privileges and labels. */
import type {
  Declaration,
  GranteeNode,
  PrivilegeNode,
  RoleDeclaration,
  SettingNode,
  TargetNode,
} from "../../grammar/declarations.ts";
import type { Name } from "../../grammar/nodes.ts";
import type { Maker } from "./random.ts";

const span = { file: "", start: 0, end: 0 };

const setting = (m: Maker, inDatabase: boolean): SettingNode => ({
  name: m.r.pick(["work_mem", "app.user id", "Odd", "search_path"]),
  value: m.r.pick(["64MB", "on", "-1", "1.5", "", "it's", '"a b", public', "A"]),
  inDatabase,
  span,
});
const role = (m: Maker): RoleDeclaration => ({
  kind: "role",
  name: m.name(),
  flags: ["login", "superuser", "createdb", "createrole", "noinherit", "replication", "bypassrls"].filter(() =>
    m.r.chance(0.2),
  ),
  connectionLimit: m.r.maybe(0.3, () => m.r.pick(["-1", "0", "10"])),
  validUntil: m.r.maybe(0.2, () => m.r.pick(["2040-01-01", "infinity"])),
  memberships: m.r.many(2, () => ({
    role: m.name(),
    options: m.r.pick([
      [],
      [{ name: "admin", value: null, span }],
      [
        { name: "inherit", value: "false", span },
        { name: "set", value: "true", span },
      ],
    ]),
    span,
  })),
  settings: m.r.many(2, () => setting(m, m.r.chance(0.3))),
  span,
  doc: null,
  schema: null,
});
const target = (m: Maker): TargetNode =>
  m.r.pick<() => TargetNode>([
    () => ({ word: null, name: m.qualified(), arguments: null, method: null, span }),
    () => ({
      word: m.r.pick([
        "table",
        "view",
        "materialized view",
        "foreign table",
        "foreign data wrapper",
        "sequence",
        "type",
        "domain",
        "schema",
        "event trigger",
        "text search dictionary",
      ]),
      name: m.qualified(),
      arguments: null,
      method: null,
      span,
    }),
    () => ({
      word: m.r.pick(["function", "procedure", "aggregate"]),
      name: m.qualified(),
      arguments: m.r.many(3, m.type),
      method: null,
      span,
    }),
    () => ({
      word: m.r.pick(["operator class", "operator family"]),
      name: m.qualified(),
      arguments: null,
      method: m.name(),
      span,
    }),
    () => ({
      word: "operator",
      name: {
        schema: m.r.maybe(0.3, m.name),
        name: { text: m.r.pick(["===", "//", "<->"]), quoted: true, span },
        span,
      },
      arguments: [m.r.maybe(0.7, m.type), m.type()],
      method: null,
      span,
    }),
    () => ({ word: "database", name: null, arguments: null, method: null, span }),
  ])();
const privileges = (m: Maker): PrivilegeNode[] =>
  m.r.many(
    3,
    () => ({
      name: m.r.pick(["select", "update", "references", "all", "create", "trigger"]),
      columns: m.r.chance(0.3) ? m.names() : [],
      span,
    }),
    1,
  );
const grantees = (m: Maker): GranteeNode[] =>
  m.r.many(3, () => ({ role: m.r.chance(0.2) ? null : { ...m.name(), quoted: true }, span }), 1);
export const said = (m: Maker, schema: Name | null): Declaration => {
  const common = { span, doc: null, schema };
  return m.r.pick<() => Declaration>([
    () => ({ kind: "owner", role: m.name(), targets: m.r.many(3, () => target(m)), ...common }),
    () => ({
      kind: "grant",
      privileges: privileges(m),
      targets: m.r.many(3, () => target(m), 1),
      grantees: grantees(m),
      grantOption: m.r.chance(0.3),
      grantedBy: m.r.maybe(0.2, m.name),
      ...common,
    }),
    () => ({
      kind: "revoke",
      privileges: privileges(m),
      targets: m.r.many(3, () => target(m), 1),
      grantees: grantees(m),
      ...common,
    }),
    () => ({
      kind: "securityLabel",
      text: m.r.pick(["secret", "it's", ""]),
      provider: m.name(),
      target: { word: "table", name: m.qualified(), arguments: null, method: null, span },
      columns: m.r.chance(0.4) ? m.names() : [],
      ...common,
    }),
  ])();
};
export const ofNoSchema = (m: Maker): Declaration => {
  const revoke = m.r.chance(0.4);
  return m.r.pick<() => Declaration>([
    () => role(m),
    () => ({
      kind: "database",
      settings: m.r.many(3, () => setting(m, false)),
      span,
      doc: m.doc(),
      schema: null,
    }),
    () => ({
      kind: "defaultPrivileges",
      role: m.name(),
      inSchema: m.r.maybe(0.5, m.name),
      revoke,
      privileges: privileges(m),
      things: m.r.pick(["tables", "sequences", "functions", "types", "schemas", "large objects"]),
      grantees: grantees(m),
      grantOption: !revoke && m.r.chance(0.3),
      span,
      doc: null,
      schema: null,
    }),
  ])();
};
