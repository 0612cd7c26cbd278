/** Privileges, written once for every kind that has some, down to columns: what each role has beyond, or short of, what Postgres gives anyway. */
import type { GrantDeclaration, RevokeDeclaration } from "../../grammar/declarations.ts";
import type { DbObject, Id, Privilege, PrivilegeSet, TargetKind } from "../model/objects.ts";
import { isKind, type Index } from "../model/database.ts";
import { encode } from "../model/id.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { access, aclRows, grantsOf, lettersOfThings, letterOf, ordered, usual, usualOf } from "./parts/access.ts";
import { sequencesReborn, identitySequence } from "./parts/bearers.ts";
import { action, quietly } from "./parts/action.ts";
import { json } from "./parts/catalog.ts";
import { describeGrants } from "./parts/describeGrants.ts";
import {
  granteesSaid,
  revokesNothing,
  joined,
  noPrivileges,
  privilegesMeant,
  reduced,
  sameSet,
  stepsBetween,
  stepWords,
  type PrivilegeStep,
} from "./parts/privilegeSteps.ts";
import {
  defaultsIn,
  findOrMember,
  grantsByTarget,
  identityColumn,
  makerWords,
  ownerAt,
  ownerIn,
  schemaOf,
} from "./parts/said.ts";
import { plainMembers } from "./parts/memberRights.ts";
import { relationsNamed } from "./parts/table.ts";
import { saidByCatalog } from "./parts/sayings.ts";
import { columnsSaid } from "./parts/tableColumns.ts";
import { itsOwner, statementOn } from "./parts/thisDatabase.ts";
import { holderOf, neededBy, readTarget, targetWords } from "./parts/targets.ts";
import type { Change, Context, Declare, DeclareFile, Followed, Role, Room, Standing } from "./room.ts";

type Grant = DbObject<"grant">;
type Target = Id<TargetKind>;
interface Said extends PrivilegeSet {
  readonly grantee: string | null;
  readonly grantor: string | null;
}

const relations: ReadonlySet<TargetKind> = new Set<TargetKind>(["table", "view", "materializedView"]);
const anyWork = ["create", "alter", "drop"] as const;
const tableOf = (target: Id<"column">) => ({ kind: "table", schema: target.schema, name: target.table }) as const;
const on = (target: Target): string =>
  target.kind === "column" ? `table ${qualified(tableOf(target))}` : words(target);
function words(target: Target): string {
  const own = targetWords(target);
  // GRANT calls types by one word, every relation a table, an aggregate a function, and a server foreign.
  const { word } = grantsOf(target.kind);
  if (target.kind === "server") return `${word} ${name(target.name)}`;
  if (target.kind === "aggregate") return `${word} ${qualified(target)}(${target.arguments.join(", ")})`;
  return ["type", "table"].includes(word) && "schema" in target && "name" in target
    ? `${word} ${qualified(target)}`
    : own;
}

/** Whom a statement names; `all` is the database in which the owner is looked up. */
const whom = (target: Target, grantee: string | null, all: Index, version: number): string =>
  granteeWords(grantee, () => ownerWords(target, all, version));
const granteeWords = (grantee: string | null, owner: () => string): string =>
  grantee === null ? owner() : grantee === "public" ? "public" : name(grantee);
function ownerWords(target: Target, all: Index, version: number): string {
  if (target.kind === "database") return itsOwner;
  const owner = ownerIn(all, target);
  if (owner !== null) return name(owner);
  return makerWords(target, version);
}

function statement(target: Target, step: PrivilegeStep, to: string): string {
  const column = target.kind === "column" ? ` (${name(target.name)})` : "";
  return statementOn(target, (words) => stepWords(step, words, to, (p) => p + column), on);
}

/** `all`: the database whose owners hold while it happens. */
function bring(o: Grant, from: PrivilegeSet, to: PrivilegeSet, all: Index, context: Context): readonly Action[] {
  const { target, grantee, grantor } = o.id;
  const who = whom(target, grantee, all, context.version);
  const steps = stepsBetween(from, to);
  const actions = steps.map((s) => action(statement(target, s, who)));
  actions.push(...columnsAgain(o, steps, who, context));
  if (grantor === null || !actions.length) return actions;
  return [action(`set local role ${name(grantor)}`), ...actions, action("reset role")];
}

const revoked = (steps: readonly PrivilegeStep[], what: "privilege" | "option" = "privilege"): readonly Privilege[] =>
  steps.flatMap((s) => (s.verb === "revoke" && s.option === (what === "option") ? s.privileges : []));

/** What is revoked from a table, be it the right to grant on alone, is revoked from its columns too: what columns are to keep is granted again. */
function columnsAgain(
  o: Grant,
  steps: readonly PrivilegeStep[],
  who: string,
  { from, to }: Context,
): readonly Action[] {
  const [lost, options] = [revoked(steps), revoked(steps, "option")];
  if (!relations.has(o.id.target.kind) || lost.length + options.length === 0) return [];
  return grantsByTarget(to, o.id.target).flatMap((g) => {
    if (g.id.target.kind !== "column" || g.id.grantee !== o.id.grantee || g.id.grantor !== o.id.grantor) return [];
    const had = from.get(encode(g.id));
    const { privileges, grantable } = had && isKind(had, "grant") ? had.attributes : noPrivileges;
    const isLost = (p: Privilege): boolean =>
      (lost.includes(p) && privileges.includes(p)) ||
      (options.includes(p) && grantable.includes(p) && g.attributes.grantable.includes(p));
    const again = reduced(
      "c",
      g.attributes,
      g.attributes.privileges.filter((p) => !isLost(p)),
    );
    return stepsBetween(noPrivileges, again).map((s) => action(statement(g.id.target, s, who)));
  });
}

/** What it had too much, of one that is made again: what it is for may have stayed after all (a column with another type). */
function takenBefore(o: Grant, context: Context): readonly Action[] {
  const was = context.from.get(encode(o.id));
  if (!was || !isKind(was, "grant")) return [];
  const { privileges, grantable } = was.attributes;
  const kept: PrivilegeSet = {
    privileges: privileges.filter((p) => o.attributes.privileges.includes(p)),
    grantable: grantable.filter((p) => o.attributes.grantable.includes(p)),
  };
  return bring(o, was.attributes, kept, context.to, context);
}

const change: Change<"grant"> = (from, to, _, context) =>
  quietly(...bring(to, from.attributes, to.attributes, context.to, context));

export const grants: Room<"grant"> = {
  kind: "grant",
  owner: (o, all) => holderOf(o.id.target, all),
  needs: (o) => {
    const { target, grantee, grantor } = o.id;
    return [
      target,
      ...(target.kind === "column" ? relationsNamed({ schema: target.schema, name: target.table }) : []),
      ...(grantee === null || grantee === "public" ? [] : [{ kind: "role", name: grantee } as const]),
      ...(grantor === null ? [] : [{ kind: "role", name: grantor } as const]),
    ];
  },
  occupies: () => [],
  evaluates: () => false,
  // Who owns it has all privileges without saying.
  tellsNothing: (o, around) => o.id.grantee !== null && o.id.grantee === ownerAt(o.id.target, around),
  asKept: byOwners,
  follows: ({ id }, role, context) => [
    ...chain(id, role, context),
    ...(role === "drop"
      ? []
      : [
          { id: { kind: "owner", target: id.target } as const, roles: anyWork },
          // What is revoked from the table would be revoked from the column too.
          ...(id.target.kind === "column"
            ? relationsNamed(tableOf(id.target)).map((target) => ({ id: { ...id, target }, roles: anyWork }))
            : []),
        ]),
  ],
  observe: {
    said: saidByCatalog(aclRows),
    read: (row, _, names) => {
      const target = readTarget(row, names);
      const { grantee, grantor, privileges, grantable } = json<Said>(row, "said");
      const letter = letterOf(target);
      const member = row["member"];
      return {
        id: { kind: "grant", target, grantee, grantor },
        attributes: { privileges: ordered(letter, privileges), grantable: ordered(letter, grantable) },
        needs: [...neededBy(row), ...(member ? [{ kind: "extension", name: member } as const] : [])],
      };
    },
  },
  create: (o, context) => {
    const given = bring(o, base(o, context.version), o.attributes, context.to, context);
    return [...takenBefore(o, context).filter((a) => !given.some((b) => b.sql === a.sql)), ...given];
  },
  drop: (o, context) =>
    // What is made anew starts anew.
    context.to.has(encode(o.id)) ? [] : bring(o, o.attributes, base(o, context.version), context.from, context),
  change: { privileges: change, grantable: change },
  remade: (context) => sequencesReborn("grant", context),
  greets,
  describe: () => ({ at: "owner" }),
  gather: describeGrants,
};
/** Who grants on must have it to grant, from whomever, and has it until what was granted on is gone. */
function chain(id: Grant["id"], role: Role, { from, to }: Context): readonly Followed[] {
  const isThere = (key: string, all: Index): PrivilegeSet => {
    const o = all.get(key);
    return o && isKind(o, "grant") ? o.attributes : noPrivileges;
  };
  const gains = (g: Grant["id"]): boolean => {
    const [was, is] = [isThere(encode(g), from), isThere(encode(g), to)];
    return is.grantable.some((p) => !was.grantable.includes(p));
  };
  // What is granted on of a column may come from the whole table.
  const covers = (a: Target, b: Target): boolean => a.kind !== "column" || encode(a) === encode(b);
  const out: Followed[] = [];
  if (id.grantor !== null && role !== "drop")
    for (const { id: giver } of grantsByTarget(to, id.target))
      if (giver.grantee === id.grantor && covers(giver.target, id.target))
        out.push({ id: giver, roles: gains(giver) ? ["create", "alter"] : ["create"] });
  if (id.grantee === null || role === "create" || gains(id)) return out;
  for (const { id: given } of grantsByTarget(from, id.target))
    if (given.grantor === id.grantee && covers(id.target, given.target))
      out.push({ id: given, roles: ["drop", "alter"] });
  for (const { id: other } of grantsByTarget(to, id.target))
    if (other.grantee === id.grantee && other.grantor !== id.grantor && encode(other.target) === encode(id.target))
      out.push({ id: other, roles: ["create"] });
  return out;
}

/** What the owner is said to grant is the same as what is granted without saying by whom, and comes on top of that. */
function byOwners(all: readonly Grant[], around: Standing): readonly Grant[] {
  const [theirs, others]: [Grant[], Grant[]] = [[], []];
  for (const o of all)
    (o.id.grantor !== null && o.id.grantor === ownerAt(o.id.target, around) ? theirs : others).push(o);
  if (!theirs.length) return all;
  const out = new Map(others.map((o) => [encode(o.id), o]));
  for (const o of theirs) {
    const id = { ...o.id, grantor: null };
    const plain = usual(id.target, id.grantee, around.version);
    const before = out.get(encode(id))?.attributes ?? plain;
    const attributes = joined(letterOf(id.target), before, o.attributes);
    if (sameSet(attributes, plain)) out.delete(encode(id));
    else out.set(encode(id), { ...o, id, attributes });
  }
  return [...out.values()];
}
const base = (o: Grant, version: number): PrivilegeSet =>
  o.id.grantor === null ? usual(o.id.target, o.id.grantee, version) : noPrivileges;

/** Default privileges give a new thing more, or less, than is said of it: that is put right at once, whoever makes it. */
function greets(made: DbObject, old: DbObject | null, { from, to, version }: Context): readonly Action[] {
  if ("target" in made.id) return [];
  if (isKind(made, "extension")) {
    const grows = old && isKind(old, "extension") && old.attributes.version !== made.attributes.version;
    if ((old && !grows) || defaultsIn(from).length + defaultsIn(to).length === 0) return [];
    return [plainMembers(made.id.name, old ? "brought" : "all")];
  }
  // What a column comes with, or gets, is a sequence.
  const sequence = isKind(made, "column") ? identitySequence(made) : null;
  if (old && (!sequence || (isKind(old, "column") && identitySequence(old)))) return [];
  const target: Target = sequence ? { kind: "sequence", ...sequence } : made.id;
  const { grants: sort } = access[target.kind];
  if (!sort || target.kind === "column") return [];
  const schema = target.kind === "schema" ? null : schemaOf(target);
  const given = new Map<string | null, { set: PrivilegeSet; missing: Privilege[] }>();
  for (const d of [...defaultsIn(from), ...defaultsIn(to)]) {
    if (lettersOfThings[d.id.things] !== sort.letter || (d.id.inSchema !== null && d.id.inSchema !== schema)) continue;
    const { grantee } = d.id;
    const entry = given.get(grantee) ?? { set: noPrivileges, missing: [] };
    const less =
      d.id.inSchema === null
        ? usualOf(sort.letter, grantee, version).filter((p) => !d.attributes.privileges.includes(p))
        : [];
    given.set(grantee, {
      set: joined(sort.letter, entry.set, d.attributes),
      missing: [...entry.missing, ...less],
    });
  }
  // A column's sequence belongs to whom the table belonged to, and everything else to whoever makes it.
  const maker = isKind(made, "column") ? ownerIn(from, made.id) : null;
  // Up to PostgreSQL 16 a multirange has rights of its own, of which nothing can be said.
  const multirange = isKind(made, "range") && version < 170000 ? made.attributes.multirange : null;
  const also: readonly Target[] = multirange ? [{ kind: "range", ...multirange }] : [];
  const out: Action[] = [];
  const lost = new Map<Target, Privilege[]>([target, ...also].map((on) => [on, []]));
  const put = (on: Target, grantee: string | null, has: PrivilegeSet, wanted: PrivilegeSet): void => {
    const who = granteeWords(grantee, () => (maker === null ? "current_user" : name(maker)));
    const steps = stepsBetween(has, wanted);
    out.push(...steps.map((s) => action(statement(on, s, who))));
    if (grantee !== null && grantee !== "public") lost.get(on)?.push(...revoked(steps));
  };
  for (const [grantee, { set, missing }] of given) {
    if (grantee !== null && grantee === maker) continue;
    const said = to.get(encode({ kind: "grant", target, grantee, grantor: null }));
    const plain = usual(target, grantee, version);
    const wanted: PrivilegeSet = said && isKind(said, "grant") ? said.attributes : plain;
    const has = reduced(sort.letter, joined(sort.letter, plain, set), missing);
    // What the usual lacks or has too much of is brought about by what is said itself.
    const towards: PrivilegeSet = {
      privileges: ordered(sort.letter, [
        ...has.privileges.filter((p) => wanted.privileges.includes(p) || plain.privileges.includes(p)),
        ...missing.filter((p) => wanted.privileges.includes(p)),
      ]),
      grantable: has.grantable.filter((p) => wanted.grantable.includes(p)),
    };
    put(target, grantee, has, towards);
    for (const on of also) put(on, grantee, has, plain);
  }
  // Whoever makes it may be one of those that it was taken from.
  for (const [on, list] of lost) put(on, null, noPrivileges, { privileges: ordered(sort.letter, list), grantable: [] });
  return out;
}

function declarePrivileges(d: GrantDeclaration | RevokeDeclaration, declare: Declare): void {
  const grantor = d.kind === "grant" && d.grantedBy ? declare.role(d.grantedBy) : null;
  const grantees = granteesSaid(d.grantees, d.kind === "grant" && d.grantOption, declare);
  // What is taken away of the usual comes first, so that the order of a text does not count.
  declare.afterwards(d.kind === "revoke" ? 3 : 4, () => {
    for (const n of d.targets) {
      const meaning = findOrMember(n, declare);
      if (!meaning) continue;
      const { id: found } = meaning;
      if (!access[found.kind].grants) {
        declare.report(problem("invalid-option", n.span, `Nothing can be granted on a ${found.kind}.`));
        continue;
      }
      for (const p of d.privileges)
        for (const target of p.columns.length ? columnsSaid(found, p.columns, declare) : [found]) {
          const bearer = target.kind === "sequence" ? identityColumn(target, declare) : null;
          const needs = bearer ? [bearer.id] : meaning.needs;
          const letter = letterOf(target);
          const meant = privilegesMeant(p, letter, `a ${target.kind}`, declare);
          const change: PrivilegeSet = {
            privileges: meant,
            grantable: d.kind === "grant" && d.grantOption ? meant : [],
          };
          for (const grantee of grantees) {
            const id = { kind: "grant", target, grantee, grantor } as const;
            const plain = grantor === null ? usual(target, grantee, declare.version) : noPrivileges;
            declare.amend(id, p.span, (old) => {
              const before = old && isKind(old, "grant") ? old.attributes : plain;
              const after =
                d.kind === "grant" ? joined(letter, before, change) : reduced(letter, before, change.privileges);
              if (d.kind === "revoke" && sameSet(before, after) && meant.length) revokesNothing(p, declare);
              return sameSet(after, plain) ? null : { id, attributes: after, needs };
            });
          }
        }
    }
  });
}

export const declareGrant: DeclareFile<"grant"> = declarePrivileges;
export const declareRevoke: DeclareFile<"revoke"> = declarePrivileges;
