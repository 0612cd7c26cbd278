/** What import promises: the text of a database finds nothing to do there, and makes the same in an empty one. */
import { expect } from "vitest";
import type { Connection } from "../../src/run/connection.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, sqlOf } from "./said.ts";
import { differences } from "./ways.ts";

const inPublic = (column: string): string => `${column} = 'public'::regnamespace`;
/** Constraints and indexes as Postgres spells them, with whom they are from. Not nulls are constraints from 18 on. */
const defined = `select array[coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text), k.conname, pg_get_constraintdef(k.oid),
    k.conislocal::text, k.coninhcount::text, k.convalidated::text, (select u.conrelid::regclass || ' ' || u.conname from pg_constraint u where u.oid = k.conparentid)]::text as x
  from pg_constraint k where ${inPublic("k.connamespace")} and k.contype <> 't'
  union all
  select array[pg_get_indexdef(i.indexrelid), i.indisreplident::text, (select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = i.indexrelid)]::text
  from pg_index i join pg_class c on c.oid = i.indexrelid where ${inPublic("c.relnamespace")} order by 1`;
const definitions = async (c: Connection): Promise<readonly string[]> =>
  (await c.query(defined)).at(-1)!.rows.map((r) => r["x"]!);

/** Makes a database by plain SQL; its text, after that was tried. */
export async function expectAnew(major: number, sql: string): Promise<string> {
  let text = "";
  await onDatabase(major, async (c) => {
    await c.query(`set search_path = public; ${sql}; reset search_path`);
    const seen = await observe(c);
    text = await expectReadable(seen);
    expect(sqlOf(await planned(c, text)), text).toEqual([]);
    const wanted = await definitions(c);
    await onDatabase(major, async (other) => {
      await goAndReturn(other, text);
      expect(differences((await observe(other)).database, seen.database), text).toEqual([]);
      expect(await definitions(other), text).toEqual(wanted);
    });
  });
  return text;
}
