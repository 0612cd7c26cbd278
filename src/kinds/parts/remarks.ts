/** `comment … on …`, at file level: of what has no place of its own, because it comes with something else. */
import type { RemarkDeclaration } from "../../../grammar/declarations.ts";
import { type Index, isKind } from "../../model/database.ts";
import { describeId, encode } from "../../model/id.ts";
import type { DbObject, Id, TargetKind } from "../../model/objects.ts";
import { problem, type Span } from "../../problems.ts";
import { name as quoteName } from "../../sql.ts";
import type { Declare, DeclareFile } from "../room.ts";
import { bearerOf, constraintOn } from "./bearers.ts";
import { nameNode, nowhere, ownNode } from "./nodes.ts";

const onTables = ["primaryKey", "unique", "exclude", "foreignKey", "check"] as const;
type Placeless = Id<"constraint" | "index" | "sequence" | (typeof onTables)[number]>;
export function isPlaceless(target: Id<TargetKind>, all: Index): target is Placeless {
  if (target.kind === "constraint") return true;
  if (!["index", "sequence", ...onTables].includes(target.kind)) return false;
  const on = all.get(encode(target));
  return !on || comesFromAbove(on);
}
/** A partition's foreign key that the partitioned table says. */
const comesFromAbove = (o: DbObject): boolean => isKind(o, "foreignKey") && o.attributes.partOf !== null;

export function describeRemark(target: Placeless, words: string): RemarkDeclaration {
  const common = { kind: "remark", text: words, doc: null, schema: nameNode(target.schema), span: nowhere } as const;
  const name = nameNode(target.name);
  switch (target.kind) {
    case "index":
    case "sequence":
      return { ...common, target: { is: target.kind, name: ownNode(target.name) } };
    case "constraint":
      return { ...common, target: { is: "constraint", name, of: target.of, host: ownNode(target.host) } };
    case "primaryKey":
    case "unique":
    case "exclude":
    case "foreignKey":
    case "check":
      return { ...common, target: { is: "constraint", name, of: "table", host: ownNode(target.table) } };
  }
}

export const declareRemark: DeclareFile<"remark"> = (d, declare) => {
  declare.afterwards(5, () => {
    const all = declare.whole();
    const t = d.target;
    const named = t.is === "constraint" ? t.host : t.name;
    const found = (named.schema ? [named.schema.text] : declare.path).flatMap((schema) => meant(t, schema, all)).at(0);
    const own = found && all.get(encode(found));
    if (own && !own.implied)
      declare.report(
        problem("invalid-option", d.span, `A comment on the ${describeId(own.id)} stands with it.`, {
          help: "Write /// above the line that says it.",
        }),
      );
    else if (found) {
      const bearer = bearerOf(found, all);
      declare.add(
        { id: { kind: "comment", target: found }, attributes: { text: d.text }, needs: bearer ? [bearer] : [] },
        d.span,
      );
    } else unknown(t, d.span, declare);
  });
};

/** What a text can mean in this schema, the likeliest first. */
function meant(t: RemarkDeclaration["target"], schema: string, all: Index): readonly Id<TargetKind>[] {
  if (t.is === "constraint") return constraintsMeant(t, schema, all);
  const { text: name } = t.name.name;
  if (t.is === "sequence") {
    const id = { kind: "sequence", schema, name } as const;
    return all.has(encode(id)) || bearerOf(id, all) ? [id] : [];
  }
  return [...all.values()].flatMap(({ id }): Id<TargetKind>[] =>
    (id.kind === "index" || id.kind === "primaryKey" || id.kind === "unique" || id.kind === "exclude") &&
    id.schema === schema &&
    id.name === name
      ? [{ kind: "index", schema, table: id.table, name }]
      : [],
  );
}
function constraintsMeant(
  t: RemarkDeclaration["target"] & { is: "constraint" },
  schema: string,
  all: Index,
): readonly Id<TargetKind>[] {
  const [host, name] = [t.host.name.text, t.name.text];
  if (t.of === "domain") {
    const check = { kind: "domainCheck", schema, domain: host, name } as const;
    const domain = all.get(encode({ kind: "domain", schema, name: host }));
    if (all.has(encode(check))) return [check];
    return domain && isKind(domain, "domain") && domain.attributes.notNull
      ? [constraintOn({ kind: "domain", schema, name: host }, name)]
      : [];
  }
  const own = constraintOn({ kind: "table", schema, name: host }, name);
  return [
    ...onTables
      .map((kind): Id<TargetKind> => ({ kind, schema, table: host, name }))
      .filter((id) => all.has(encode(id))),
    ...(bearerOf(own, all) ? [own] : []),
  ];
}

function unknown(t: RemarkDeclaration["target"], span: Span, declare: Declare): void {
  if (t.is !== "constraint")
    return declare.report(
      problem("unknown-object", span, `There is no ${t.is} called ${quoteName(t.name.name.text)}.`),
    );
  declare.report(
    problem(
      "unknown-object",
      span,
      `${quoteName(t.host.name.text)} has no constraint called ${quoteName(t.name.text)}.`,
      declare.version < 180000 ? { help: "A not null is a constraint with a name from PostgreSQL 18 on." } : {},
    ),
  );
}
