/** Operators as others refer to them. */
import type { Id, OperatorName, QualifiedName } from "../../model/objects.ts";
import { type Database, indexOf, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { name, qualified } from "../../sql.ts";

/** Symbols of pg_catalog's operators that an index can stand on. */
export const usualOperators = new Set(
  "= <> < <= > >= && -|- << >> &< &> @> <@ ~= |>> <<| &<| |&> >>= <<= ? ?| ?& @@ ~ ~* ^@".split(" "),
);

/** `shop.===`; a name of pg_catalog needs no schema. */
export const operatorText = (n: QualifiedName): string =>
  n.schema === "pg_catalog" ? n.name : `operator(${name(n.schema)}.${n.name})`;
/** Where the grammar takes a qualified name itself. */
export const bareOperator = (n: QualifiedName): string => `${name(n.schema)}.${n.name}`;
export const operands = (o: OperatorName): string => `(${o.left ?? "none"}, ${o.right ?? "none"})`;

export const operatorId = (o: OperatorName): Id<"operator"> => ({
  kind: "operator",
  schema: o.schema,
  name: o.name,
  left: o.left,
  right: o.right,
});

/** A routine's text mentions the operators in it, whichever of a name it means. */
export function linkBodies(d: Database): Database {
  const named = new Map<string, Id<"operator">[]>();
  for (const o of d.objects)
    if (isKind(o, "operator"))
      for (const key of [o.id.name, qualified(o.id)]) {
        const list = named.get(key);
        if (list) list.push(o.id);
        else named.set(key, [o.id]);
      }
  if (!named.size) return d;
  return {
    objects: d.objects.map((o) => {
      const found = (o.hints?.operators ?? []).flatMap(
        ([schema, symbol]) => named.get(schema ? qualified({ schema, name: symbol }) : symbol) ?? [],
      );
      return found.length ? { ...o, mentions: [...(o.mentions ?? []), ...found] } : o;
    }),
  };
}

/** Postgres notes a commutator and a negator on both operators, whichever of them says it. */
export function linkOperators(d: Database): Database {
  const all = indexOf(d);
  const said = new Map<string, { commutator?: QualifiedName; negator?: QualifiedName }>();
  const tell = (of: OperatorName, what: "commutator" | "negator", other: QualifiedName): void => {
    const key = encode(operatorId(of));
    said.set(key, { ...said.get(key), [what]: { schema: other.schema, name: other.name } });
  };
  for (const o of d.objects) {
    if (!isKind(o, "operator")) continue;
    const { commutator, negator } = o.attributes;
    if (commutator) tell({ ...commutator, left: o.id.right, right: o.id.left }, "commutator", o.id);
    if (negator) tell({ ...negator, left: o.id.left, right: o.id.right }, "negator", o.id);
  }
  if (![...said.keys()].some((key) => all.has(key))) return d;
  return {
    objects: d.objects.map((o) => {
      const links = isKind(o, "operator") ? said.get(encode(o.id)) : undefined;
      if (!links || !isKind(o, "operator")) return o;
      const { commutator, negator } = o.attributes;
      return {
        ...o,
        attributes: {
          ...o.attributes,
          commutator: commutator ?? links.commutator ?? null,
          negator: negator ?? links.negator ?? null,
        },
      };
    }),
  };
}
