/** `index x of y`: what a partition says of an index that it has because the table above has it. */
import { goesUnsaid } from "./partLayout.ts";
import { type IndexPart } from "./partOf.ts";
import { nameNode, nowhere } from "./nodes.ts";
import { describeOptionList } from "./options.ts";
import type { Describe, Described } from "../room.ts";

export function describePart(o: IndexPart, describe: Describe): Described {
  const doc = describe.comment(o.id);
  if (doc === null && goesUnsaid(o, describe.all)) return { at: "owner" };
  const { partOf, options, tablespace } = o.attributes;
  return {
    at: "member",
    member: {
      kind: "index",
      name: nameNode(o.id.name),
      was: null,
      dependsOn: [],
      of: nameNode(partOf?.name ?? ""),
      only: "only" in o.attributes && o.attributes.only,
      unique: false,
      nullsNotDistinct: false,
      method: null,
      keys: [],
      include: [],
      where: null,
      options: describeOptionList(options),
      tablespace: tablespace === null ? null : nameNode(tablespace),
      doc,
      span: nowhere,
    },
  };
}
