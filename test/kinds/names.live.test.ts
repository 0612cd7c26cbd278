import { expect, test } from "vitest";
import { chooseName, clip, indexColumnNames, makeObjectName, nameAddition } from "../../src/kinds/parts/names.ts";
import { bytes } from "../../src/sql.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { nastyName, random } from "./random.ts";

const q = (n: string): string => `"${n.replaceAll('"', '""')}"`;

/** In a schema: which names are taken, by relations and by constraints. */
class Taken {
  readonly relations = new Set<string>();
  readonly constraints = new Set<string>();
  relation(first: string, second: string | null, label: string, constraint: boolean): string {
    const made = chooseName(
      first,
      second,
      label,
      (n) => this.relations.has(n) || (constraint && this.constraints.has(n)),
    );
    this.relations.add(made);
    if (constraint) this.constraints.add(made);
    return made;
  }
  constraint(first: string, second: string | null, label: string): string {
    const made = chooseName(first, second, label, (n) => this.constraints.has(n));
    this.constraints.add(made);
    return made;
  }
}

test.each(testMajors)("names are made up as PostgreSQL %i makes them up", async (major) => {
  const seed = 77 + major;
  const r = random(seed);
  await onDatabase(major, async (c) => {
    await c.query("set client_min_messages = error");
    for (let round = 0; round < 50; round++) {
      const schema = `s${round}`;
      const taken = new Taken();
      const wanted: string[] = [];
      const sql = [`create schema ${schema}`];
      // Several tables in one schema, with names that collide once they are cut.
      const stem = nastyName(r, 63);
      for (let t = 0; t < 2; t++) {
        let table = t && r.chance(0.5) ? clip(stem, 60) + String(t) : nastyName(r, 63);
        while (taken.relations.has(table)) table = clip(table, 61) + String(r.below(90));
        taken.relations.add(table);
        const columns = [...new Set([nastyName(r, 63), clip(nastyName(r, 63), 62) + "1", nastyName(r, 20)])];
        const [a, b = a, z = a] = columns as [string, string?, string?];
        const at = `${schema}.${q(table)}`;
        sql.push(`create table ${at} (${columns.map((x) => `${q(x)} int not null`).join(", ")})`);
        // From 18 on, not-null constraints have names too, made up in the order of the columns.
        if (major >= 18) for (const x of columns) wanted.push(taken.constraint(table, x, "not_null"));
        sql.push(`alter table ${at} add primary key (${q(a)})`);
        wanted.push(taken.relation(table, null, "pkey", true));
        for (let i = 0; i < 2; i++) {
          sql.push(
            `alter table ${at} add unique (${q(a)}, ${q(b)}) include (${q(z)})`.replace(
              a === b ? `, ${q(b)})` : "\0",
              ")",
            ),
          );
          const keys = a === b ? [a, z] : [a, b, z];
          wanted.push(taken.relation(table, nameAddition(indexColumnNames(keys)), "key", true));
          sql.push(`alter table ${at} add check (${q(b)} > ${i})`);
          wanted.push(taken.constraint(table, b, "check"));
          sql.push(`alter table ${at} add check (true)`);
          wanted.push(taken.constraint(table, null, "check"));
          sql.push(`alter table ${at} add foreign key (${q(z)}) references ${at} (${q(a)})`);
          wanted.push(taken.constraint(table, nameAddition([z]), "fkey"));
          sql.push(
            `create index on ${at} (${q(b)}, ${q(b)}, abs(${q(a)}), abs(${q(b)}), (${q(a)} + 1), (${q(a)} + 2))`,
          );
          wanted.push(
            taken.relation(table, nameAddition(indexColumnNames([b, b, "abs", "abs", null, null])), "idx", false),
          );
          sql.push(`alter table ${at} add exclude (${q(a)} with =, (${q(b)} * 2) with =)`);
          wanted.push(taken.relation(table, nameAddition(indexColumnNames([a, null])), "excl", true));
        }
        const identity = clip(nastyName(r, 63), 60) + "id";
        if (columns.includes(identity)) continue;
        const chosen = taken.relation(table, identity, "seq", false);
        sql.push(`alter table ${at} add column ${q(identity)} int generated always as identity`);
        wanted.push(chosen);
        if (major >= 18) wanted.push(taken.constraint(table, identity, "not_null"));
      }
      await c.query(sql.join(";\n"));
      const answers =
        await c.query(`select conname as name from pg_constraint where connamespace = '${schema}'::regnamespace
        union select relname from pg_class where relnamespace = '${schema}'::regnamespace and relkind in ('i', 'S')`);
      const made = new Set(answers.at(-1)!.rows.map((row) => row["name"]));
      expect([...made].sort(), `seed ${seed}, round ${round}\n${sql.join(";\n")}`).toEqual([...new Set(wanted)].sort());
    }
  });
});

test("cutting", () => {
  expect(makeObjectName("a".repeat(63), "b", "key")).toBe("a".repeat(57) + "_b_key");
  expect(makeObjectName("a".repeat(63), "b".repeat(63), "key")).toBe("a".repeat(29) + "_" + "b".repeat(29) + "_key");
  expect(bytes(makeObjectName("字".repeat(21), "ü".repeat(31), "not_null"))).toBeLessThanOrEqual(63);
  expect(clip("a字b", 3)).toBe("a");
  expect(clip("a字b", 4)).toBe("a字");
  expect(indexColumnNames(["a", "a", "a1", null, null])).toEqual(["a", "a1", "a11", "expr", "expr1"]);
});
