/** Columns that a query names and that none of its tables has are told, and nothing else is. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";

const tables = `
schema app
mixin times { made timestamptz }
table app.customer with times {
  id bigint primary key
  name text
  "Odd Name" text
}
table app.orders {
  id bigint primary key
  buyer bigint
  total numeric
}
type app.kind_of { number int }
table app.typed of app.kind_of { number int }
`;
async function told(text: string) {
  const source = tables + text;
  const { declarations, problems } = parse("t.schema", source);
  const declared = await declare(declarations, { version: 180000 });
  return [...problems, ...declared.problems].map(
    (p) => `${p.code} ${source.slice(p.span.start, p.span.end)} → ${p.fix ?? ""}`,
  );
}
const inView = (query: string): string => `\nview app.v as $$ ${query} $$\n`;

const wrong: readonly (readonly [query: string, ...said: string[]])[] = [
  ["select nme from app.customer", "nme → name"],
  ["select c.nme from app.customer c", "nme → name"],
  ["select customer.nme from customer", "nme → name"],
  ['select c . "odd Name" from customer as c', '"odd Name" → "Odd Name"'],
  ["select mad from customer", "mad → made"],
  ["select c.buyer from customer c join orders o on o.buyr = c.id", "buyer → ", "buyr → buyer"],
  ["select 1 from customer where exists (select from orders where buyer = customer.idd)", "idd → id"],
  ["select (select totl from orders where buyer = c.id) from customer c", "totl → total"],
  ["select name from customer union select nme from customer order by name", "nme → name"],
  ["select name as n from customer group by n, idd", "idd → id"],
  ["with x as (select totl from orders) select * from x", "totl → total"],
  ["select o.totl from orders o, generate_series(1, o.id) g", "totl → total"],
  ["select s.n, o.totl from (select 1 as n) s join orders o on true", "totl → total"],
  ["select numbr from typed", "numbr → number"],
  ["select (select max(total) from orders) from customer order by mex", "mex → "],
  ["select t.* from typed t order by numbr", "numbr → number"],
  ["select 'é字🙂', nme, 'é字🙂' as x, mad from customer", "nme → name", "mad → made"],
  ["select sum(total) over (partition by buyr) from orders", "buyr → buyer"],
];
test.each(wrong)("%s", async (query, ...said) => {
  expect(await told(inView(query))).toEqual(said.map((s) => `unknown-column ${s}`));
});

const inBody = (statements: string): string =>
  `\nfunction app.f(who app.customer, much numeric, out sum numeric) returns numeric language sql begin atomic $$ ${statements} $$\n`;
const wrongInBody: readonly (readonly [statements: string, ...said: string[]])[] = [
  ["select totl from app.orders where buyer = who.id and total > much;", "totl → total"],
  ["insert into app.orders (id, buyr) values (1, 2) returning totl;", "buyr → buyer", "totl → total"],
  ["update app.orders o set totl = total + f.much where o.buyr = (f.who).id;", "totl → total", "buyr → buyer"],
  [
    "insert into app.orders (id) values (1) on conflict (id) do update set total = excluded.totl where buyr > 1;",
    "totl → total",
    "buyr → buyer",
  ],
  ["delete from app.orders using app.customer c where buyr = c.idd;", "buyr → buyer", "idd → id"],
  [
    "merge into app.orders o using app.customer c on o.buyr = c.id when matched then update set totl = 1;",
    "totl → total",
    "buyr → buyer",
  ],
];
test.each(wrongInBody)("%s", async (statements, ...said) => {
  expect((await told(inBody(statements))).sort()).toEqual(said.map((s) => `unknown-column ${s}`).sort());
  const late = inBody(statements).replace("begin atomic", "as");
  expect((await told(late)).sort()).toEqual(said.map((s) => `missing-in-body ${s}`).sort());
});

const rightInBody: readonly string[] = [
  "select total, much, sum, f.much, who.name from app.orders where buyer = who.id;",
  "insert into app.orders select id, much from app.customer;",
  "insert into app.orders (id) values (1) on conflict (id) do update set total = excluded.total, buyer = orders.id;",
  "update app.orders set total = much returning id, total;",
];
test.each(rightInBody)("%s", async (statements) => {
  expect(await told(inBody(statements))).toEqual([]);
  expect(await told(inBody(statements).replace("begin atomic", "as"))).toEqual([]);
});

test("what a text stands in may have the name", async () => {
  const table = (inside: string): string => `\ntable app.note {\n  id int primary key\n  author bigint\n${inside}\n}\n`;
  const policy = (using: string): string => table(`  policy p for select using (${using})`);
  expect(await told(policy("exists (select from app.customer c where c.id = author and note.id > 1)"))).toEqual([]);
  expect(await told(policy("exists (select from app.customer c where c.id = auther)"))).toEqual([
    "unknown-column auther → author",
  ]);
  expect(await told(policy("author in (select idd from app.customer)"))).toEqual(["unknown-column idd → id"]);
  const rule = (action: string): string => table(`  rule r on insert do also $$ ${action} $$`);
  expect(await told(rule("update app.orders set total = new.id where buyer = new.author"))).toEqual([]);
  expect(await told(rule("update app.orders set totl = new.id"))).toEqual(["unknown-column totl → total"]);
});

const right: readonly string[] = [
  'select "Odd Name", made, tableoid, c.ctid from customer c',
  "select c, customer from customer c, customer",
  "select count(c), c.count, c.shown from customer c",
  "select name as label from customer order by label",
  "select lower(name) from customer group by lower order by lower",
  "select id as a from customer union select id from orders order by a",
  "select g from generate_series(1, 2) g",
  "select anything from json_to_record('{}') as x(anything int), customer",
  "select x.whatever from unknown_elsewhere x",
  "select whatever from information_schema.columns, customer",
  "select b from (select id as b from customer) s, orders",
  "with recursive x as (select id as b from customer union select b + 1 from x) select b, x.b from x",
  "select a, b from customer as c(a, b, d, e)",
  "select j.anything from (customer c join orders o using (id)) as j",
  "select id, k.id from customer join orders using (id) as k",
  "select t.number from typed t",
  "select u.n from customer, unnest(array[1]) with ordinality as u(v, n)",
  "select w.c from customer, xmltable('/a' passing '<a/>' columns c text) w",
  "select t.id from customer t for update of t",
  "select (c.made).anything from customer c",
  "select n from customer, lateral (select name as n) l",
  "select count(*) filter (where total > 1) from orders window w as (order by buyer)",
  "select (select max(total) from orders) from customer order by max",
  "select (select total as top from orders limit 1) from customer order by top",
  "select (select name from customer c where c.id = buyer) from orders order by name",
  "select (select name from customer union select 'x' limit 1)::text from orders order by name",
  "select case when true then 1 else (select max(number) from typed) end from orders order by max",
  "select (select t.* from typed t limit 1) from orders order by number",
  "select (values (1)) from orders order by column1",
  'select 1 from customer order by "?column?"',
  'select (select 1) from customer order by "?column?"',
  "select (values (total) order by column1 limit 1) from orders",
];
test.each(right)("%s", async (query) => {
  const shown = "\nfunction app.shown(of app.customer) returns text language sql as $$ select 'x' $$\n";
  expect(await told(inView(query) + shown)).toEqual([]);
});

const inPlpgsql = (body: string): string =>
  `\nfunction app.f(who app.customer, much numeric, out sum numeric) language plpgsql as $$\ndeclare\n  o app.orders;\n  here bigint;\n  c cursor (k bigint) for select id from app.orders where buyer = k;\nbegin\n  ${body}\nend\n$$\n`;
const wrongInPlpgsql: readonly (readonly [body: string, ...said: string[]])[] = [
  ["select total into much from app.orders where buyr = here;", "buyr → buyer"],
  [
    "for o in select x.totl from app.orders x join app.customer cc on cc.idd = x.id loop null; end loop;",
    "totl → total",
    "idd → id",
  ],
  ["update app.orders set totl = much where id = here returning totl into sum;", "totl → total"],
  ['for o in select * from app.orders where "Buyer" > 1 loop perform 1; end loop;', "Buyer → buyer"],
  ["if exists (select from app.customer where nme = 'x') then raise notice 'x'; end if;", "nme → name"],
];
test.each(wrongInPlpgsql)("in plpgsql: %s", async (body, ...said) => {
  expect(await told(inPlpgsql(body))).toEqual(said.map((s) => `missing-in-body ${s}`));
});
const rightInPlpgsql: readonly string[] = [
  "select o.total, here, much, who.name, sum into o.total, here from app.orders where buyer = f.much;",
  "for r in select id as a, name from app.customer loop raise notice '%', r.a; end loop;",
  "select count(*) into strict here from app.orders where id = $2 and found and total > coalesce(sum, 0);",
  "create temp table x as select id as a from app.orders; select a into here from x;",
  "select s.n into here from (select id as n from app.orders) s where s.n > 1 order by n;",
  "execute format('select nothing from %I', 'x'); update app.orders o set total = o.total + 1 where o.id = who.id;",
  "begin perform 1; exception when others then insert into app.customer (id, name) values (1, sqlerrm); end;",
];
test.each(rightInPlpgsql)("in plpgsql nothing is told of: %s", async (body) => {
  expect(await told(inPlpgsql(body))).toEqual([]);
});
