/** Who owns things, written once for every kind that has an owner of its own. Only what is said is compared. */
import type { DbObject, Id, TargetKind } from "../model/objects.ts";
import { encode } from "../model/id.ts";
import type { OwnerDeclaration } from "../../grammar/declarations.ts";
import { type Index, isKind } from "../model/database.ts";
import { problem } from "../problems.ts";
import { name } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { access, ownerRows } from "./parts/access.ts";
import { action, quietly } from "./parts/action.ts";
import { text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";

import {
  chunks,
  findTarget,
  grantsByTarget,
  groupBy,
  isPublic,
  makerWords,
  schemaOf,
  sequencesByTable,
  sequenceTie,
  targetNode,
  tieIn,
} from "./parts/said.ts";
import { saidByCatalog } from "./parts/sayings.ts";
import { holderOf, readTarget } from "./parts/targets.ts";
import { statementOn } from "./parts/thisDatabase.ts";
import type { Declare, DeclareFile, Describe, Followed, Room } from "./room.ts";

const relations: ReadonlySet<TargetKind> = new Set<TargetKind>(["table", "sequence", "view", "materializedView"]);
function give(target: Id<TargetKind>, to: string): Action {
  return action(
    statementOn(target, (words) => `alter ${words} owner to ${to}`),
    relations.has(target.kind) ? { lock: "access exclusive", on: [target] } : {},
  );
}

export const owners: Room<"owner"> = {
  kind: "owner",
  owner: (o, all) => holderOf(o.id.target, all),
  needs: (o) => [o.id.target, { kind: "role", name: o.attributes.role }],
  occupies: () => [],
  evaluates: () => false,
  silence: "as it is",
  // What the connected role owns is not observed, and not the usual owner of public. A thing to come gets its owner said, whoever
  // makes it. A sequence that a column comes to own belongs to whom the table belongs to, whoever had it before.
  tellsNothing: (o, { me, owners, from, to }) => {
    const { target } = o.id;
    if (tieIn(to, target)) return true;
    const unsaid = isPublic(target) ? owners.publicSchema : from.has(encode(target)) ? me : null;
    return o.attributes.role === unsaid && !from.has(encode(o.id));
  },
  follows: (o, role, { from, to }) => [
    // One that a column owned is given away when it is free again.
    ...(role === "create" && tieIn(from, o.id.target)
      ? [{ id: tieIn(from, o.id.target)!.id, roles: ["drop"] as const }]
      : []),
    // The new owner's own privileges are part of the owner's from then on.
    ...grantsByTarget(from, o.id.target).map((g) => ({ id: g.id, roles: ["drop"] as const })),
    // A column's sequence takes on the table's owner, but must have it when it is tied to the column.
    ...sequencesByTable(to, o.id.target).map((s) => ({ id: s.id, roles: ["create", "alter"] as const })),
    ...(role === "drop" ? [] : mayCreate(o, to)),
  ],
  observe: {
    said: saidByCatalog(ownerRows),
    read: (row, _, names) => ({
      id: { kind: "owner", target: readTarget(row, names) },
      attributes: { role: text(row, "said") },
      needs: [],
    }),
  },
  create: (o) => [give(o.id.target, name(o.attributes.role))],
  drop: (o, context) => {
    const { target } = o.id;
    // What is made anew belongs to whoever makes it; a sequence that a column owns goes with the table.
    if (context.to.has(encode(o.id)) || tieIn(context.to, target)) return [];
    return [give(target, makerWords(target, context.version))];
  },
  change: { role: (_, to) => quietly(give(to.id.target, name(to.attributes.role))) },
  describe: () => ({ at: "owner" }),
  gather: (all, describe) => {
    // Nobody declares public, so that what is said of everything in it is not said of public itself.
    const alike = groupBy(all, (o) =>
      JSON.stringify([schemaOf(o.id.target), o.attributes.role, isPublic(o.id.target)]),
    );
    return alike.flatMap((group): OwnerDeclaration[] => {
      const { role } = group[0]!.attributes;
      const schema = schemaOf(group[0]!.id.target);
      const whole =
        schema !== null && group.length > 1 && ownable(schema, describe).every((id) => owns(id, role, describe));
      return (whole ? [[]] : chunks(group)).map((part) => ({
        kind: "owner",
        role: nameNode(role),
        targets: part.map((o) => targetNode(o.id.target)),
        doc: null,
        schema: schema === null ? null : nameNode(schema),
        span: nowhere,
      }));
    });
  },
};
/** Unless a superuser gives it away, who gets a thing must have the right to make one where it is. */
function mayCreate({ id: { target }, attributes: { role } }: DbObject<"owner">, to: Index): readonly Followed[] {
  const schema = target.kind === "schema" ? null : schemaOf(target);
  const where: Id<TargetKind> = schema === null ? { kind: "database" } : { kind: "schema", name: schema };
  const rights = grantsByTarget(to, where).filter(
    (g) => (g.id.grantee === role || g.id.grantee === "public") && g.attributes.privileges.includes("create"),
  );
  return [{ kind: "owner", target: where } as const, ...rights.map((g) => g.id)].map((id) => ({
    id,
    roles: ["create", "alter"],
  }));
}
/** Everything of a schema, itself included, that has an owner of its own. */
const ownable = (schema: string, { all }: Describe): readonly Id<TargetKind>[] =>
  [...all.values()].flatMap(({ id }) =>
    "target" in id || !access[id.kind].owned || schemaOf(id) !== schema || tieIn(all, id) ? [] : [id],
  );
function owns(target: Id<TargetKind>, role: string, { all }: Describe): boolean {
  const o = all.get(encode({ kind: "owner", target }));
  return o !== undefined && isKind(o, "owner") && o.attributes.role === role;
}
const isTied = (target: Id<TargetKind>, declare: Declare): boolean => {
  const tie = sequenceTie(target);
  return tie !== null && declare.declared(tie) !== null;
};
/** What is said of single things goes before what is said of a schema, and that before what is said of the project. */
export const declareOwner: DeclareFile<"owner"> = (d, declare) => {
  const role = declare.role(d.role);
  const add = (target: Id<TargetKind>, at = d.span): void =>
    declare.add({ id: { kind: "owner", target }, attributes: { role }, needs: [] }, at);
  if (d.targets.length) {
    declare.afterwards(0, () => {
      for (const n of d.targets) {
        const target = findTarget(n, declare);
        if (!target) continue;
        if (!access[target.kind].owned)
          declare.report(problem("invalid-option", n.span, `A ${target.kind} has no owner of its own.`));
        else if (isTied(target, declare) || (target.kind === "sequence" && !declare.declared(target)))
          declare.report(
            problem("invalid-option", n.span, "A sequence that a column owns belongs to whom the table belongs to."),
          );
        else add(target, n.span);
      }
    });
    return;
  }
  declare.afterwards(d.schema ? 1 : 2, () => addAll(d.schema?.text ?? null, add, declare));
};

function addAll(schema: string | null, add: (target: Id<TargetKind>) => void, declare: Declare): void {
  for (const o of [...declare.all()]) {
    if ("target" in o.id || access[o.id.kind].owned !== true) continue;
    const target = o.id;
    if (schema !== null && schemaOf(target) !== schema) continue;
    if (isTied(target, declare) || declare.declared({ kind: "owner", target })) continue;
    add(target);
  }
}
