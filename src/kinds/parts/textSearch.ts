/** What the four kinds of text search have in common. */
import type { FunctionName } from "../../model/objects.ts";
import type { QualifiedNode, Span } from "../../../grammar/nodes.ts";
import { problem } from "../../problems.ts";
import type { Declare } from "../room.ts";

/** A support function that was said, with the arguments that its place gives it; null: not said. */
export const supportFunction = (
  property: { readonly value: QualifiedNode } | null,
  parameters: readonly string[],
  declare: Declare,
): FunctionName | null => property && { ...declare.functionNamed(property.value).name, arguments: parameters };

/** One that must be said. What stands for it where it is not said is never used, because that is an error. */
export function neededFunction(
  property: { readonly value: QualifiedNode } | null,
  key: string,
  parameters: readonly string[],
  at: Span,
  declare: Declare,
): FunctionName {
  if (!property)
    declare.report(problem("invalid-option", at, `Say its function: \`${key}\` and a name, in the braces.`));
  return supportFunction(property, parameters, declare) ?? { schema: "pg_catalog", name: "", arguments: parameters };
}
