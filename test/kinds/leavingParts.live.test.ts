/** Partitions that leave, or get other bounds, while an index or a key of their table goes or changes. */
import { testChanges } from "./said.ts";
const m = (index: string): string => `table m partition by range (k) { k int, v int, ${index} }\n`;
const p = (one: string, two: string): string => `partition m1 of m for ${one}\npartition m2 of m for ${two}\n`;
const [before, after] = [p("(0) to (10)", "(10) to (20)"), p("(0) to (15)", "(15) to (20)")];
const deep = (one: string, two: string): string =>
  p(one, two).replace(
    /^(partition (m.) .*)$/gm,
    "$1 partition by list (v)\npartition $2a of $2 for (1)\npartition $2b of $2 for (2)",
  );
const named = (text: string): string => text.replace(/^(partition (m.) .*)$/gm, "$1 { index $2_own of x }");
const plain = "table m1 { k int, v int }\ntable m2 { k int, v int }\n";
testChanges("two partitions leave", [
  ["an index goes", m("index on (v)") + before, m("") + after],
  ["a unique key goes", m("unique (k, v)") + before, m("") + after],
  ["both become tables, the index goes", m("index on (v)") + before, m("") + plain],
  [
    "both become tables and keep theirs",
    m("index on (v)") + before,
    m("") + plain.replaceAll("v int", "v int, index on (v)"),
  ],
  [
    "one becomes a table",
    m("index on (v)") + before,
    m("") + plain.replace(/.*\n$/, "") + "partition m2 of m for (0) to (20)\n",
  ],
  ["another key", m("index on (v)") + before, m("index on (v, k)") + after],
  ["a named index gets another key", m("index x on (v)") + before, m("index x on (v, k)") + after],
  [
    "a named key gets another column",
    m("constraint x unique (k, v)") + before,
    m("constraint x unique (v, k)") + after,
  ],
  [
    "one stays with its own, one goes",
    m("index on (v)") + before,
    m("") + plain.replace("v int", "v int, index m1_v_idx on (v)"),
  ],
  [
    "both become tables with others of the same names",
    m("index on (v)") + before,
    m("") + plain.replace("v int", "v int, index m1_v_idx on (k)").replace(/v int }/, "v int, index m2_v_idx on (k) }"),
  ],
  ["two levels", m("index on (v)") + deep("(0) to (10)", "(10) to (20)"), m("") + deep("(0) to (15)", "(15) to (20)")],
  [
    "two levels, below",
    m("index on (v)") + deep("(0) to (10)", "(10) to (20)"),
    m("") +
      deep("(0) to (10)", "(10) to (20)")
        .replace("in (1)", "in (1, 3)")
        .replaceAll("for (1)", "for (1, 3)")
        .replaceAll("for (2)", "for (2, 4)"),
  ],
  [
    "one goes to another table",
    m("index on (v)") + m("").replace("table m", "table o") + before,
    m("").replace("table m", "table o") +
      m("") +
      "partition m1 of o for (0) to (15)\npartition m2 of o for (15) to (20)\n",
  ],
  ["the table goes, its partitions stay", m("index on (v)") + before, plain],
  ["parts with names of their own", m("index x on (v)") + named(before), m("index x on (v, k)") + named(after)],
  ["other options", m("index x on (v)") + before, m("index x on (v) with (fillfactor = 70)") + after],
  ["another unique key", m("unique (k, v)") + before, m("unique (v, k)") + after],
]);

/** A partition whose own key is its part of the index above, if there is one. */
const keyed = (index: string, of: string): string =>
  `table k partition by list (a) { a int?, b int?, ${index} }\npartition k1 of k for (1) { a int, b int, primary key (a, b)${of} }\n`;
testChanges("an index above a partition's key", [
  ["comes", keyed("", ""), keyed("unique index above on (a, b)", " of above")],
  ["goes", keyed("unique index above on (a, b)", " of above"), keyed("", "")],
]);
