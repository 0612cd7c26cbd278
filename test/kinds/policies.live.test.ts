import { walkPairs, type Pair } from "./pairs.ts";

const nasty = `"It's ""p"" \\ 名"`;
const base = `create table members (id int primary key, org int); create table t (a int primary key, b text, owner text default current_user)`;
const pair = (title: string, before: string, after: string, more: Partial<Pair> = {}): Pair => ({
  title,
  before: `${base}; ${before}`,
  after: `${base}; ${after}`,
  ...more,
});
const roles = "do $$ begin create role reader; exception when duplicate_object or unique_violation then null; end $$";

const pairs: readonly Pair[] = [
  pair("row level security", "", "alter table t enable row level security"),
  pair(
    "row level security is forced",
    "alter table t enable row level security",
    "alter table t enable row level security; alter table t force row level security",
  ),
  pair(
    "forced without being enabled",
    "alter table t enable row level security",
    "alter table t force row level security",
  ),
  pair("a policy that says nothing", "", "create policy p on t"),
  pair(
    "policies of every sort",
    "",
    `create policy "all" on t using (a > 0) with check (a > 1); create policy s on t as restrictive for select using (owner = current_user);
     create policy i on t for insert with check (b <> ''); create policy u on t for update to public using (true) with check (false);
     create policy d on t for delete using (a in (1, 2)); create policy ${nasty} on t using (b = 'it''s \\ "x"')`,
  ),
  pair(
    "roles",
    `${roles}; create policy p on t to reader using (true)`,
    `${roles}; create policy p on t to reader, pg_monitor, postgres using (true); create policy q on t to current_user using (true)`,
  ),
  pair("a condition", "create policy p on t using (a > 0)", "create policy p on t using (a > 1)"),
  pair(
    "a check",
    "create policy p on t using (a > 0)",
    "create policy p on t using (a > 0) with check (b is not null)",
  ),
  pair(
    "everything but the name",
    "create policy p on t using (a > 0)",
    "create policy p on t as restrictive for update using (a > 2)",
  ),
  pair(
    "a condition over other tables",
    "create policy p on t using (a in (select id from members))",
    "create policy p on t using (exists (select 1 from members m where m.id = t.a and m.org > 1))",
  ),
  pair(
    "with the column that it looks at",
    "create policy p on t using (a > 0)",
    "alter table t add c int; create policy p on t using (a > c)",
  ),
  {
    title: "a column of another type under it",
    before: `${base}; create policy p on t using (exists (select from members where id = a and org = 1)); comment on policy p on t is 'kept'; alter table t enable row level security`,
    after: `create table members (id bigint primary key, org bigint); create table t (a bigint primary key, b text, owner text default current_user);
      create policy p on t using (exists (select from members where id = a and org = 1)); comment on policy p on t is 'kept'; alter table t enable row level security`,
  },
  {
    title: "all that a secured table has, gone with it",
    before: `${base}; create policy p on t using (a > 0); alter table t enable row level security`,
    after: "create table members (id int primary key, org int)",
  },
];
walkPairs(pairs);
