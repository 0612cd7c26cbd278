/** `grant select, insert (a, b) on orders to app with grant option`, `revoke execute on function f(int) from public` */
import { inClause } from "../parts/heads.ts";
import { grantees, granteesText, privileges, privilegesText } from "../parts/privileges.ts";
import { target, targetText } from "../parts/targets.ts";
import { kw } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const grants: Syntax<"grant"> = {
  kind: "grant",
  holds: null,
  rules(p) {
    p.rule("grant", () => {
      p.take(0, kw("grant"));
      p.call(0, "privileges");
      p.take(0, kw("on"));
      p.call(0, "targets");
      p.take(0, kw("to"));
      p.call(0, "grantees");
      p.opt(0, () => p.call(0, "grantOption"));
      p.opt(1, () => p.call(0, "grantedBy"));
      p.opt(2, () => p.call(0, "inSchema"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "grant",
    privileges: privileges(c.privileges[0]!, l),
    targets: c.targets[0]!.children.target.map((n) => target(n, l)),
    grantees: grantees(c.grantees[0]!, l),
    grantOption: c.grantOption !== undefined,
    grantedBy: c.grantedBy === undefined ? null : l.name(c.grantedBy[0]!.children.role[0]!),
    doc: null,
    schema: inClause(c.inSchema, place, l),
    span: place.span,
  }),
  print(d, p) {
    const targets = d.targets.map((n) => targetText(n, p)).join(", ");
    const option = d.grantOption ? " with grant option" : "";
    const by = d.grantedBy === null ? "" : ` granted by ${p.name(d.grantedBy)}`;
    return line(
      [
        `grant ${privilegesText(d.privileges, p)} on ${targets} to ${granteesText(d.grantees, p)}${option}${by}${p.inSchema(d)}`,
      ],
      d,
    );
  },
};

export const revokes: Syntax<"revoke"> = {
  kind: "revoke",
  holds: null,
  rules(p) {
    p.rule("revoke", () => {
      p.take(0, kw("revoke"));
      p.call(0, "privileges");
      p.take(0, kw("on"));
      p.call(0, "targets");
      p.take(0, kw("from"));
      p.call(0, "grantees");
      p.opt(0, () => p.call(0, "inSchema"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "revoke",
    privileges: privileges(c.privileges[0]!, l),
    targets: c.targets[0]!.children.target.map((n) => target(n, l)),
    grantees: grantees(c.grantees[0]!, l),
    doc: null,
    schema: inClause(c.inSchema, place, l),
    span: place.span,
  }),
  print: (d, p) =>
    line(
      [
        `revoke ${privilegesText(d.privileges, p)} on ${d.targets.map((n) => targetText(n, p)).join(", ")} from ${granteesText(d.grantees, p)}${p.inSchema(d)}`,
      ],
      d,
    ),
};
