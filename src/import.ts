/** A database → the declarations that describe it, and the files to put them in. */
import type { Declaration, Member } from "../grammar/declarations.ts";
import type { DbObject, Id, Kind } from "./model/objects.ts";
import { type Database, type Index, indexOf, type Observation, ofKind } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { roomOf, rooms } from "./kinds/rooms.ts";
import { ownPart } from "./kinds/silence.ts";
import type { Describe, Described } from "./kinds/room.ts";

/** Declarations of everything that is modelled, in the order of the database. */
export function describeDatabase({
  database: whole,
  version,
}: Pick<Observation, "database" | "version">): readonly Declaration[] {
  const database = ownPart(whole);
  const all = indexOf(database);
  const children = childrenIn(database.objects, all);
  const of = (id: Id): readonly DbObject[] => children.get(encode(id)) ?? [];
  // A member is asked for by its table too.
  const described = new Map<DbObject, Described>();
  const describeOne = (o: DbObject): Described => {
    let d = described.get(o);
    if (!d) described.set(o, (d = roomOf(o.id.kind).describe(o, describe)));
    return d;
  };
  const describe: Describe = {
    all,
    version,
    children: of,
    members: (id) =>
      of(id).flatMap((o): Member[] => {
        const d = describeOne(o);
        return d.at === "member" ? [d.member] : [];
      }),
    comment: (target) => {
      const found = all.get(encode({ kind: "comment", target }));
      return found && "text" in found.attributes ? found.attributes.text : null;
    },
  };
  const single = database.objects.flatMap((o) => {
    const d = describeOne(o);
    return d.at === "file" ? [d.declaration] : [];
  });
  return [...single, ...(Object.keys(rooms) as Kind[]).flatMap((kind) => gathered(kind, database, describe))];
}
const gathered = <K extends Kind>(kind: K, database: Database, describe: Describe): readonly Declaration[] =>
  roomOf(kind).gather?.(ofKind(database, kind), describe) ?? [];

function childrenIn(objects: readonly DbObject[], all: Index): ReadonlyMap<string, readonly DbObject[]> {
  const out = new Map<string, DbObject[]>();
  for (const o of objects) {
    const owner = roomOf(o.id.kind).owner(o, all);
    if (!owner) continue;
    const key = encode(owner);
    const list = out.get(key);
    if (list) list.push(o);
    else out.set(key, [o]);
  }
  return out;
}

/** What may belong to no schema has files of its own. */
const apart: { readonly [K in Declaration["kind"]]?: string } = {
  extension: "extensions",
  role: "roles",
  owner: "roles",
  grant: "roles",
  revoke: "roles",
  defaultPrivileges: "roles",
  securityLabel: "roles",
  database: "roles",
  publication: "replication",
  subscription: "replication",
  eventTrigger: "event_triggers",
  foreignDataWrapper: "foreign",
  server: "foreign",
  userMapping: "foreign",
};
/** From this many tables on, a schema gets a folder with a file per table. */
const manyTables = 60;

export interface ImportedFile {
  /** Relative to the schema folder, with forward slashes. */
  readonly path: string;
  readonly declarations: readonly Declaration[];
}

/** The declarations by file: one a schema, or a folder with one a table where there are many. Names are unique also where case does not count. */
export function importFiles(declarations: readonly Declaration[]): readonly ImportedFile[] {
  const bySchema = new Map<string, Declaration[]>();
  for (const d of declarations) {
    const file = d.kind === "extension" || d.schema === null ? apart[d.kind] : undefined;
    const key =
      file === undefined
        ? `schema ${d.kind === "schema" ? d.name.text : (d.schema?.text ?? "public")}`
        : `file ${file}`;
    const list = bySchema.get(key);
    if (list) list.push(d);
    else bySchema.set(key, [d]);
  }
  const used = new Set<string>();
  const unique = (folder: string, name: string): string => {
    const base =
      folder +
      (name
        .replace(/[^\p{L}\p{N}_.-]+/gu, "_")
        .replace(/^\.+/, "_")
        .slice(0, 80) || "_");
    for (let i = 1; ; i++) {
      const path = `${base}${i > 1 ? `_${i}` : ""}.schema`;
      if (used.has(path.toLowerCase())) continue;
      used.add(path.toLowerCase());
      return path;
    }
  };
  const files: ImportedFile[] = [];
  for (const [key, list] of bySchema) {
    const name = key.slice(key.indexOf(" ") + 1);
    if (list.filter((d) => d.kind === "table").length < manyTables) {
      files.push({ path: unique("", name), declarations: list });
      continue;
    }
    const byTable = new Map<string, Declaration[]>();
    for (const d of list) {
      const table =
        d.kind === "table" ? d.name.name.text : d.kind === "sequence" ? (d.ownedBy?.table.name.text ?? "") : "";
      const group = byTable.get(table);
      if (group) group.push(d);
      else byTable.set(table, [d]);
    }
    const folder = unique("", name).replace(/\.schema$/, "/");
    for (const [table, group] of byTable)
      files.push({ path: unique(folder, table || `${name}_types`), declarations: group });
  }
  return files;
}
