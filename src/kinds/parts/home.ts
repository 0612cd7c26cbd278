/** Where a declaration is at home. */
import type {
  Declaration,
  MixinDeclaration,
  PartitionDeclaration,
  TableDeclaration,
} from "../../../grammar/declarations.ts";
import type { Name, QualifiedNode } from "../../../grammar/nodes.ts";
import type { QualifiedName } from "../../model/objects.ts";

export const isTable = (d: Declaration): d is TableDeclaration | PartitionDeclaration =>
  d.kind === "table" || d.kind === "partition";

/** The schema that a declaration's unqualified names live in, and its table's name if it is one. */
export function home(d: Exclude<Declaration, MixinDeclaration>): {
  readonly schema: string;
  readonly table: string | null;
} {
  if (d.kind === "operatorDefinition" && d.form === "operator")
    return { schema: d.symbol.schema?.text ?? d.schema?.text ?? "public", table: null };
  // What lives in no schema still resolves names as its place in the text says.
  if (!("name" in d) || !("name" in d.name)) return { schema: d.schema?.text ?? "public", table: null };
  return { schema: ownName(d.name, d.schema).schema, table: isTable(d) ? d.name.name.text : null };
}

/** The name with the schema that it means. */
export const ownName = (n: QualifiedNode, schema: Name | null): QualifiedName => ({
  schema: n.schema?.text ?? schema?.text ?? "public",
  name: n.name.text,
});
