/** Columns of tables as they are declared, with those of mixins and parents. */
import type { ColumnNode, Declaration, PartitionDeclaration, TableDeclaration } from "../../../grammar/declarations.ts";
import type { QualifiedNode } from "../../../grammar/nodes.ts";
import { isTable, ownName } from "./home.ts";

type Tables = TableDeclaration | PartitionDeclaration;

export class Columns {
  readonly #table: (n: QualifiedNode, schema: string) => Tables | undefined;
  readonly #hasMixin: (name: string) => boolean;
  readonly #known = new Map<Declaration, ReadonlyMap<string, ColumnNode>>();
  /** `table`: what is declared under a name that is written in a schema. */
  constructor(table: (n: QualifiedNode, schema: string) => Tables | undefined, hasMixin: (name: string) => boolean) {
    this.#table = table;
    this.#hasMixin = hasMixin;
  }

  /** By name, in the order of the text; empty for what is no table. Mixins are laid out in it already. */
  of(d: Declaration): ReadonlyMap<string, ColumnNode> {
    let known = this.#known.get(d);
    if (!known) this.#known.set(d, (known = this.#collect(d, new Set())));
    return known;
  }
  #collect(d: Declaration, seen: Set<Declaration>): ReadonlyMap<string, ColumnNode> {
    const out = new Map<string, ColumnNode>();
    if (!isTable(d)) return out;
    seen.add(d);
    const from = (parents: readonly (Tables | undefined)[]): void => {
      for (const parent of parents)
        if (parent && !seen.has(parent))
          for (const [k, c] of this.#collect(parent, seen)) if (!out.has(k)) out.set(k, c);
    };
    for (const m of d.members)
      if (m.kind === "column") out.set(m.name.text, m);
      else if (m.kind === "inherits") from(this.#named(m.parents, d));
    if (d.kind === "partition") from(this.#named([d.parent], d));
    return out;
  }

  /** Whether all the columns that a table has are declared: its mixins and parents are there, and theirs. */
  areAll(d: Tables, seen = new Set<Tables>()): boolean {
    if (seen.has(d)) return true;
    seen.add(d);
    const isPartition = d.kind === "partition";
    const parents = isPartition ? [d.parent] : d.members.flatMap((m) => (m.kind === "inherits" ? m.parents : []));
    return (
      (isPartition || d.mixins.every((m) => this.#hasMixin(m.text))) &&
      this.#named(parents, d).every((parent) => parent !== undefined && this.areAll(parent, seen))
    );
  }

  /** Parents of a table; undefined: nobody declares it. */
  #named(parents: readonly QualifiedNode[], { name, schema }: Tables): readonly (Tables | undefined)[] {
    const own = ownName(name, schema);
    return parents.map((n) => this.#table(n, own.schema));
  }
}
