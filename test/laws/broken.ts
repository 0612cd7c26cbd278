/** The laws by name, and that one is broken. */
export type Law =
  | "the made-up database can be made"
  | "observe sees what was made"
  | "parse(print(d)) = d"
  | "fmt is idempotent"
  | "declare(describe(o)) = o"
  | "observe(after create(o)) = o"
  | "observe(after a → b) = b"
  | "observe(after b → a) = a"
  | "the second plan is empty"
  | "pg_dump sees no difference"
  | "the witness sees no difference"
  | "rows of kept columns stay"
  | "what rows refuse was announced"
  | "no crash";

export class Broken extends Error {
  readonly law: Law;
  constructor(law: Law, detail: string) {
    super(detail);
    this.law = law;
  }
}
export const must = (law: Law, wrong: string | null): void => {
  if (wrong !== null) throw new Broken(law, wrong);
};
