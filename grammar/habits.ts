/**
 * What people write who come from SQL or elsewhere, and what to write here: tables in which each line of a text is looked up
 * that does not fit. They say nothing of what is right; that is the grammar's alone.
 */
import { tokenMatcher, type IToken } from "chevrotain";
import * as t from "./tokens.ts";

export interface Advice {
  readonly help?: string;
  /** Where certain: what to put in the place of what does not fit. */
  readonly fix?: string;
}
/**
 * `line`: the words of a line in lower case with one blank between two tokens, and `‸` before the first that does not fit;
 * of strings and dollar quotes only `'…'` and `$$`. `help`: `$1` stands for what the first group matched.
 */
type Habit = readonly [line: RegExp, help: string, fix?: string];

/** A name, with a schema or without. */
const named = String.raw`(?:\S+ \. )?\S+`;
const line = (text: string): RegExp => new RegExp(text.replaceAll("NAME", named));

const ofTheTable = "it stands among the members of its table: `table users { $1 … }`";
const inBraces = "labels stand in braces: `enum mood { happy sad }`";
const attributesInBraces = "attributes stand in braces: `type point { x int, y int }`";
const nullable = "a column that may be null has a `?` after its type";
const aDefault: Habit = [/‸ default/, "a default is written `= value`", "="];
const aRoutine = "^(?:function|procedure) ";

const declarations: readonly Habit[] = [
  [/^‸ (create|alter|drop)\b/, "declare what should be, without `$1`: `table users { … }`"],
  [/^‸ (unique index|replica identity|cluster on|primary key)/, ofTheTable],
  [
    /^‸ (?:enable |force )?row level security/,
    "it stands among the members of its table: `table users { row level security }`",
  ],
  [/^‸ (policy|trigger|index|rule|constraint|statistics|unique|check|exclude|inherits)\b/, ofTheTable],
  [/^(foreign) ‸ key/, "it stands among the members of its table: `table users { foreign key … }`"],
  [/^‸ (?:local |global )?temp(?:orary)? /, "what is temporary is not declared: a session makes it for itself"],
  [/^user ‸ (?!mapping)/, "a user is a role: `role app login`"],
  [/^comment ‸ on/, "a comment stands above what it is of: `/// …`"],
  [/ if ‸ not exists/, "what is there already is left as it is: leave `if not exists` away"],
  [/^(?!sql )\S+ \S+ ‸ -/, "a name that is not plain stands in double quotes"],

  [line("^extension NAME ‸ schema"), "its schema is said with `in`: `extension citext in extensions`", "in"],
  [line("^extension NAME ‸ with schema"), "its schema is said with `in`: `extension citext in extensions`"],
  [line("^extension NAME .*‸ with"), "leave `with` out", ""],
  [line("^enum NAME ‸ (?:as|=|\\[|\\()"), inBraces],
  [/^type .*‸ as enum|^type .*‸ enum/, "an enum has a word of its own: `enum mood { happy sad }`"],
  [line("^type NAME ‸ = '"), "an enum has a word of its own: `enum mood { happy sad }`"],
  [line("^type NAME ‸ as range"), "a range type says what it ranges over: `type spans range of float8 { … }`"],
  [line("^type NAME ‸ (?:as|=|\\()"), attributesInBraces],
  [/^domain .*‸ (null)\b|^domain .*‸ \?/, "a domain may be null without saying", ""],
  [line("^domain NAME as ‸"), "a type follows the name without `as`"],
  [line("^sequence NAME ‸ as"), "a type follows the name without `as`", ""],
  [/^sequence .*owned by (\S+ \. \S+) ‸ \. (\S+)/, "the column stands in brackets: `owned by $1 ($2)`"],
  [/^sequence .*owned by (\S+) \. (\S+) ‸/, "the column stands in brackets: `owned by $1 ($2)`"],
  [/^domain .*‸ default/, aDefault[1], "="],

  [line("^table (NAME) partition ‸ of"), "a partition has a word of its own: `partition $1 of orders for …`"],
  [line("^(?:table|partition) NAME .*‸ (inherits)"), "it stands among the members: `inherits cities`"],
  [line("^table NAME ‸ (?:as|=|\\()"), "the members of a table stand in braces, one a line"],
  [/^partition .* for ‸ values from/, "leave `values from` out: `for ('2026-01-01') to ('2027-01-01')`"],
  [/^partition .* for ‸ values in/, "leave `values in` out: `for ('new', 'open')`"],
  [/^partition .* for ‸ values with/, "`values with` has no brackets: `for modulus 4 remainder 0`"],
  [line("^partition NAME of NAME ‸ (?:values )?from"), "a range is written `for ('2026-01-01') to ('2027-01-01')`"],
  [line("^partition NAME of NAME ‸ (?:values )?in \\("), "a list is written `for ('new', 'open')`"],
  [line("^partition NAME of NAME ‸ (?:values )?with \\("), "a hash is written `for modulus 4 remainder 0`"],

  [
    /^role .*‸ (nologin|nosuperuser|nocreatedb|nocreaterole|noreplication|nobypassrls|inherit)\b/,
    "a role has `$1` without saying",
    "",
  ],
  [/^role .*‸ (?:encrypted )?password/, "passwords are not declared: give it by hand, once the role is there"],
  [/^role .*‸ in (?:role|group) (\S+)/, "a membership is written `member of $1`"],
  [/^role .*‸ with/, "leave `with` out", ""],
  [/^role .*‸ ,/, "what a role is stands without commas", ""],
  [/^grant all ‸ privileges|^revoke all ‸ privileges/, "`all` alone is every privilege", ""],
  [
    /^(?:grant|revoke) .* on all ‸ (?:tables|sequences|functions|procedures|routines) in/,
    "each thing is named: `on orders, order_lines`; what a role makes later has `default privileges`",
  ],
  [
    /^grant (?!(?:select|insert|update|delete|truncate|references|trigger|maintain|usage|create|connect|temp|temporary|execute|all|set) )(\S+) ‸ to (\S+)/,
    "a membership stands where the member is declared: `role $2 member of $1`",
  ],
  [
    /^revoke (\S+) ‸ from (\S+)$/,
    "a membership stands where the member is declared: take `member of $1` away from `role $2`",
  ],
  [
    /^default privileges ‸ (?:in|grant|revoke)/,
    "say whose: `default privileges for role deploy in schema shop grant …`",
  ],
  [/^security label ‸ (?:for|on)/, "the label comes first: `security label 'secret' for selinux on table orders`"],
  [/^owner (?:of|to) (?:\S+ )?‸/, "an owner is written `owner app on table orders`"],
  [/^sql (?:'…' )?‸ (?:\$\$|'…')/, "a block says what makes it and what takes it away: `sql 'x' { create $$ … $$ }`"],

  [line(`${aRoutine}.*‸ called`), "a routine is called on null input without saying; `strict` says that it is not"],
  [line(`${aRoutine}.*(?:‸ returns null|returns null ‸) on null`), "write `strict` for `returns null on null input`"],
  [line(`${aRoutine}.*‸ default`), aDefault[1], "="],
  [line(`${aRoutine}.* as ‸ (?:select|with|values)`), "a body stands in dollar quotes: `as $$ … $$`"],
  [
    /^(?:materialized )?view .* as ‸ (?:select|with|values)/,
    "a query stands in dollar quotes or in brackets: `as (select …)`",
  ],
  [/^(?:function|procedure|view|materialized) .*‸ \$\$/, "`as` stands before a body: `as $$ … $$`"],
  [
    line(
      `${aRoutine}.* (?:\\$\\$|'…') ‸ (language|immutable|stable|volatile|strict|leakproof|security|parallel|cost|rows|set)`,
    ),
    "a body comes last: `$1 …` stands before `as`",
  ],
  [
    /^aggregate .*‸ \{/,
    "what an aggregate is made of stands in brackets: `aggregate total(int) (sfunc = int4pl, stype = int)`",
  ],

  // What stands behind a closing brace.
  [/ } ‸ (with|using|tablespace|partition by)\b/, "`$1` stands before the brace: `table orders $1 … {`"],
  [
    / } ‸ (?:table|unlogged|view|materialized|enum|domain|type|sequence|mixin|partition|rows|function|procedure|schema) \S/,
    "a declaration opens a line of its own, or stands behind a comma",
  ],
];

const columns: readonly Habit[] = [
  aDefault,
  [/‸ references/, "a reference is written `-> table (column)`", "->"],
  [/‸ foreign key/, "a reference is written `-> table (column)`"],
  [/generated ‸ by default .*\bidentity/, "an identity is written `identity by default`"],
  [/generated ‸ .*\bidentity/, "an identity is written `identity`"],
  [/‸ always/, "a generated column is written `generated (expression)`"],
  [/‸ (?:null|nullable|optional)\b/, nullable],
  [/‸ was/, "`was` stands directly after the new name: `name was old_name`"],
  [/^(\S+) .*‸ unsigned/, "Postgres has no unsigned numbers: `check ($1 >= 0)`"],
  [/‸ auto_?increment/, "a number that counts up is an `identity`", "identity"],
  [/^(\S+) .*‸ index/, "an index stands on a line of its own: `index on ($1)`"],
  [/^\S+ ‸ :/, "a type follows the name without `:`", ""],
  [/= ‸ \{/, "what Postgres reads from a text stands in quotes: `= '{}'`"],
  [/= ‸ \[/, "an array is written `= '{}'` or `= array[…]`"],
  [/^(?:enable|force) row ‸ level security/, "it is written `row level security`, and `forced` stands behind it"],
];

const index = "^(?:unique )?index ";
const members: readonly Habit[] = [
  [/‸ references/, "a reference is written `-> table (column)`", "->"],
  [
    /^index concurrently ‸|^unique index concurrently ‸/,
    "how an index is built is not declared: leave `concurrently` out",
  ],
  [line("^((?:unique )?index(?: (?!on )\\S+)*) ‸ \\("), "keys stand behind `on`: `$1 on (…)`", "on ("],
  [line(`${index}.*on ‸ NAME using (\\S+)`), "an index is of the table around it: `index using $1 on (…)`"],
  [line(`${index}.*on ‸ (NAME) \\(`), "an index is of the table around it: leave `$1` out"],
  [line(`${index}.*on ‸ \\S`), "keys stand in brackets: `index on (…)`"],
  [line(`${index}.*\\) ‸ using (\\S+)`), "the method stands before the keys: `index using $1 on (…)`"],
  [line(`${index}.*\\) ‸ (asc|desc)`), "it stands behind its key, in the brackets: `index on (… $1)`"],
  [line(`${index}.*\\) nulls ‸ (first|last)`), "it stands behind its key, in the brackets: `index on (… nulls $1)`"],
  [/^statistics .*on ‸ \S/, "columns stand in brackets: `statistics on (…)`"],
  [/^(?:constraint )?(trigger|policy) .*‸ (on \S+)/, "a $1 is of the table around it: leave `$2` out"],
  [/^rule .*‸ (to \S+)/, "a rule is of the table around it: leave `$1` out"],
  [/^policy .*‸ as (?:restrictive|permissive)|^rule \S+ ‸ as on/, "leave `as` out", ""],
  [
    /^unique .*‸ nulls|^constraint .*‸ nulls/,
    "`nulls not distinct` stands before a constraint's columns: `unique nulls not distinct (…)`",
  ],
  [/^(?:constraint \S+ )?check ‸ \S/, "a condition stands in brackets: `check (…)`"],
  [/^(?:constraint \S+ )?(unique|primary key|foreign key) ‸ \S/, "columns stand in brackets: `$1 (…)`"],
  [/^inherits ‸ \(/, "parents stand without brackets: `inherits cities, tracked`"],
];

const attributes: readonly Habit[] = [
  [/‸ not null/, "an attribute may always be null: leave `not null` out"],
  [/‸ (\?|null)/, "an attribute may be null without saying", ""],
  [/‸ (?:=|default)/, "an attribute has no default; a column or a domain of the type has one"],
];

const rows: readonly Habit[] = [[/ , ‸$/, "a comma stands between two values, and none behind the last"]];

const everywhere: readonly Habit[] = [
  [/‸ ;/, "nothing ends with `;` here; on one line, a comma stands between two", ""],
  [/‸ #/, "a comment is written `// …` or `-- …`"],
];

/** Sorts of lines that have habits of their own. */
const tables = { declaration: declarations, column: columns, member: members, attribute: attributes, row: rows };
const isSort = (word: string): word is keyof typeof tables => Object.hasOwn(tables, word);

/** What is known of a line of this rule, of which the tokens from `index` on do not fit; null: nothing. */
export function habitOf(rule: string, tokens: readonly IToken[], index: number): Advice | null {
  const sort = rule === "member" && tokenMatcher(tokens[0]!, t.ColumnName) ? "column" : rule;
  const text = marked(tokens, index);
  for (const [pattern, help, fix] of [...(isSort(sort) ? tables[sort] : []), ...everywhere]) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const said = help.replaceAll(/\$([12])/g, (_, group: string) =>
      (found[Number(group)] ?? "").replaceAll(" . ", "."),
    );
    return fix === undefined ? { help: said } : { help: said, fix };
  }
  return null;
}

const most = { before: 40, at: 10, length: 40 };
/** The line with `‸` in it. */
function marked(tokens: readonly IToken[], index: number): string {
  const before = tokens.slice(0, index);
  const near = before.length > most.before ? [...before.slice(0, most.before), ...before.slice(-most.at)] : before;
  return [...near.map(word), "‸", ...tokens.slice(index, index + most.at).map(word)].join(" ");
}
function word({ tokenType, image }: IToken): string {
  if (tokenType === t.DollarString) return "$$";
  if (tokenType === t.Str || tokenType === t.EscapeString || tokenType === t.UnicodeString) return "'…'";
  return image.slice(0, most.length).toLowerCase();
}
