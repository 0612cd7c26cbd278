/** Declared rows whose keys are the same to Postgres, however they are spelled, or become others with their type. */
import { testRows } from "./rowChanges.ts";

const keyed = (type: string, rows: string, more = ""): string =>
  `${more}table t { k ${type} primary key, v text, note text? }\nrows t (k, v) {\n ${rows}\n}`;
const noted = "update t set note = 'kept' where v = 'x'";
const notes = "select note from t where v = 'x'";
const citext = "extension citext\n";
const anyCase = "collation any_case { provider icu, locale 'und-u-ks-level2', not deterministic }\n";
const unit = (columns: string, rows: string): string =>
  `table unit { ${columns}, note text? }\nrows unit (code, name) {\n ${rows}\n}`;
const filled = "update unit set note = 'kept'";
const fillings = "select note from unit order by name";
/** A function takes a hundred arguments. */
const many = Array.from({ length: 120 }, (_, i) => `c${i}`);
const wide = (x: number): string =>
  `table t { id int primary key, ${many.join(" int?, ")} int? }\nrows t (id, ${many.join(", ")}) {\n 1, ${many.map((_, i) => i * x).join(", ")}\n}`;

testRows([
  ["many columns", wide(1), wide(2)],
  [
    "another case of citext",
    keyed("citext", "'ab', 'x'\n 'cd', 'y'", citext),
    keyed("citext", "'AB', 'x'\n 'ce', 'y'", citext),
    noted,
    notes,
  ],
  ["another scale of a number", keyed("numeric", "1.0, 'x'"), keyed("numeric", "1.00, 'x'\n 2, 'y'"), noted, notes],
  [
    "another unit of an interval",
    keyed("interval", "'1 day', 'x'"),
    keyed("interval", "'24:00:00', 'x'"),
    noted,
    notes,
  ],
  ["a zero with a sign", keyed("float8", "0, 'x'"), keyed("float8", "'-0', 'x'"), noted, notes],
  ["numbers in an array", keyed("numeric[]", "'{1.0}', 'x'"), keyed("numeric[]", "'{1.00}', 'x'"), noted, notes],
  [
    "a domain of numbers",
    keyed("amount", "1.0, 'x'", "domain amount numeric\n"),
    keyed("amount", "1.00, 'x'", "domain amount numeric\n"),
    noted,
    notes,
  ],
  [
    "a collation to which they are the same",
    keyed("text collate any_case", "'ab', 'x'", anyCase),
    keyed("text collate any_case", "'AB', 'x'", anyCase),
    noted,
    notes,
  ],
  [
    "a key of two",
    "table t { k numeric, l int, v text, note text?, primary key (k, l) }\nrows t (k, l, v) {\n 1.0, 1, 'x'\n 1.0, 2, 'y'\n}",
    "table t { k numeric, l int, v text, note text?, primary key (k, l) }\nrows t (k, l, v) {\n 1.00, 1, 'x'\n 1.0, 3, 'y'\n}",
    noted,
    notes,
  ],
  [
    "another type, with something else that is unique",
    unit("code text primary key, name text unique", "'m', 'metre'\n 'g', 'gram'"),
    unit("code int primary key using (ascii(code)), name text unique", "109, 'metre'\n 103, 'gram'"),
    filled,
    fillings,
  ],
  [
    "another type, by what the text makes of it",
    unit("code text primary key, name text", "'m', 'metre'\n 'g', 'gram'"),
    unit("code int primary key using (ascii(code)), name text", "109, 'metre'\n 103, 'gram'"),
    filled,
    fillings,
  ],
  [
    "another type, by what the text makes others of",
    unit("code text primary key, name text", "'1', 'one'\n '2', 'two'"),
    unit("code int primary key using (code::int + 1), name text", "2, 'one'\n 3, 'two'"),
    filled,
    fillings,
  ],
  [
    "another type that spells numbers otherwise",
    unit("code numeric primary key, name text", "1.0, 'one'\n 2.5, 'two'"),
    unit("code int primary key, name text", "1, 'one'\n 3, 'two'"),
    filled,
    fillings,
  ],
]);
