import { walkPairs, type Pair } from "./pairs.ts";

const nasty = `"It's ""t"" \\ 名"`;
const base = `create table o (id int primary key); create table t (a int primary key, b text, "C c" int); create table log (n int, x text);
  create view v as select a, b from t; create materialized view m as select a from t; create unique index mi on m (a); create index ti on t (b)`;
/** Functions are made beforehand, and are there on both sides. */
const functions = `drop function if exists f() cascade; drop function if exists g() cascade;
  create function f() returns trigger language plpgsql as 'begin return new; end'; create function g() returns trigger language plpgsql as 'begin return null; end'`;
const pair = (title: string, before: string, after: string, more: Partial<Pair> = {}): Pair => ({
  title,
  before: `${base}; ${functions}; ${before}`,
  after: `${base}; ${functions}; ${after}`,
  ...more,
});
const trigger = (title: string, before: string, after: string, more: Partial<Pair> = {}): Pair =>
  pair(title, before && `create trigger x ${before}`, `create trigger x ${after}`, more);
const rule = (title: string, before: string, after: string): Pair =>
  pair(title, before && `create rule r as on ${before}`, `create rule r as on ${after}`);

const pairs: readonly Pair[] = [
  trigger("a trigger", "", "before insert on t for each row execute function f()"),
  pair(
    "triggers of every sort",
    "",
    `create trigger a before update of b, "C c" on t for each row when (new.a > 0 and old.b is distinct from new.b) execute function f('x', 1, 'it''s \\ "y"', '');
     create trigger b after truncate on t execute function g();
     create trigger c after update on t referencing old table as "Old rows" new table as n for each statement execute function g();
     create trigger ${nasty} instead of insert on v for each row execute function f();
     create trigger d after update on v execute function g();
     create constraint trigger e after insert on t deferrable initially deferred for each row when (new.a <> 5) execute function g();
     create constraint trigger h after update of a on t from o not deferrable initially immediate for each row execute function g();
     create trigger w before update on t for each row when (old.* is distinct from new.*) execute function f();
     comment on trigger a on t is 'why'; comment on trigger d on v is 'how'`,
  ),
  trigger(
    "its timing and level",
    "before update on t for each row execute function f()",
    "after update or insert on t execute function f('z')",
  ),
  trigger(
    "its function",
    "before update on t for each row execute function f()",
    "before update on t for each row execute function g()",
  ),
  trigger(
    "its condition, while it is disabled",
    "before update on t for each row when (new.a > 0) execute function f(); alter table t disable trigger x",
    "before update on t for each row when (new.a > 1) execute function f(); alter table t disable trigger x",
  ),
  pair(
    "when they act",
    "create trigger x before update on t for each row execute function f(); create trigger y before update on t for each row execute function f(); alter table t enable always trigger y; create rule r as on insert to t do also insert into log values (new.a)",
    "create trigger x before update on t for each row execute function f(); create trigger y before update on t for each row execute function f(); alter table t enable replica trigger x; create rule r as on insert to t do also insert into log values (new.a); alter table t disable rule r",
  ),
  pair(
    "a constraint trigger",
    "create constraint trigger x after update on t for each row execute function g()",
    "create constraint trigger x after update on t deferrable for each row execute function g()",
  ),
  pair(
    "a trigger becomes a constraint",
    "create trigger x after update on t for each row execute function g()",
    "create constraint trigger x after update on t for each row execute function g()",
  ),
  pair(
    "with the column that it looks at",
    "create trigger x before update on t for each row execute function f()",
    "alter table t add d int; create trigger x before update of d on t for each row when (new.d > 0) execute function f()",
  ),
  {
    title: "columns of another type under triggers and rules",
    before: `create table t (a int primary key, b int); ${functions}; create trigger x before update of a on t for each row when (new.b > 1) execute function f();
      alter table t enable always trigger x; comment on trigger x on t is 'kept'; create rule r as on update to t where new.a > 1 do also select new.b; comment on rule r on t is 'kept too'`,
    after: `create table t (a bigint primary key, b bigint); ${functions}; create trigger x before update of a on t for each row when (new.b > 1) execute function f();
      alter table t enable always trigger x; comment on trigger x on t is 'kept'; create rule r as on update to t where new.a > 1 do also select new.b; comment on rule r on t is 'kept too'`,
  },
  {
    title: "a view made anew under its trigger and rule",
    before: `create table t (a int, b text); ${functions}; create view v as select a, b from t; create trigger x instead of insert on v for each row execute function f(); create rule r as on delete to v do instead select old.a; comment on rule r on v is 'kept'`,
    after: `create table t (a int, b text); ${functions}; create view v as select b, a from t; create trigger x instead of insert on v for each row execute function f(); create rule r as on delete to v do instead select old.a; comment on rule r on v is 'kept'`,
  },
  rule("a rule that does nothing", "", "insert to t do instead nothing"),
  rule("a rule's event", "insert to t do instead nothing", "update to t do also nothing"),
  rule(
    "a rule's statements",
    "insert to t do also insert into log values (new.a, 'do ; x')",
    `insert to t where new.a > 0 and new.b <> ' DO ' do also (insert into log values (new.a, 'WHERE'); delete from log where n = new."C c"; select 1)`,
  ),
  pair(
    "rules of a view",
    "",
    `create rule i as on insert to v do instead insert into t (a, b) values (new.a, new.b) returning a, b;
     create rule ${nasty} as on update to v where old.a > 0 do instead nothing; create rule d as on delete to v do instead (select 1; select 2)`,
  ),
  {
    title: "a trigger of a partitioned table, which its partitions have too",
    before: `${functions}; create table p (a int, b text) partition by range (a); create table p1 partition of p for values from (1) to (9); create trigger x after insert on p for each row execute function g()`,
    after: `${functions}; create table p (a int, b text) partition by range (a); create table p1 partition of p for values from (1) to (9);
      create trigger x after insert on p for each row when (new.b <> '') execute function g(); create trigger own before insert on p1 for each row execute function f(); alter table p disable trigger x;
      create policy y on p1 using (a > 2); alter table p1 enable row level security`,
  },
  pair(
    "cluster on",
    "alter table t cluster on t_pkey",
    "alter table t cluster on ti; alter materialized view m cluster on mi",
  ),
  pair(
    "clustering and its index go",
    "alter table t cluster on ti; alter materialized view m cluster on mi",
    "drop index ti",
  ),
];
walkPairs(pairs);
