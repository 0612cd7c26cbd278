import { walkPairs, type Pair } from "./pairs.ts";

const nasty = `"Weird ""T""\\ 'ü🙂"`;
const long = "l".repeat(63);

/** Two states of what stands on the same columns. */
const on = (title: string, before: string, after: string, more: Partial<Pair> = {}): Pair => {
  const base = `create table s (a int primary key, b int, unique (a, b)); create table t (a int not null, b int, c text, d tstzrange, e int4range, f jsonb);
    create index other on s (b); insert into s values (1, 2); insert into t (a, b, c, e) values (1, 2, 'x', '[1,3)')`;
  return { title, before: `${base};${before}`, after: `${base};${after}`, rows: "select a, b, c from t", ...more };
};
const add = (title: string, what: string, more: Partial<Pair> = {}): Pair =>
  on(title, "", `alter table t add ${what}`, more);
const swap = (title: string, a: string, b: string, more: Partial<Pair> = {}): Pair =>
  on(title, `alter table t add ${a}`, `alter table t add ${b}`, more);
const index = (title: string, a: string, b: string, more: Partial<Pair> = {}): Pair =>
  on(title, a && `create ${a}`, b && `create ${b}`, more);
const s18 = { since: 18 };
const s15 = { since: 15 };

const pairs: readonly Pair[] = [
  // keys
  add("primary key", "primary key (a)"),
  add(
    "primary key with everything",
    "constraint pk primary key (a) include (c, b) with (fillfactor = 70) using index tablespace pg_default deferrable initially deferred",
  ),
  swap("primary key's columns", "primary key (a)", "primary key (a, b)"),
  swap("primary key's name", "primary key (a)", `constraint ${nasty} primary key (a)`),
  swap(
    "key's options",
    "constraint k unique (a) with (fillfactor = 70, deduplicate_items = off)",
    "constraint k unique (a) with (fillfactor = 80)",
  ),
  swap("key's order of columns", "unique (a, b)", "unique (b, a)"),
  swap("key becomes deferrable", "constraint k unique (a)", "constraint k unique (a) deferrable"),
  swap("nulls not distinct", "constraint k unique (b)", "constraint k unique nulls not distinct (b)", s15),
  swap("without overlaps", "constraint k unique (e)", "constraint k unique (e, d without overlaps)", s18),
  on(
    "primary key without overlaps",
    "",
    "alter table t alter d set not null, alter e set not null, add primary key (e, d without overlaps)",
    {
      since: 18,
      rows: "select 1",
      before: "create extension if not exists btree_gist; create table t (d tstzrange, e int4range)",
      after: "create table t (d tstzrange, e int4range)",
    },
  ),
  // checks
  add("check", "check (a > 0)"),
  add(
    "check of hostile text",
    `constraint ${nasty} check (c <> E'it''s \\\\ "x" $$' and (c is not null or a in (1, 2)))`,
  ),
  swap("check's expression", "constraint k check (a > 0)", "constraint k check (a > 0 or b between 1 and 5)"),
  swap("check not valid", "constraint k check (a > 0)", "constraint k check (a > 0) not valid"),
  swap("check no inherit", "constraint k check (a > 0)", "constraint k check (a > 0) no inherit"),
  swap("check not enforced", "constraint k check (a > 0)", "constraint k check (a > 0) not enforced", s18),
  swap("two equal checks", "check (a > 0)", "check (a > 0), add check (a > 0), add check (a > 0 and b > 0)"),
  // foreign keys
  add("foreign key", "foreign key (a) references s"),
  add(
    "foreign key with everything",
    "constraint f foreign key (a, b) references s (a, b) match full on update cascade on delete set default deferrable initially deferred",
  ),
  add("foreign key sets columns null", "foreign key (a, b) references s (a, b) on delete set null (b)", s15),
  swap(
    "foreign key's actions",
    "constraint f foreign key (a) references s on delete cascade",
    "constraint f foreign key (a) references s on update restrict on delete set null",
  ),
  swap(
    "foreign key's deferrability",
    "constraint f foreign key (a) references s",
    "constraint f foreign key (a) references s deferrable initially deferred",
  ),
  swap(
    "foreign key validated",
    "constraint f foreign key (a) references s not valid",
    "constraint f foreign key (a) references s",
  ),
  swap(
    "foreign key not enforced",
    "constraint f foreign key (a) references s",
    "constraint f foreign key (a) references s not enforced",
    s18,
  ),
  swap(
    "foreign key deferrable and validated",
    "constraint f foreign key (a) references s not valid",
    "constraint f foreign key (a) references s deferrable",
  ),
  {
    title: "tables that reference each other and themselves",
    before: "",
    after: `create table a (id int primary key, b int, a int references a); create table b (id int primary key, a int references a);
      alter table a add foreign key (b) references b`,
  },
  {
    title: "a reference to a unique index, which is made anew",
    before: "create table p (a int, b text); create unique index u on p (a); create table t (a int references p (a))",
    after:
      "create table p (a int, b text); create unique index u on p (a) include (b); create table t (a int references p (a))",
  },
  {
    title: "a foreign key with period",
    since: 18,
    before:
      "create extension btree_gist; create table p (a int, d daterange, primary key (a, d without overlaps)); create table t (a int, d daterange)",
    after:
      "create extension btree_gist; create table p (a int, d daterange, primary key (a, d without overlaps)); create table t (a int, d daterange, foreign key (a, period d) references p (a, period d))",
  },
  // exclusion
  add("exclude", "exclude using gist (d with &&)"),
  add(
    "exclude with everything",
    "constraint x exclude using gist (d range_ops with &&, (case when a > 1 then e end) with =) include (b) with (fillfactor = 50) where (a > 0 and b is null) deferrable initially deferred",
    { since: 14 },
  ),
  add("exclude by btree", `exclude (a with =, lower(c) collate "C" desc nulls last with =)`),
  add(
    "exclude by an operator of an extension",
    "constraint x exclude using gist (a with =, c with operator(pg_catalog.<>))",
    {
      before: "create extension btree_gist; create table t (a int, c text)",
      after:
        "create extension btree_gist; create table t (a int, c text); alter table t add constraint x exclude using gist (a with =, c with operator(pg_catalog.<>))",
      rows: "select 1",
    },
  ),
  swap(
    "exclude's predicate and options",
    "constraint x exclude using gist (d with &&) where (a > 1)",
    "constraint x exclude using gist (d with &&) with (fillfactor = 50) where (a > 2)",
  ),
  // indexes
  index("index", "", "index i on t (a)"),
  index(
    "index with everything",
    "",
    `unique index ${nasty} on t (a desc nulls last, lower(c) collate "C" text_pattern_ops, (b + 1) asc nulls first, b nulls first) include (d) with (fillfactor = 50, deduplicate_items = off) tablespace pg_default where c <> 'x' and b > 0`,
  ),
  index(
    "index of an expression with its own collation",
    "",
    `index i on t ((c collate "C"), (c || 'x') collate "C", c collate "POSIX")`,
  ),
  index(
    "index of special expressions",
    "",
    "index i on t ((a is null), (b::text), coalesce(a, b), (a in (1, 2)), (timezone('utc', lower(d))), (case when a > 0 then 1 end))",
  ),
  index("unique", "index i on t (a)", "unique index i on t (a)"),
  index("method", "index i on t (a)", "index i on t using hash (a)"),
  index(
    "gin and its options",
    "index i on t using gin (f) with (fastupdate = off)",
    "index i on t using gin (f jsonb_path_ops) with (gin_pending_list_limit = 100)",
  ),
  index(
    "brin",
    "index i on t using brin (a)",
    "index i on t using brin (a, b) with (pages_per_range = 16, autosummarize = on)",
  ),
  index("order", "index i on t (a, b)", "index i on t (a desc, b nulls first)"),
  index("predicate", "index i on t (a) where b > 1", "index i on t (a) where (b > 1 or c is null)"),
  index("include", "index i on t (a)", "index i on t (a) include (b, c)"),
  index(
    "options in place",
    "index i on t (a) with (fillfactor = 50)",
    "index i on t (a) with (deduplicate_items = false)",
  ),
  index("nulls not distinct index", "unique index i on t (b)", "unique index i on t (b) nulls not distinct", s15),
  index("options of an operator class", "", "index i on t using gist (c gist_trgm_ops (siglen = 32))", {
    before: "create extension pg_trgm; create table t (c text)",
    after:
      "create extension pg_trgm; create table t (c text); create index i on t using gist (c gist_trgm_ops (siglen = 32)); create index j on t using gin (c gin_trgm_ops)",
    rows: "select 1",
  }),
  index(
    "an index takes a constraint's name",
    "unique index i on t (a)",
    "unique index j on t (a); alter table t add constraint i unique using index j",
  ),
  // replica identity
  on("replica identity full", "", "alter table t replica identity full"),
  on(
    "replica identity nothing to full",
    "alter table t replica identity nothing",
    "alter table t replica identity full",
  ),
  on(
    "replica identity by an index",
    "alter table t replica identity full",
    "create unique index i on t (a); alter table t replica identity using index i",
  ),
  on(
    "replica identity's index made anew",
    "create unique index i on t (a); alter table t replica identity using index i",
    "create unique index i on t (a) include (b); alter table t replica identity using index i",
  ),
  on(
    "replica identity by a column that may then be null",
    "create table r (x int not null, y int not null); create unique index i on r (x); create unique index j on r (y); alter table r replica identity using index i",
    "create table r (x int, y int not null); create unique index i on r (x); create unique index j on r (y); alter table r replica identity using index j",
  ),
  on(
    "replica identity by a key that is made anew with a column that may then be null",
    "create table r (x int not null, y int not null, constraint k primary key (y)); alter table r replica identity full",
    "create table r (x int, y int not null, constraint k primary key (y) include (x)); alter table r replica identity using index k",
  ),
  on(
    "replica identity by another key, which is made anew with a column that may then be null",
    "create table r (x int not null, y int not null, constraint k primary key (y)); create unique index i on r (x); alter table r replica identity using index i",
    "create table r (x int, y int not null, constraint k primary key (y) include (x)); create unique index i on r (x); alter table r replica identity using index k",
  ),
  on(
    "replica identity by a column that may then be null, and the usual one",
    "create table r (x int not null); create unique index i on r (x); alter table r replica identity using index i",
    "create table r (x int); create unique index i on r (x)",
  ),
  on(
    "replica identity by a key that goes with its column's not null",
    "create table r (x int constraint k primary key); alter table r replica identity using index k",
    "create table r (x int)",
  ),
  on(
    "replica identity by a key that is made anew for its column's new type",
    "create table r (x text not null, y int, constraint k unique (x)); alter table r replica identity using index k",
    "create table r (x varchar(9), y int, constraint k unique (x) include (y))",
  ),
  on(
    "replica identity by a key",
    "",
    "alter table t add constraint k unique (a); alter table t replica identity using index k",
  ),
  // tables
  {
    title: "an empty table, and nasty names",
    before: "",
    after: `create table e (); create schema "S x"; create table "S x".${nasty} (${nasty} int primary key, "${long}" int unique, "select" int references "S x".${nasty})`,
  },
  {
    title: "unlogged",
    before: "create table t (a int); insert into t values (1)",
    after: "create unlogged table t (a int)",
    rows: "select * from t",
  },
  {
    title: "tables that reference each other, or one the other, become unlogged",
    before: `create table t (a serial primary key); create table u (a int references t); create table v (a int primary key, b int);
      create table w (a int primary key references v); alter table v add foreign key (b) references w; insert into v values (1); insert into w values (1)`,
    after: `create unlogged table t (a serial primary key); create unlogged table u (a int references t); create unlogged table v (a int primary key, b int);
      create unlogged table w (a int primary key references v); alter table v add foreign key (b) references w`,
    rows: "select * from v, w",
    since: 15,
  },
  {
    title: "columns come, and go, that hold rows of a table whose column gets another type",
    before: "create table t (a int); create table z (r t, q t[]); create table y (r t); insert into t values (1)",
    after: "create table t (a bigint); create table z (r text); create table b (r t[])",
    rows: "select a from t",
  },
  { title: "unlogged and new", before: "", after: "create unlogged table t (a int primary key, b text unique)" },
  {
    title: "options",
    before: "create table t (a text) with (fillfactor = 70, autovacuum_enabled = off)",
    after:
      "create table t (a text) with (fillfactor = 80, toast.autovacuum_enabled = false, autovacuum_vacuum_scale_factor = 0.10)",
  },
  {
    title: "options of a toast table that comes with a column",
    before: "create table t (a int) with (fillfactor = 70); insert into t values (1)",
    after: "create table t (a int, b text) with (fillfactor = 80, toast.autovacuum_enabled = false)",
    rows: "select a from t",
  },
  {
    title: "options of a new table",
    before: "",
    after:
      "create table t (a text) with (fillfactor = 80, toast.autovacuum_vacuum_threshold = 5, user_catalog_table = true)",
  },
  {
    title: "tables inherit",
    before: "",
    after:
      "create table p (a int not null, b text check (b <> '')); create table q (c int); create table t (d int, a int not null) inherits (p, q); create table u () inherits (t)",
  },
  {
    title: "a parent comes and another goes",
    before: "create table p (a int); create table q (b int); create table t (a int, b int, c int) inherits (p)",
    after: "create table p (a int); create table q (b int); create table t (a int, b int, c int) inherits (q)",
  },
  {
    title: "the order of parents",
    before: "create table p (a int); create table q (b int); create table t (a int, b int) inherits (p, q)",
    after: "create table p (a int); create table q (b int); create table t (a int, b int) inherits (q, p)",
  },
  {
    title: "a table of another schema goes with all it has",
    before: `create schema x; create table x.t (a serial primary key, b int references x.t check (b > 0)); create index on x.t (b); insert into x.t values (1, 1)`,
    after: "",
  },
];
walkPairs(pairs);
