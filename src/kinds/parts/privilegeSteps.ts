/** Privileges as statements: from what somebody has to what somebody should have, privilege by privilege. */
import type { GranteeNode, PrivilegeNode } from "../../../grammar/declarations.ts";
import type { Privilege, PrivilegeSet } from "../../model/objects.ts";
import { nearest, problem } from "../../problems.ts";
import type { Declare } from "../room.ts";
import { allPrivileges, ordered, type AclLetter } from "./access.ts";

export const noPrivileges: PrivilegeSet = { privileges: [], grantable: [] };
const without = (a: readonly Privilege[], b: readonly Privilege[]): readonly Privilege[] =>
  a.filter((p) => !b.includes(p));

export interface PrivilegeStep {
  readonly verb: "grant" | "revoke";
  readonly privileges: readonly Privilege[];
  /** Of a grant: with grant option; of a revoke: of the grant option only. */
  readonly option: boolean;
}
/** What takes away comes first. */
export const stepsBetween = (from: PrivilegeSet, to: PrivilegeSet): readonly PrivilegeStep[] =>
  (
    [
      { verb: "revoke", privileges: without(from.privileges, to.privileges), option: false },
      {
        verb: "revoke",
        privileges: without(
          from.grantable.filter((p) => to.privileges.includes(p)),
          to.grantable,
        ),
        option: true,
      },
      {
        verb: "grant",
        privileges: without(without(to.privileges, from.privileges), to.grantable),
        option: false,
      },
      { verb: "grant", privileges: without(to.grantable, from.grantable), option: true },
    ] as const
  ).filter((s) => s.privileges.length > 0);

/** `grant select on … to app with grant option`; `one` writes a privilege. */
export const stepWords = (
  { verb, privileges, option }: PrivilegeStep,
  on: string,
  whom: string,
  one: (p: Privilege) => string = (p) => p,
): string =>
  verb === "grant"
    ? `grant ${privileges.map(one).join(", ")} on ${on} to ${whom}${option ? " with grant option" : ""}`
    : `revoke ${option ? "grant option for " : ""}${privileges.map(one).join(", ")} on ${on} from ${whom}`;

export function joined(letter: AclLetter, a: PrivilegeSet, b: PrivilegeSet): PrivilegeSet {
  return {
    privileges: ordered(letter, [...a.privileges, ...b.privileges]),
    grantable: ordered(letter, [...a.grantable, ...b.grantable]),
  };
}
export const reduced = (letter: AclLetter, a: PrivilegeSet, less: readonly Privilege[]): PrivilegeSet => ({
  privileges: ordered(letter, without(a.privileges, less)),
  grantable: ordered(letter, without(a.grantable, less)),
});
export const sameSet = (a: PrivilegeSet, b: PrivilegeSet): boolean =>
  a.privileges.join() === b.privileges.join() && a.grantable.join() === b.grantable.join();

/** The privileges that a word of a text means on such a thing; reports one that there is not. */
export function privilegesMeant(
  n: PrivilegeNode,
  letter: AclLetter,
  what: string,
  declare: Declare,
): readonly Privilege[] {
  const all = allPrivileges(letter, declare.version);
  if (n.name === "all") return all;
  const word = n.name === "temp" ? "temporary" : n.name;
  const found = all.find((p) => p === word);
  if (found) return [found];
  if (word === "maintain" && allPrivileges(letter, 170000).some((p) => p === word)) {
    declare.report(problem("needs-newer-postgres", n.span, "The privilege maintain needs PostgreSQL 17."));
    return [];
  }
  const near = nearest(word, all);
  declare.report(
    problem("invalid-option", n.span, `There is no privilege ${n.name} on ${what}.`, {
      help: near === null ? `There ${all.length === 1 ? "is" : "are"} ${all.join(", ")}.` : `Did you mean ${near}?`,
      ...(near === null ? {} : { fix: near }),
    }),
  );
  return [];
}

/** Whom a text names; one that cannot have what it is given is reported. `withOption`: to grant it on. */
export const granteesSaid = (list: readonly GranteeNode[], withOption: boolean, declare: Declare): (string | null)[] =>
  list.map((g) => {
    if (g.role === null) return null;
    if (g.role.text !== "public") return declare.role(g.role);
    if (withOption)
      declare.report(
        problem("invalid-option", g.role.span, "Everybody cannot have a grant option.", {
          help: "Give it to a role, or leave out `with grant option`.",
        }),
      );
    return "public";
  });

/** Reports a revoke that takes nothing. */
export const revokesNothing = (p: PrivilegeNode, declare: Declare, help?: string): void =>
  declare.report(
    problem("invalid-option", p.span, `Nobody gives ${p.name} to be revoked here.`, {
      help: help ?? "Only what Postgres itself gives is revoked; everything else is there only where it is granted.",
    }),
  );

/** A set as the fewest statements of a text over what is usual: grants without and with grant option, and a revoke. */
export function saidOver(
  usual: readonly Privilege[],
  set: PrivilegeSet,
  all: readonly Privilege[],
): readonly { readonly revoke: boolean; readonly option: boolean; readonly names: readonly string[] }[] {
  const words = (list: readonly Privilege[]): readonly string[] =>
    list.length === all.length && list.length > 1 ? ["all"] : list;
  const parts = [
    { revoke: true, option: false, names: words(without(usual, set.privileges)) },
    { revoke: false, option: false, names: words(without(without(set.privileges, usual), set.grantable)) },
    { revoke: false, option: true, names: words(set.grantable) },
  ];
  return parts.filter((p) => p.names.length > 0);
}
