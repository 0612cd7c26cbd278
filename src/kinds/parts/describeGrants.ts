/** Grants as a text says them, as few lines as possible. */
import type { GrantDeclaration, PrivilegeNode, RevokeDeclaration } from "../../../grammar/declarations.ts";
import type { DbObject, Id, TargetKind } from "../../model/objects.ts";
import type { Describe } from "../room.ts";
import { allPrivileges, letterOf, usual } from "./access.ts";
import { nameNode, nowhere } from "./nodes.ts";
import { saidOver } from "./privilegeSteps.ts";
import { chunks, groupBy, schemaOf, targetNode } from "./said.ts";

/** One privilege of one grantee, in the way it is said. */
interface Item {
  readonly target: Id<TargetKind>;
  readonly grantee: string | null;
  readonly grantor: string | null;
  readonly revoke: boolean;
  readonly option: boolean;
  readonly name: string;
  readonly column: string | null;
}

function itemsOf(o: DbObject<"grant">, version: number): readonly Item[] {
  const { target, grantee, grantor } = o.id;
  const letter = letterOf(target);
  const plain = grantor === null ? usual(target, grantee, version).privileges : [];
  const column = target.kind === "column" ? target.name : null;
  const on =
    target.kind === "column" ? ({ kind: "table", schema: target.schema, name: target.table } as const) : target;
  return saidOver(plain, o.attributes, allPrivileges(letter, version)).flatMap(({ revoke, option, names }) =>
    names.map((name) => ({ target: on, grantee, grantor, revoke, option, name, column })),
  );
}

/**
 * 1. What one grantee has on one thing is one list, columns in brackets.
 * 2. Grantees with the same list share a line; so do things with the same list for the same grantees.
 */
export function describeGrants(
  all: readonly DbObject<"grant">[],
  { version }: Describe,
): readonly (GrantDeclaration | RevokeDeclaration)[] {
  const items = all.flatMap((o) => itemsOf(o, version));
  const lists = groupBy(items, (i) => JSON.stringify([i.target, i.grantee, i.grantor, i.revoke, i.option])).map(
    (group) => ({ ...group[0]!, privileges: privilegesOf(group) }),
  );
  const shared = groupBy(lists, (l) => JSON.stringify([l.target, l.grantor, l.revoke, l.option, l.privileges])).map(
    (group) => ({ ...group[0]!, grantees: group.map((l) => l.grantee) }),
  );
  const lines = groupBy(shared, (s) =>
    JSON.stringify([schemaOf(s.target), s.grantor, s.revoke, s.option, s.privileges, s.grantees]),
  );
  return lines.flatMap((line) =>
    chunks(line).map((part) => {
      const { revoke, option, grantor, privileges, grantees } = part[0]!;
      const schema = schemaOf(part[0]!.target);
      const common = {
        privileges,
        targets: part.map((s) => targetNode(s.target)),
        grantees: grantees.map((g) => ({ role: g === null ? null : nameNode(g), span: nowhere })),
        doc: null,
        schema: schema === null ? null : nameNode(schema),
        span: nowhere,
      };
      return revoke
        ? { kind: "revoke", ...common }
        : {
            kind: "grant",
            ...common,
            grantOption: option,
            grantedBy: grantor === null ? null : nameNode(grantor),
          };
    }),
  );
}

function privilegesOf(items: readonly Item[]): readonly PrivilegeNode[] {
  const out = new Map<string, PrivilegeNode>();
  for (const i of items) {
    const key = `${i.name} ${i.column !== null}`;
    const columns = [...(out.get(key)?.columns ?? []), ...(i.column === null ? [] : [nameNode(i.column)])];
    out.set(key, { name: i.name, columns, span: nowhere });
  }
  return [...out.values()];
}
