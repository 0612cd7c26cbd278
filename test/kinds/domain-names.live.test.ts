/** The name of a domain's not null, which PostgreSQL 18 keeps. */
import { walkPairs, type Pair } from "./pairs.ts";

const pairs: readonly Pair[] = [
  { title: "it comes", before: "create domain d as int", after: "create domain d as int constraint filled not null" },
  {
    title: "another name",
    since: 18,
    before: "create domain d as int constraint filled not null; comment on constraint filled on domain d is 'x'",
    after: "create domain d as int constraint whole not null; comment on constraint whole on domain d is 'x'",
  },
  {
    title: "the usual name, and back",
    since: 18,
    before: "create domain d as int not null",
    after: `create domain d as int constraint "It's ""x""" not null`,
  },
  {
    title: "with a domain made anew",
    before: "create domain d as int constraint filled not null; create table t (a d)",
    after: "create domain d as bigint constraint filled not null; create table t (a d)",
  },
];
walkPairs(pairs);
