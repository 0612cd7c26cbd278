/** Pieces of declarations that were not read from a text but made from objects. */
import type { Name, QualifiedNode, FragmentNode, Span } from "../../../grammar/nodes.ts";
import type { Fragment, QualifiedName } from "../../model/objects.ts";

export const nowhere: Span = { file: "", start: 0, end: 0 };
export const nameNode = (text: string): Name => ({ text, quoted: !/^[a-z_][a-z0-9_$]*$/.test(text), span: nowhere });
export const qualifiedNode = (n: QualifiedName): QualifiedNode => ({
  schema: nameNode(n.schema),
  name: nameNode(n.name),
  span: nowhere,
});
/** For a declaration, whose schema stands beside it. */
export const ownNode = (name: string): QualifiedNode => ({ schema: null, name: nameNode(name), span: nowhere });
/** As it is to be written: read again, it comes back to the letter (see `deparsed` in text.ts). */
export const fragmentNode = (f: Fragment): FragmentNode => ({ text: f.sql, span: nowhere });
/** A property that was not read from a text. */
export const said = <T>(value: T | null): { readonly value: T; readonly span: Span } | null =>
  value === null ? null : { value, span: nowhere };
