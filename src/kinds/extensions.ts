/** Extensions: their schema and version; what they contain is theirs. plpgsql, which every database starts with, is none. */
import type { DbObject } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { literal, name } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { alwaysThere } from "./parts/builtIn.ts";
import { address, text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

/** Whether the server has no scripts that lead from its new version back to the old one. */
const staysUpdated = (o: DbObject<"extension">): boolean => o.facts?.["returns"] === "false";

export const extensions: Room<"extension"> = {
  kind: "extension",
  owner: () => null,
  needs: (o) => inSchema(o.attributes.schema),
  provides: "others",
  occupies: (o) => [`extension ${o.id.name}`],
  evaluates: () => false,
  observe: {
    // Some extensions can live in pg_catalog only; they are managed like those of a managed schema.
    sql: (schemas) => `
select x.extname as name, n.nspname as schema, x.extversion as version, x.extrelocatable::text as relocatable, ${address("pg_extension", "x.oid")} as addresses
from pg_extension x
join pg_namespace n on n.oid = x.extnamespace
where x.extname <> '${alwaysThere}' and ((${schemas}) or n.nspname = 'pg_catalog') and n.oid <> pg_my_temp_schema()
order by x.extname`,
    read: (row) => ({
      id: { kind: "extension", name: text(row, "name") },
      attributes: { schema: text(row, "schema"), version: text(row, "version") },
      needs: [],
      facts: { relocatable: text(row, "relocatable") },
    }),
  },
  create: (o) => [
    action(
      `create extension ${name(o.id.name)} schema ${name(o.attributes.schema)}` +
        (o.attributes.version === null ? "" : ` version ${literal(o.attributes.version)}`),
    ),
  ],
  drop: (o) => [
    action(`drop extension ${name(o.id.name)}`, {
      hazards: [
        {
          code: "data-loss",
          on: o.id,
          detail: `Everything that the extension ${o.id.name} keeps in tables of its own is lost.`,
        },
      ],
    }),
  ],
  refuses: (from, to) => {
    if (!to) return null;
    const [was, is] = [from.attributes, to.attributes];
    if (was.schema !== is.schema && from.facts?.["relocatable"] === "false")
      return "as its control file says, it stays in the schema that it was made in";
    return was.version !== is.version && to.facts?.["updates"] === "false"
      ? `the server has no scripts that lead from version ${was.version} to ${is.version}`
      : null;
  },
  change: {
    schema: (_, to) => quietly(action(`alter extension ${name(to.id.name)} set schema ${name(to.attributes.schema)}`)),
    version: (from, to) =>
      to.attributes.version === null
        ? quietly()
        : quietly(
            action(`alter extension ${name(to.id.name)} update to ${literal(to.attributes.version)}`, {
              hazards: staysUpdated(to)
                ? [
                    {
                      code: "irreversible",
                      on: to.id,
                      detail: `No scripts lead back to version ${from.attributes.version}, so the way back leaves version ${to.attributes.version}.`,
                    },
                  ]
                : [],
            }),
          ),
  },
  // It leaves a schema that goes, with all that stands on it.
  letsGo: (_, to, need) =>
    inSchema(to.attributes.schema).some((n) => same(n, need)) ? null : { before: [], after: [] },
  comesBack: (to, from) =>
    staysUpdated(from) ? { ...to, attributes: { ...to.attributes, version: from.attributes.version } } : to,
  adopt: (to, from) =>
    to.attributes.version === null ? { ...to, attributes: { ...to.attributes, version: from.attributes.version } } : to,
  // The version is left out: a text says one only to pin it.
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "extension",
      name: nameNode(o.id.name),
      version: null,
      into: o.attributes.schema === "public" ? null : nameNode(o.attributes.schema),
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareExtension: DeclareFile<"extension"> = (d, declare) => {
  // Whoever says it says what is so anyway.
  if (d.name.text === alwaysThere) return;
  const id = { kind: "extension", name: declare.name(d.name) } as const;
  const schema = d.into ? declare.name(d.into) : "public";
  declare.add({ id, attributes: { schema, version: d.version }, needs: [] }, d.name.span);
  declare.comment(id, d.doc, d.span);
};
