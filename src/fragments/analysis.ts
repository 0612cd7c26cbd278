/** What the parser finds in a text, as plain data. */
import type { WholeStatement } from "./parseTree.ts";

/** What a fragment mentions. Plain data, so that it can be cached by text. */
export interface Analysis {
  /**
   * Column references in order: their parts ("*" for all), where in the fragment (UTF-16) or -1, and the tables that are read, as
   * [schema or "", name], of which one must have such a column, unless what the fragment stands in has it; null: it may be something
   * else.
   */
  readonly columns: readonly {
    readonly parts: readonly string[];
    readonly at: number;
    readonly of: readonly (readonly [string, string])[] | null;
  }[];
  /** Types of casts, as [schema or "", name]. */
  readonly types: readonly (readonly [string, string])[];
  /** What nextval(), currval(), setval() and casts to regclass name in their strings, as [schema or "", name]. */
  readonly relations: readonly (readonly [string, string])[];
  /**
   * Tables, views and the like that are read or written, as [schema or "", name, where in the fragment or -1, the columns that it
   * may mean of them ("*" for all)]; not what the text itself defines (`with x as …`).
   */
  readonly tables: readonly (readonly [string, string, number, readonly string[]])[];
  /** Collations, as [schema or "", name]. */
  readonly collations: readonly (readonly [string, string])[];
  /** Operators, as [schema or "", name]. */
  readonly operators: readonly (readonly [string, string])[];
  /** Functions that are called, as [schema or "", name, number of arguments]. */
  readonly functions: readonly (readonly [string, string, number])[];
  /** `*`, or a join whose columns are not said: what it means follows the columns of its tables. */
  readonly stars: boolean;
  /** The statements that a text of those is; none for another. */
  readonly statements: readonly WholeStatement[];
  /** The name Postgres gives an index column of this expression (FigureIndexColname in parse_target.c); null: "expr". */
  readonly columnName: string | null;
  /** The parser's complaint and where in the fragment (0-based, UTF-16); a hint, not a verdict. */
  readonly error: { readonly message: string; readonly at: number } | null;
  /** What a text that the parser does not understand may mention, as above: more than it does. */
  readonly guessed?: Pick<Analysis, "tables" | "types"> & {
    readonly functions: readonly (readonly [string, string])[];
  };
  /** The text is nested too deep for the parser: what it mentions is not known. */
  readonly tooDeep: boolean;
}

/**
 * What a text is: an expression; one or more whole statements (a view's query, a function's body), also those between `begin
 * atomic` and `end`; a body in plpgsql.
 */
export type Form = "expression" | "statements" | "atomic" | "plpgsql";
/** What is read in one go. */
export type Plain = Exclude<Form, "plpgsql">;
/** A text as it stands in a program. `head`: of plpgsql, a statement of which it could be the body. */
export interface Source {
  readonly text: string;
  readonly form: Form;
  readonly head?: string;
}
/** A text of a form, as one key. */
export const textKey = ({ text, form, head }: Source): string =>
  form === "expression" ? text : `${form}\n${head === undefined ? "" : `${head}\n`}${text}`;

/** Of a text that mentions nothing. */
export const nothing = {
  columns: [],
  types: [],
  relations: [],
  tables: [],
  collations: [],
  operators: [],
  functions: [],
  stars: false,
  statements: [],
  columnName: null,
  error: null,
  tooDeep: false,
} satisfies Analysis;
