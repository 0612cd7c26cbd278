/** What of the declared things a text reads and calls. */
import type { Id } from "../../model/objects.ts";
import { wholeType } from "./baseTypes.ts";
import type { Program } from "./program.ts";

type Tables = Parameters<Program["read"]>[0];
type Named = readonly (readonly [schema: string, name: string])[];
interface Mentions {
  readonly tables: Tables;
  readonly functions: Parameters<Program["called"]>[0];
  /** Of a text in a newer server's language than our parser's. */
  readonly guessed?: { readonly tables: Tables; readonly functions: Named; readonly types: Named };
}

export const mentionedIn = (a: Mentions, program: Program, schema: string): readonly Id[] => [
  ...program.read(a.tables, schema),
  ...program.called(a.functions, schema),
  ...(a.guessed ? guessedIn(a.guessed, program, schema) : []),
];

/** All that it may mention: too much orders more than it has to, too little makes the text before what it reads. */
const guessedIn = (
  { tables, functions, types }: NonNullable<Mentions["guessed"]>,
  program: Program,
  schema: string,
): readonly Id[] => [
  ...program.read(tables, schema),
  ...functions.flatMap(([written, name]) => program.functionNamed(written || null, name, schema).needs),
  ...types.flatMap(([written, name]) => wholeTypeNamed(program.type(written || null, name, schema)?.needs)),
];
const wholeTypeNamed = (id: Id | null | undefined): readonly Id[] => (id ? wholeType(id) : []);
