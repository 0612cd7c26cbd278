/** Foreign data wrappers that no extension brings. All of one changes in place. */
import type { DbObject, Id, QualifiedName } from "../model/objects.ts";
import { name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, ofExtension, text, wholeDatabase, made } from "./parts/catalog.ts";
import {
  adoptOptions,
  changeOptions,
  createOptions,
  declareForeignOptions,
  describeForeignOptions,
  hintsOf,
  readForeignOptions,
} from "./parts/foreignOptions.ts";
import { nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

const alter = (o: DbObject<"foreignDataWrapper">): string => `alter foreign data wrapper ${name(o.id.name)}`;
const clause = (word: "handler" | "validator", f: QualifiedName | null): string =>
  f ? `${word} ${qualified(f)}` : `no ${word}`;
const change =
  (word: "handler" | "validator"): Change<"foreignDataWrapper"> =>
  (_, to) =>
    quietly(action(`${alter(to)} ${clause(word, to.attributes[word])}`));
/** What each is called with. */
const takes = { handler: [], validator: ["text[]", "oid"] } as const;
const needsOf = (o: DbObject<"foreignDataWrapper">, word: "handler" | "validator"): readonly Id[] => {
  const f = o.attributes[word];
  return f ? [{ kind: "function", ...f, arguments: takes[word] }] : [];
};

export const foreignDataWrappers: Room<"foreignDataWrapper"> = {
  kind: "foreignDataWrapper",
  owner: () => null,
  needs: (o) => [...needsOf(o, "handler"), ...needsOf(o, "validator")],
  occupies: (o) => [`foreign data wrapper ${o.id.name}`],
  evaluates: () => false,
  observe: {
    there: made("pg_foreign_data_wrapper"),
    sql: (schemas) => `
select w.fdwname as name, hn.nspname as handler_schema, h.proname as handler, vn.nspname as validator_schema, v.proname as validator,
  array_to_json(w.fdwoptions)::text as options, ${address("pg_foreign_data_wrapper", "w.oid")} as addresses
from pg_foreign_data_wrapper w
left join pg_proc h on h.oid = w.fdwhandler
left join pg_namespace hn on hn.oid = h.pronamespace
left join pg_proc v on v.oid = w.fdwvalidator
left join pg_namespace vn on vn.oid = v.pronamespace
where ${wholeDatabase(schemas)} and not ${ofExtension("pg_foreign_data_wrapper", "w.oid")}
order by 1`,
    read: (row) => {
      const named = (word: string): QualifiedName | null =>
        row[word] == null ? null : { schema: text(row, `${word}_schema`), name: text(row, word) };
      return {
        id: { kind: "foreignDataWrapper", name: text(row, "name") },
        attributes: {
          handler: named("handler"),
          validator: named("validator"),
          options: readForeignOptions(row["options"]),
        },
        needs: [],
      };
    },
  },
  create: (o) => {
    const { handler, validator } = o.attributes;
    const { text: options, hazards } = createOptions(o);
    return [
      action(
        `create foreign data wrapper ${name(o.id.name)}` +
          (handler ? ` ${clause("handler", handler)}` : "") +
          (validator ? ` ${clause("validator", validator)}` : "") +
          options,
        { hazards },
      ),
    ];
  },
  drop: (o) => [action(`drop foreign data wrapper ${name(o.id.name)}`)],
  change: {
    handler: change("handler"),
    validator: change("validator"),
    options: (from, to) => quietly(...changeOptions(from, to, alter(to), action)),
  },
  adopt: adoptOptions,
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "foreignDataWrapper",
      name: nameNode(o.id.name),
      was: null,
      handler: o.attributes.handler && qualifiedNode(o.attributes.handler),
      validator: o.attributes.validator && qualifiedNode(o.attributes.validator),
      options: describeForeignOptions(o.attributes.options, o.id.name),
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareForeignDataWrapper: DeclareFile<"foreignDataWrapper"> = (d, declare) => {
  const id = { kind: "foreignDataWrapper", name: declare.name(d.name) } as const;
  const { options, secrets } = declareForeignOptions(d.options, declare);
  const handler = d.handler && declare.functionNamed(d.handler);
  const validator = d.validator && declare.functionNamed(d.validator);
  declare.add(
    {
      id,
      attributes: { handler: handler?.name ?? null, validator: validator?.name ?? null, options },
      needs: [...(handler?.needs ?? []), ...(validator?.needs ?? [])],
      ...hintsOf(d.was, secrets),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
