/** Constraints as members of a table's text. `name` null: the one that Postgres would make up. */
import type {
  ActionNode,
  CheckNode,
  ExcludeNode,
  ForeignKeyNode,
  PrimaryKeyNode,
  UniqueNode,
} from "../../../grammar/declarations.ts";
import type { DbObject, ReferentialAction } from "../../model/objects.ts";
import { describeDeferrable, describeKeys } from "./keys.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./nodes.ts";
import { describeOptionList } from "./options.ts";
import { describeUniqueKey } from "./uniqueKeys.ts";
import { name as nameText } from "../../sql.ts";

const head = (
  name: string | null,
  doc: string | null,
): { name: ReturnType<typeof nameNode> | null; doc: string | null; span: typeof nowhere } => ({
  name: name === null ? null : nameNode(name),
  doc,
  span: nowhere,
});

export const describePrimaryKey = (
  o: DbObject<"primaryKey">,
  name: string | null,
  doc: string | null,
): PrimaryKeyNode => ({
  kind: "primaryKey",
  ...head(name, doc),
  ...describeUniqueKey(o.attributes),
});

export const describeUnique = (o: DbObject<"unique">, name: string | null, doc: string | null): UniqueNode => ({
  kind: "unique",
  ...head(name, doc),
  ...describeUniqueKey(o.attributes),
  nullsNotDistinct: o.attributes.nullsNotDistinct,
});

const actionNode = (action: ReferentialAction, columns: readonly string[] = []): ActionNode | null =>
  action === "no action" ? null : { action, columns: columns.map(nameNode) };

export const describeForeignKey = (
  o: DbObject<"foreignKey">,
  name: string | null,
  doc: string | null,
): ForeignKeyNode => {
  const a = o.attributes;
  return {
    kind: "foreignKey",
    ...head(name, doc),
    columns: a.columns.map(nameNode),
    references: qualifiedNode(a.references),
    referencedColumns: a.referencedColumns.map(nameNode),
    period: a.period,
    match: a.match === "simple" ? null : a.match,
    onDelete: actionNode(a.onDelete, a.onDeleteColumns),
    onUpdate: actionNode(a.onUpdate),
    deferrable: describeDeferrable(a.deferrable),
    notValid: !a.validated && a.enforced,
    notEnforced: !a.enforced,
  };
};

export const describeCheck = (o: DbObject<"check">, name: string | null, doc: string | null): CheckNode => ({
  kind: "check",
  ...head(name, doc),
  expression: fragmentNode(o.attributes.expression),
  noInherit: o.attributes.noInherit,
  notValid: !o.attributes.validated && o.attributes.enforced,
  notEnforced: !o.attributes.enforced,
});

export const describeExclude = (o: DbObject<"exclude">, name: string | null, doc: string | null): ExcludeNode => {
  const a = o.attributes;
  const keys = describeKeys(a.elements.map((e) => e.key));
  return {
    kind: "exclude",
    ...head(name, doc),
    method: nameNode(a.method),
    elements: a.elements.map((e, i) => ({
      key: keys[i]!,
      operator: {
        text:
          e.operator.schema === "pg_catalog"
            ? e.operator.name
            : `operator(${nameText(e.operator.schema)}.${e.operator.name})`,
        span: nowhere,
      },
    })),
    include: a.include.map(nameNode),
    where: a.where && fragmentNode(a.where),
    deferrable: describeDeferrable(a.deferrable),
    options: describeOptionList(a.options),
    tablespace: a.tablespace === null ? null : nameNode(a.tablespace),
  };
};
