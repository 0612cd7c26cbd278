/**
 * What has no declaration of its own: SQL that makes it, and SQL that takes it away. What was made is remembered in the database
 * itself, by a domain of the block's name in the ledger's schema whose comment holds both texts.
 */
import type { StatementsNode } from "../../grammar/nodes.ts";
import type { DbObject, Fragment } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { bytes, literal, maxNameBytes, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { checkBlock } from "./parts/blockTexts.ts";
import { json, text } from "./parts/catalog.ts";
import { nowhere } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

type Block = DbObject<"sqlBlock">;
const markers = "schemac";
/** What the ledger calls its tables, each of which is a type too. */
const ofLedger: ReadonlySet<string> = new Set(["meta", "revision", "step", "event"]);
/** The domain's name, which is kept as it is where it was made before. */
const markerName = (o: Block): string =>
  o.facts?.["marker"] ?? (ofLedger.has(o.id.name) ? `sql ${o.id.name}` : o.id.name);
const marker = (o: Block): string => qualified({ schema: markers, name: markerName(o) });
/** As it stands in the comment. */
interface Kept {
  readonly create: string;
  readonly drop: string | null;
  readonly path: readonly string[];
  /** The block's name, where the domain has another. */
  readonly name?: string;
}
function remember(o: Block, domain = marker(o)): Action {
  const { create, drop } = o.attributes;
  const named = markerName(o) === o.id.name ? {} : { name: o.id.name };
  const kept: Kept = { create: create.sql, drop: drop && drop.sql, path: create.path, ...named };
  return action(`comment on domain ${domain} is ${literal(JSON.stringify(kept)).trimStart()}`);
}
const run = (f: Fragment): Action => action(f.sql, { path: f.path });
const verbatim = (sql: string, path: readonly string[]): Fragment => ({ sql, path, canonical: sql });

export const sqlBlocks: Room<"sqlBlock"> = {
  kind: "sqlBlock",
  owner: () => null,
  needs: () => [],
  occupies: (o) => [`sql block ${o.id.name}`, `marker ${marker(o)}`],
  evaluates: () => false,
  observe: {
    sql: () => `
select t.typname::text as name, d.description as texts, '[]' as addresses
from pg_type t
join pg_namespace n on n.oid = t.typnamespace and n.nspname = '${markers}'
join pg_description d on d.classoid = 'pg_type'::regclass and d.objoid = t.oid and d.objsubid = 0
where t.typtype = 'd' and d.description like '{"create":%'
order by 1`,
    read: (row) => {
      const { create, drop, path, name } = json<Kept>(row, "texts");
      const marker = text(row, "name");
      return {
        id: { kind: "sqlBlock", name: name ?? marker },
        attributes: { create: verbatim(create, path), drop: drop === null ? null : verbatim(drop, path) },
        needs: [],
        ...(ofLedger.has(name ?? marker) ? { facts: { marker } } : {}),
      };
    },
  },
  create: (o) => [
    run(o.attributes.create),
    action(`create schema if not exists ${markers}`),
    action(`create domain ${marker(o)} as text`),
    remember(o),
  ],
  drop: (o) => [
    ...(o.attributes.drop === null ? [] : [run(o.attributes.drop)]),
    action(
      `drop domain ${marker(o)}`,
      o.attributes.drop === null
        ? {
            hazards: [
              {
                code: "irreversible",
                on: o.id,
                detail: "Nothing says how it is undone; what it made stays, and is only forgotten.",
              },
            ],
          }
        : {},
    ),
  ],
  change: {
    create: () => "replace",
    // The domain that is there stays, whichever side knows of it.
    drop: (from, to) => quietly(remember(to, marker(from.facts ? from : to))),
  },
  describe: (o) => ({
    at: "file",
    declaration: {
      kind: "sql",
      name: { text: o.id.name, quoted: true, span: nowhere },
      create: { text: o.attributes.create.sql, form: "statements", span: nowhere },
      drop: o.attributes.drop === null ? null : { text: o.attributes.drop.sql, form: "statements", span: nowhere },
      after: [],
      doc: null,
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareSql: DeclareFile<"sql"> = (d, declare) => {
  const { name } = d;
  if (bytes(name.text) > maxNameBytes || name.text === "")
    declare.report(
      problem(
        "name-too-long",
        name.span,
        `The name of a block has 1 to ${maxNameBytes} bytes; this one has ${bytes(name.text)}.`,
      ),
    );
  const kept = (f: StatementsNode): Fragment => {
    declare.check(f, ["", ""]);
    // All schemas are declared by then.
    declare.afterwards(0, () => checkBlock(f, declare));
    return verbatim(f.text, declare.path);
  };
  declare.add(
    {
      id: { kind: "sqlBlock", name: name.text },
      attributes: { create: kept(d.create), drop: d.drop && kept(d.drop) },
      needs: d.after.flatMap((n) => declare.named(n)),
    },
    name.span,
  );
};
