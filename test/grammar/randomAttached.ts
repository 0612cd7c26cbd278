/** Made-up policies, triggers, rules and views. */
import type {
  FiringNode,
  PolicyNode,
  RoleNode,
  RuleNode,
  TriggerNode,
  ViewDeclaration,
} from "../../grammar/declarations.ts";
import type { Name, StatementsNode } from "../../grammar/nodes.ts";
import type { Maker } from "./random.ts";

const span = { file: "", start: 0, end: 0 };

const role = (m: Maker): RoleNode => {
  const word = m.r.maybe(0.3, () => m.r.pick(["public", "current_user", "session_user"] as const));
  const name = m.r.chance(0.2) ? m.r.pick(["public", "current_user", "current_role"]) : m.text();
  return { word, name: { text: word ?? name, quoted: false, span } };
};
export const policy = (m: Maker): PolicyNode => ({
  kind: "policy",
  name: m.name(),
  was: m.r.maybe(0.2, m.name),
  restrictive: m.r.chance(0.3),
  command: m.r.maybe(0.7, () => m.r.pick(["all", "select", "insert", "update", "delete"] as const)),
  roles: m.r.many(3, () => role(m)),
  using: m.r.maybe(0.5, m.fragment),
  check: m.r.maybe(0.5, m.fragment),
  span,
  doc: m.doc(),
});
const firing = (m: Maker): FiringNode => m.r.maybe(0.3, () => m.r.pick(["disabled", "replica", "always"] as const));
export const trigger = (m: Maker): TriggerNode => ({
  kind: "trigger",
  name: m.name(),
  was: m.r.maybe(0.2, m.name),
  constraint: m.r.chance(0.3),
  timing: m.r.pick(["before", "after", "instead of"] as const),
  events: m.r.many(
    3,
    () => {
      const event = m.r.pick(["insert", "update", "delete", "truncate"] as const);
      return { event, columns: event === "update" && m.r.chance(0.5) ? m.names() : [], span };
    },
    1,
  ),
  from: m.r.maybe(0.2, m.qualified),
  deferrable: m.deferrable(),
  oldTable: m.r.maybe(0.2, m.name),
  newTable: m.r.maybe(0.2, m.name),
  level: m.r.maybe(0.7, () => m.r.pick(["row", "statement"] as const)),
  when: m.r.maybe(0.3, m.fragment),
  function: m.qualified(),
  arguments: m.r.many(3, () => m.r.pick(["x", "it's", "1", "01", "", "-1", "${x}", "a\\b", "null"])),
  firing: firing(m),
  dependsOn: m.r.many(2, m.name),
  span,
  doc: m.doc(),
});
export const rule = (m: Maker): RuleNode => ({
  kind: "rule",
  name: m.name(),
  was: m.r.maybe(0.2, m.name),
  event: m.r.pick(["insert", "update", "delete"] as const),
  where: m.r.maybe(0.4, m.fragment),
  instead: m.r.chance(0.5),
  actions: m.r.maybe(0.8, () => actions(m)),
  firing: firing(m),
  span,
  doc: m.doc(),
});
const queries = ["select 1", "select ';'", "select '$s$' -- why; so", "select $$ ) $$, ')'"];
const query = (m: Maker): StatementsNode => ({ text: m.r.pick(queries), span, form: "statements" });
const actions = (m: Maker): StatementsNode => ({
  ...query(m),
  text: m.r.pick([...queries, "insert into t values ($$ a $$);\n  delete from u where x = ';'"]),
});
export const view = (m: Maker, schema: Name | null): ViewDeclaration => ({
  kind: "view",
  name: m.qualified(),
  was: m.r.maybe(0.2, m.name),
  columns: m.r.many(3, () => ({
    name: m.name(),
    default: m.r.maybe(0.2, m.fragment),
    doc: m.r.maybe(0.2, () => "a column"),
    span,
  })),
  options: m.options(),
  query: query(m),
  members: m.r.many(3, () => (m.r.chance(0.5) ? trigger(m) : rule(m))),
  span,
  doc: m.doc(),
  schema,
});
