/** `default privileges for role r in schema s grant select on tables to app` */
import type { DefaultPrivilegesDeclaration } from "../declarations.ts";
import { grantees, granteesText, privileges, privilegesText } from "../parts/privileges.ts";
import { kw, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const defaultPrivileges: Syntax<"defaultPrivileges"> = {
  kind: "defaultPrivileges",
  holds: null,
  rules(p) {
    const things = p.choice(
      ...(["tables", "sequences", "functions", "types", "schemas"] as const).map(
        (w) => () => p.take(0, kw(w), "things"),
      ),
      () => {
        p.take(0, kw("large"), "things");
        p.take(0, kw("objects"), "things");
      },
    );
    p.rule("things", () => p.one(0, things));
    const ways = p.choice(
      () => {
        p.take(0, kw("grant"));
        p.call(0, "privileges");
        p.take(0, kw("on"));
        p.call(0, "things");
        p.take(0, kw("to"));
        p.call(0, "grantees");
        p.opt(2, () => p.call(0, "grantOption"));
      },
      () => {
        p.take(0, kw("revoke"));
        p.call(1, "privileges");
        p.take(1, kw("on"));
        p.call(1, "things");
        p.take(0, kw("from"));
        p.call(1, "grantees");
      },
    );
    p.rule("defaultPrivileges", () => {
      p.take(0, kw("default"));
      p.take(1, kw("privileges"));
      p.take(0, kw("for"));
      p.take(0, kw("role"));
      p.take(0, Name, "role");
      p.opt(0, () => {
        p.take(0, kw("in"));
        p.take(0, kw("schema"));
        p.take(1, Name, "schema");
      });
      p.one(0, ways);
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "defaultPrivileges",
    role: l.name(c.role[0]!),
    inSchema: c.schema === undefined ? null : l.name(c.schema[0]!),
    revoke: c.k_revoke !== undefined,
    privileges: privileges(c.privileges![0]!, l),
    things: c
      .things![0]!.children.things!.map((w) => w.image.toLowerCase())
      .join(" ") as DefaultPrivilegesDeclaration["things"],
    grantees: grantees(c.grantees![0]!, l),
    grantOption: c.grantOption !== undefined,
    doc: null,
    schema: null,
    span: place.span,
  }),
  print(d, p) {
    const schema = d.inSchema === null ? "" : ` in schema ${p.name(d.inSchema)}`;
    const what = `${privilegesText(d.privileges, p)} on ${d.things}`;
    const option = d.grantOption ? " with grant option" : "";
    return line(
      [
        `default privileges for role ${p.name(d.role)}${schema} ` +
          (d.revoke
            ? `revoke ${what} from ${granteesText(d.grantees, p)}`
            : `grant ${what} to ${granteesText(d.grantees, p)}${option}`),
      ],
      d,
    );
  },
};
