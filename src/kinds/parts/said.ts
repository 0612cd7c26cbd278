/** Sayings of other things (owners, grants, labels): how a text calls a thing, and which sayings a thing has. */
import type { TargetNode } from "../../../grammar/declarations.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { DbObject, Id, QualifiedName, TargetKind } from "../../model/objects.ts";
import { groupedBy, oncePer } from "../../model/once.ts";
import { nearest, problem } from "../../problems.ts";
import { name as quoteName, qualified } from "../../sql.ts";
import type { Declare, Standing } from "../room.ts";
import { bearerOf, identitySequence } from "./bearers.ts";
import { access, kindsSaid } from "./access.ts";
import { nameNode, nowhere, ownNode } from "./nodes.ts";
import { relationsNamed } from "./table.ts";
import { targets } from "./targets.ts";
import { publicOwner } from "./thisDatabase.ts";
import { describeType } from "./types.ts";
import { ofNewExtension } from "./unknown.ts";

/** The schema that is there before anybody makes one. */
export const isPublic = (target: Id<TargetKind>): boolean => target.kind === "schema" && target.name === "public";

/** The schema that a thing lives in, or is. */
export const schemaOf = (id: Id<TargetKind>): string | null =>
  id.kind === "schema" ? id.name : "schema" in id ? id.schema : null;

/** What a text means, with what else it needs: the declared thing, or the function of an extension, which nobody declares. */
export function findOrMember(
  n: TargetNode,
  declare: Declare,
): { readonly id: Id<TargetKind>; readonly needs: readonly Id[] } | null {
  if (n.name && n.arguments) {
    const types = argumentTypes(n.arguments, declare);
    const of = kindsSaid(n.word).filter((k) => k === "function" || k === "procedure" || k === "aggregate");
    const schemas = n.name.schema ? [n.name.schema.text] : declare.path;
    const declared = (schema: string, kind: "function" | "procedure" | "aggregate"): boolean =>
      declare.declared({ kind, schema, name: n.name!.name.text, arguments: types.flatMap((t) => t ?? []) }) !== null;
    const ours = schemas.some((s) => of.some((k) => declared(s, k)));
    const { schema, needs, unseen } = declare.extensionsWith(n.name);
    if (of.includes("function") && !ours && needs.length) {
      if (schema === null) {
        declare.report(ofNewExtension(n.name.name.text, n.span));
        return null;
      }
      // What nobody knows yet comes with the extension.
      const all = unseen ? argumentTypes(n.arguments, declare, schema) : types;
      return {
        id: { kind: "function", schema, name: n.name.name.text, arguments: all.flatMap((t) => t ?? []) },
        needs,
      };
    }
  }
  const id = findTarget(n, declare);
  return id && { id, needs: [] };
}

/** `strange`: the schema of types that nothing is known of. */
const argumentTypes = (
  types: NonNullable<TargetNode["arguments"]>,
  declare: Declare,
  strange: string | null = null,
): readonly (string | null)[] =>
  types.map((t) => {
    if (t === null) return null;
    const { type } = declare.type(t, "routine");
    if (type.canonical === null && t.schema === null && strange !== null)
      return `${qualified({ schema: strange, name: t.name.text })}${t.dimensions.length ? "[]" : ""}`;
    return type.canonical ?? type.sql;
  });

/** The declared thing that a text means; reports one that is not there. */
export function findTarget(n: TargetNode, declare: Declare): Id<TargetKind> | null {
  const kinds = kindsSaid(n.word);
  const name = n.name?.name.text ?? "";
  if (n.word === "database") return { kind: "database" };
  if (n.word === "schema" && name === "public") return { kind: "schema", name };
  const types = n.arguments && argumentTypes(n.arguments, declare);
  const more = types ? JSON.stringify(types) : null;
  for (const schema of n.name?.schema ? [n.name.schema.text] : declare.path)
    for (const kind of kinds) {
      const id = targets[kind]?.read({ schema, host: n.method?.text ?? "", name, more });
      if (id && declare.declared(id)) return id;
    }
  if (n.word === "sequence")
    for (const schema of n.name?.schema ? [n.name.schema.text] : declare.path)
      if (identityColumn({ schema, name }, declare)) return { kind: "sequence", schema, name };
  const known = [...declare.all()].flatMap(({ id }) => ("name" in id && kinds.some((k) => k === id.kind) ? [id] : []));
  const schemas = n.name?.schema ? [n.name.schema.text] : declare.path;
  const others = known.flatMap((id) =>
    "arguments" in id && id.name === name && schemas.includes(id.schema) ? [overload(name, id.arguments)] : [],
  );
  if (types && others.length) {
    const message = `There is no ${n.word} ${overload(name, types)}.`;
    declare.report(problem("unknown-object", n.span, message, { help: `There is ${others.join(" and ")}.` }));
    return null;
  }
  const near = nearest(
    name,
    known.map((id) => id.name),
  );
  declare.report(
    problem("unknown-object", n.span, `There is no ${n.word ?? "table"} called ${quoteName(name)}.`, {
      help: near === null ? "Declare it, or correct the name." : `Did you mean ${quoteName(near)}?`,
    }),
  );
  return null;
}

const overload = (name: string, types: readonly (string | null)[]): string => `${quoteName(name)}(${types.join(", ")})`;

/** The declared column that this sequence is beneath; null: none, or it is a sequence of its own. */
export function identityColumn({ schema, name }: QualifiedName, declare: Declare): DbObject<"column"> | null {
  if (declare.declared({ kind: "sequence", schema, name })) return null;
  for (const o of declare.all()) {
    const own = isKind(o, "column") ? identitySequence(o) : null;
    if (own && own.schema === schema && own.name === name) return o as DbObject<"column">;
  }
  return null;
}

/** How a text calls a thing that lives in the schema of the saying. */
export function targetNode(target: Id<TargetKind>): TargetNode {
  const { said, plain } = access[target.kind];
  const name = "name" in target ? target.name : "";
  const types =
    "arguments" in target ? target.arguments : target.kind === "operator" ? [target.left, target.right] : null;
  return {
    word: plain ? null : (said[0] ?? null),
    name: target.kind === "database" ? null : ownNode(name),
    arguments: types && types.map((t) => (t === null ? null : describeType(t))),
    method: "method" in target ? nameNode(target.method) : null,
    span: nowhere,
  };
}

/** In the order of their first members. */
export const groupBy = <T>(list: readonly T[], key: (x: T) => string): readonly (readonly T[])[] => [
  ...groupedBy(list, key).values(),
];
/** As many as one line can name. */
export function chunks<T>(list: readonly T[], size = 8): readonly (readonly T[])[] {
  const out: (readonly T[])[] = [];
  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));
  return out;
}

interface Sayings {
  readonly grants: ReadonlyMap<string, readonly DbObject<"grant">[]>;
  readonly sequences: ReadonlyMap<string, readonly DbObject<"sequenceOwner">[]>;
  readonly defaults: readonly DbObject<"defaultPrivilege">[];
}
const sayingsOf = oncePer((all: Index): Sayings => {
  const grants = new Map<string, DbObject<"grant">[]>();
  const sequences = new Map<string, DbObject<"sequenceOwner">[]>();
  const defaults: DbObject<"defaultPrivilege">[] = [];
  const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const o of all.values()) {
    if (isKind(o, "grant")) push(grants, placeOf(o.id.target), o);
    else if (isKind(o, "sequenceOwner")) {
      const { schema, table } = o.attributes.column;
      push(sequences, encode({ kind: "table", schema, name: table }), o);
    } else if (isKind(o, "defaultPrivilege")) defaults.push(o);
  }
  return { grants, sequences, defaults };
});
/** Columns go by their relation, whatever that is. */
const placeOf = (target: Id<TargetKind>): string => {
  if (target.kind === "column") return encode({ kind: "table", schema: target.schema, name: target.table });
  if (target.kind === "view" || target.kind === "materializedView")
    return encode({ kind: "table", schema: target.schema, name: target.name });
  return encode(target);
};

/** Grants on a thing and on its columns. */
export const grantsByTarget = (all: Index, target: Id<TargetKind>): readonly DbObject<"grant">[] =>
  sayingsOf(all).grants.get(placeOf(target)) ?? [];
/** Ties of sequences to a table's columns. */
export const sequencesByTable = (all: Index, table: Id<TargetKind>): readonly DbObject<"sequenceOwner">[] =>
  sayingsOf(all).sequences.get(encode(table)) ?? [];
export const defaultsIn = (all: Index): readonly DbObject<"defaultPrivilege">[] => sayingsOf(all).defaults;

/** What ties a sequence to a column, if anything does; null: it is no sequence. */
export const sequenceTie = (target: Id<TargetKind>): Id<"sequenceOwner"> | null =>
  target.kind === "sequence" ? { kind: "sequenceOwner", schema: target.schema, name: target.name } : null;
/** What ties it there; null: nothing does. */
export function tieIn(all: Index, target: Id<TargetKind>): DbObject<"sequenceOwner"> | null {
  const tie = sequenceTie(target);
  const o = tie && all.get(encode(tie));
  return o && isKind(o, "sequenceOwner") ? o : null;
}
/** SQL of whom a thing belongs to that nobody is said to own. */
export const makerWords = (target: Id<TargetKind>, version: number): string =>
  isPublic(target) ? publicOwner(version) : "current_user";

/** Of what the owner is said: of a column's relation, also for the sequence that is beneath it or tied to it; else of the thing itself. */
function ownedAs(target: Id<TargetKind>, all: Index): readonly Id<TargetKind>[] {
  const tie = tieIn(all, target);
  const bearer = target.kind === "sequence" ? bearerOf(target, all) : null;
  const part = tie
    ? ({ kind: "column", ...tie.attributes.column } as const)
    : bearer?.kind === "column"
      ? bearer
      : target;
  return part.kind === "column" ? relationsNamed({ schema: part.schema, name: part.table }) : [part];
}
/** The role that is said to own a thing; null: whoever made it. */
export function ownerIn(all: Index, target: Id<TargetKind>): string | null {
  for (const t of ownedAs(target, all)) {
    const o = all.get(encode({ kind: "owner", target: t }));
    if (o && isKind(o, "owner")) return o.attributes.role;
  }
  return null;
}
/** The role that a wanted thing belongs to, said or not; null: whoever will make it. */
export function ownerAt(target: Id<TargetKind>, { me, owners, from, to }: Standing): string | null {
  if (target.kind === "database") return owners.database;
  const said = ownerIn(to, target);
  if (said !== null) return said;
  if (isPublic(target)) return owners.publicSchema;
  // What is there and nobody else's is who is connected's, and so is what comes to what is.
  return [target, ...ownedAs(target, to)].some((t) => from.has(encode(t))) ? me : null;
}
