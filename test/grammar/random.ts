/** Made-up declarations from a seed: every kind, every option, names and SQL chosen to do harm. */
import type {
  BoundNode,
  CheckNode,
  ColumnNode,
  ConstraintNode,
  Declaration,
  DeferrableNode,
  DomainDeclaration,
  EnumDeclaration,
  ExcludeNode,
  ForeignKeyNode,
  IndexNode,
  KeyNode,
  Member,
  NotNullNode,
  PartitionDeclaration,
  PartitionKeyNode,
  PrimaryKeyNode,
  SequenceDeclaration,
  SequenceOptionsNode,
  TableDeclaration,
  UniqueNode,
} from "../../grammar/declarations.ts";
import type { FragmentNode, Name, OptionNode, QualifiedNode, TypeNode } from "../../grammar/nodes.ts";

import { policy, rule, trigger, view } from "./randomAttached.ts";
import * as made from "./randomMade.ts";
import { ofNoSchema, said } from "./randomSaid.ts";
import { foreignOptions, publication, stored, whole } from "./randomDatabase.ts";
import { defaults, docs, fragments, names, oddNames } from "./samples.ts";

const span = { file: "", start: 0, end: 0 };

export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  int = (n: number): number => Math.floor(this.next() * n);
  chance = (p: number): boolean => this.next() < p;
  pick = <T>(list: readonly T[]): T => list[this.int(list.length)]!;
  maybe = <T>(p: number, make: () => T): T | null => (this.chance(p) ? make() : null);
  many = <T>(most: number, make: (i: number) => T, least = 0): T[] =>
    Array.from({ length: least + this.int(most - least + 1) }, (_, i) => make(i));
}

export class Maker {
  readonly r: Random;
  constructor(seed: number) {
    this.r = new Random(seed);
  }
  text = (): string => (this.r.chance(0.25) ? this.r.pick(oddNames) : this.r.pick(names.split(" ")));
  name = (): Name => ({ text: this.text(), quoted: false, span });
  qualified = (): QualifiedNode => ({ schema: this.r.maybe(0.3, this.name), name: this.name(), span });
  fragment = (): FragmentNode => ({ text: this.r.pick(fragments), span });
  default = (): FragmentNode => ({ text: this.r.pick(defaults), span });
  doc = (): string | null => this.r.maybe(0.3, () => this.r.pick(docs));
  names = (least = 1): Name[] => this.r.many(3, this.name, least);
  number = (): string => this.r.pick(["0", "1", "-5", "9223372036854775807", "1000"]);

  type = (): TypeNode => {
    const plain = (text: string, modifiers: readonly string[] = [], fields: string | null = null): TypeNode => ({
      schema: null,
      name: { text, quoted: false, span },
      fields,
      modifiers,
      dimensions: this.r.chance(0.15) ? this.r.pick([[null], [3], [3, null], [null, null, 7]]) : [],
      span,
    });
    return this.r.pick<() => TypeNode>([
      () => plain("text"),
      () => plain("numeric", ["12", "2"]),
      () => plain("numeric", ["5", "-2"]),
      () => plain("double precision"),
      () => plain("character varying", ["10"]),
      () => plain("timestamp with time zone", ["3"]),
      () => plain("timestamp without time zone"),
      () => plain("time with time zone"),
      () => plain("timestamp", ["3"]),
      () => plain("interval", ["3"], "day to second"),
      () => plain("interval", [], "year"),
      () => plain("bit varying"),
      () => plain("geometry", ["Point", "4326"]),
      () => ({
        ...plain(this.r.pick(["char", "time", "interval", "national", "bit"])),
        name: { text: this.r.pick(["char", "time", "interval", "bit"]), quoted: true, span },
      }),
      () => ({
        ...plain(""),
        name: {
          text: this.r.pick(["mixedCase", "sp ace", "double precision", "timestamp with time zone", 'q"']),
          quoted: true,
          span,
        },
      }),
      () => ({
        ...plain(this.r.pick(["status", "größe", "was", "in", "array", "order", "with", "check"])),
        schema: this.r.maybe(0.5, this.name),
      }),
    ])();
  };
  option = (): OptionNode => ({
    name: this.r.pick([
      "fillfactor",
      "autovacuum_enabled",
      "toast.autovacuum_enabled",
      "n_distinct",
      "Odd Name",
      "a.b.c",
    ]),
    value: this.r.pick([null, "90", "-0.5", "on", "AUTO", "", "a b", "it's", "1e5", "${x}", "\n", "null", "--"]),
    span,
  });
  options = (): OptionNode[] => (this.r.chance(0.25) ? this.r.many(3, this.option, 1) : []);
  deferrable = (): DeferrableNode =>
    this.r.maybe(0.3, () => this.r.pick(["not deferrable", "deferrable", "initially deferred"]));
  sequenceOptions = (): SequenceOptionsNode => ({
    start: this.r.maybe(0.3, this.number),
    increment: this.r.maybe(0.3, this.number),
    min: this.r.maybe(0.3, () => this.r.pick(["none", this.number()])),
    max: this.r.maybe(0.3, () => this.r.pick(["none", this.number()])),
    cache: this.r.maybe(0.3, this.number),
    cycle: this.r.maybe(0.3, () => this.r.chance(0.5)),
  });

  key = (): KeyNode => {
    const column = this.r.chance(0.6);
    const operatorClass = this.r.maybe(0.3, this.qualified);
    return {
      column: column ? this.name() : null,
      expression: column ? null : this.fragment(),
      collation: this.r.maybe(0.2, this.qualified),
      operatorClass,
      operatorClassOptions: operatorClass === null ? [] : this.options(),
      order: this.r.maybe(0.3, () => this.r.pick(["asc", "desc"])),
      nulls: this.r.maybe(0.3, () => this.r.pick(["first", "last"])),
      statistics: this.r.maybe(0.2, () => "500"),
      span,
    };
  };

  primaryKey = (inline: Name | null): PrimaryKeyNode => ({
    kind: "primaryKey",
    name: this.r.maybe(0.4, this.name),
    columns: inline === null ? this.names() : [inline],
    withoutOverlaps: inline === null && this.r.chance(0.2),
    of: inline === null ? this.r.maybe(0.1, this.name) : null,
    only: inline === null && this.r.chance(0.1),
    include: this.r.chance(0.2) ? this.names() : [],
    deferrable: this.deferrable(),
    options: inline === null ? this.options() : [],
    tablespace: this.r.maybe(0.1, this.name),
    span,
    doc: inline === null ? this.doc() : null,
  });
  unique = (inline: Name | null): UniqueNode => ({
    ...this.primaryKey(inline),
    kind: "unique",
    nullsNotDistinct: this.r.chance(0.3),
  });
  foreignKey = (inline: Name | null): ForeignKeyNode => {
    const action = (): ForeignKeyNode["onDelete"] => {
      const kind = this.r.pick(["no action", "restrict", "cascade", "set null", "set default"] as const);
      return { action: kind, columns: kind.startsWith("set") && this.r.chance(0.5) ? this.names() : [] };
    };
    return {
      kind: "foreignKey",
      name: this.r.maybe(0.4, this.name),
      columns: inline === null ? this.names() : [inline],
      references: this.qualified(),
      ...this.r.pick([
        { referencedColumns: [], period: false },
        { referencedColumns: this.names(), period: false },
        ...(inline === null ? [{ referencedColumns: this.names(), period: true }] : []),
      ]),
      match: this.r.maybe(0.2, () => this.r.pick(["simple", "full"])),
      onDelete: this.r.maybe(0.4, action),
      onUpdate: this.r.maybe(0.3, action),
      deferrable: this.deferrable(),
      notValid: this.r.chance(0.2),
      notEnforced: this.r.chance(0.2),
      span,
      doc: inline === null ? this.doc() : null,
    };
  };
  check = (inline: boolean): CheckNode => ({
    kind: "check",
    name: this.r.maybe(0.4, this.name),
    expression: this.fragment(),
    noInherit: this.r.chance(0.2),
    notValid: this.r.chance(0.2),
    notEnforced: this.r.chance(0.2),
    span,
    doc: inline ? null : this.doc(),
  });
  notNull = (inline: Name | null): NotNullNode => ({
    kind: "notNull",
    name: this.name(),
    column: inline ?? this.name(),
    noInherit: this.r.chance(0.3),
    notValid: this.r.chance(0.3),
    span,
    doc: inline === null ? this.doc() : null,
  });
  exclude = (): ExcludeNode => ({
    kind: "exclude",
    name: this.r.maybe(0.4, this.name),
    method: this.r.maybe(0.6, this.name),
    elements: this.r.many(
      3,
      () => ({
        key: this.key(),
        operator: {
          text: this.r.pick([
            "=",
            "&&",
            "<>",
            "-|-",
            "*=",
            "operator(pg_catalog.=)",
            'operator("S".&&)',
            "operator(=)",
            "->",
          ]),
          span,
        },
      }),
      1,
    ),
    include: this.r.chance(0.2) ? this.names() : [],
    where: this.r.maybe(0.3, this.fragment),
    deferrable: this.deferrable(),
    options: this.options(),
    tablespace: this.r.maybe(0.1, this.name),
    span,
    doc: this.doc(),
  });
  index = (): IndexNode => ({
    kind: "index",
    dependsOn: this.r.many(1, this.name),
    of: null,
    only: this.r.chance(0.1),
    name: this.r.maybe(0.7, this.name),
    was: this.r.maybe(0.2, this.name),
    unique: this.r.chance(0.3),
    nullsNotDistinct: this.r.chance(0.2),
    method: this.r.maybe(0.4, this.name),
    keys: this.r.many(4, this.key, 1),
    include: this.r.chance(0.2) ? this.names() : [],
    where: this.r.maybe(0.3, this.fragment),
    options: this.options(),
    tablespace: this.r.maybe(0.1, this.name),
    span,
    doc: this.doc(),
  });
  column = (): ColumnNode => {
    const name = this.name();
    return {
      kind: "column",
      name,
      was: this.r.maybe(0.2, this.name),
      inherited: this.r.chance(0.1),
      type: this.type(),
      nullable: this.r.chance(0.4),
      default: this.r.maybe(0.5, this.default),
      identity: this.r.maybe(0.2, () => ({
        generation: this.r.pick(["always", "by default"] as const),
        options: this.sequenceOptions(),
        sequenceName: this.r.maybe(0.3, this.qualified),
        span,
      })),
      generated: this.r.maybe(0.2, () => ({ expression: this.fragment(), virtual: this.r.chance(0.5) })),
      collation: this.r.maybe(0.2, this.qualified),
      storage: this.r.maybe(0.1, () => this.r.pick(["main", "external"])),
      compression: this.r.maybe(0.1, () => "lz4"),
      statistics: this.r.maybe(0.1, () => "500"),
      options: this.options(),
      foreignOptions: this.r.chance(0.1) ? foreignOptions(this) : [],
      using: this.r.maybe(0.1, this.fragment),
      backfill: this.r.maybe(0.1, this.fragment),
      constraints: this.r
        .many(2, () =>
          this.r.pick<() => ConstraintNode>([
            () => this.primaryKey(name),
            () => this.unique(name),
            () => this.foreignKey(name),
            () => this.check(true),
            () => this.notNull(name),
          ])(),
        )
        // Two of them without names may be one that is said twice.
        .filter((c, i, all) => c.kind !== "unique" || all.findIndex((x) => x.kind === "unique") === i),
      span,
      doc: this.doc(),
    };
  };
  member = (): Member =>
    this.r.pick<() => Member>([
      this.column,
      this.column,
      this.column,
      () => this.primaryKey(null),
      () => this.unique(null),
      () => this.foreignKey(null),
      () => this.check(false),
      () => this.notNull(null),
      this.exclude,
      this.index,
      () => made.statistics(this),
      () => {
        const mode = this.r.pick(["full", "nothing", "default", "index"] as const);
        return { kind: "replicaIdentity", mode, index: mode === "index" ? this.name() : null, span, doc: null };
      },
      () => ({ kind: "rowSecurity", enabled: this.r.chance(0.7), forced: this.r.chance(0.5), span, doc: null }),
      () => policy(this),
      () => trigger(this),
      () => rule(this),
      () => ({ kind: "cluster", index: this.name(), span, doc: null }),
      () => ({ kind: "inherits", parents: this.r.many(3, this.qualified, 1), span, doc: null }),
    ])();

  table = (schema: Name | null): TableDeclaration => ({
    kind: "table",
    name: this.qualified(),
    was: this.r.maybe(0.2, this.name),
    mixins: this.r.chance(0.3) ? this.names() : [],
    of: this.r.maybe(0.2, this.qualified),
    ...stored(this),
    members: this.r.many(8, this.member),
    span,
    doc: this.doc(),
    schema,
  });
  partitionKey = (): PartitionKeyNode | null =>
    this.r.maybe(0.2, () => ({
      strategy: this.r.pick(["range", "list", "hash"] as const),
      keys: this.r.many(3, () => ({ ...this.key(), order: null, nulls: null, operatorClassOptions: [] }), 1),
      span,
    }));
  bound = (): BoundNode =>
    this.r.pick<() => BoundNode>([
      () => ({ kind: "range", from: this.fragment(), to: this.fragment(), span }),
      () => ({ kind: "list", values: this.fragment(), span }),
      () => ({ kind: "hash", modulus: this.r.pick(["1", "8"]), remainder: this.r.pick(["0", "7"]), span }),
      () => ({ kind: "default", span }),
    ])();
  partOfIndex = (): IndexNode => ({
    ...this.index(),
    name: this.name(),
    of: this.name(),
    ...{ dependsOn: [], unique: false, nullsNotDistinct: false },
    method: null,
    keys: [],
    include: [],
    where: null,
  });
  partition = (schema: Name | null): PartitionDeclaration => ({
    kind: "partition",
    name: this.qualified(),
    was: this.r.maybe(0.2, this.name),
    parent: this.qualified(),
    bound: this.bound(),
    ...stored(this),
    members: this.r
      .many(5, () => (this.r.chance(0.3) ? this.partOfIndex() : this.member()))
      .flatMap((m): Member[] =>
        m.kind === "column" ? [{ ...m, inherited: true }] : m.kind === "inherits" || m.kind === "comment" ? [] : [m],
      ),
    span,
    doc: this.doc(),
    schema,
  });
  enum = (schema: Name | null): EnumDeclaration => ({
    kind: "enum",
    name: this.qualified(),
    was: this.r.maybe(0.2, this.name),
    labels: this.r.many(12, () => ({
      text: this.text(),
      was: this.r.maybe(0.1, this.text),
      replacement: this.r.maybe(0.1, this.text),
      span,
    })),
    span,
    doc: this.doc(),
    schema,
  });
  domain = (schema: Name | null): DomainDeclaration => ({
    kind: "domain",
    name: this.qualified(),
    was: this.r.maybe(0.2, this.name),
    type: this.type(),
    ...made.domainNotNull(this),
    default: this.r.maybe(0.4, this.default),
    collation: this.r.maybe(0.2, this.qualified),
    checks: this.r.many(3, () => ({
      name: this.r.maybe(0.5, this.name),
      expression: this.fragment(),
      notValid: this.r.chance(0.2),
      doc: this.doc(),
      span,
    })),
    span,
    doc: this.doc(),
    schema,
  });
  sequence = (schema: Name | null): SequenceDeclaration => ({
    kind: "sequence",
    name: this.qualified(),
    was: this.r.maybe(0.2, this.name),
    type: this.r.maybe(0.4, () => ({
      schema: null,
      name: { text: this.r.pick(["smallint", "integer", "bigint"]), quoted: false, span },
      fields: null,
      modifiers: [],
      dimensions: [],
      span,
    })),
    unlogged: this.r.chance(0.2),
    options: this.sequenceOptions(),
    ownedBy: this.r.maybe(0.3, () => ({ table: this.qualified(), column: this.name() })),
    span,
    doc: this.doc(),
    schema,
  });

  /** One file's declarations; with a header when all of them share a schema. */
  file = (): Declaration[] => {
    const schema = this.r.maybe(0.5, this.name);
    const own = schema !== null && schema.text !== "public";
    const one = (i: number): Declaration => {
      const here = own || this.r.chance(0.7) ? schema : this.r.maybe(0.5, this.name);
      return this.r.pick<() => Declaration>([
        () => this.table(here),
        () => this.partition(here),
        () => this.table(here),
        () => this.enum(here),
        () => this.domain(here),
        () => made.typeDefinition(this, here),
        () => made.collation(this, here),
        () => made.search(this, here),
        () => made.cast(this, own ? schema : null),
        () => made.operator(this, here),
        () => made.global(this, own ? schema : null, here),
        () => this.sequence(here),
        () => view(this, here),
        () => said(this, here),
        () => said(this, here),
        () => ofNoSchema(this),
        () => publication(this, own ? schema : null),
        () => whole(this, own ? schema : null),
        () => ({
          kind: "mixin",
          name: this.name(),
          members: this.r.many(4, this.member),
          span,
          doc: this.doc(),
          schema: own ? schema : null,
        }),
        () => ({
          kind: "extension",
          name: this.name(),
          version: this.r.maybe(0.4, () => this.r.pick(["1.6", "it's", "${x}", "a\nb"])),
          into: this.r.maybe(0.4, this.name),
          span,
          doc: this.doc(),
          schema: null,
        }),
        () => ({
          kind: "schema",
          name: { text: `s${i} ${this.text()}`, quoted: false, span },
          span,
          doc: this.doc(),
          schema: null,
        }),
      ])();
    };
    const rest = this.r.many(6, one, 1);
    const placed = rest.some((d) => !["schema", "extension", "role", "database", "defaultPrivileges"].includes(d.kind));
    return own && placed ? [{ kind: "schema", name: schema, span, doc: this.doc(), schema: null }, ...rest] : rest;
  };
}

/** Declarations without their places, and without what quoting was needed for (only of types does it carry meaning). */
export function bare(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((v) => bare(v));
  if (typeof value !== "object" || value === null) return value;
  const keep = Object.entries(value).filter(([k]) => k !== "span" && (k !== "quoted" || key === "typeName"));
  return Object.fromEntries(keep.map(([k, v]) => [k, bare(v)]));
}
