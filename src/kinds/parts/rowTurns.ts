/** In what turn the rows of a table change, so that what is unique is given up by one before another takes it. */
import type { Id } from "../../model/objects.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { Context } from "../room.ts";
import { heldIn, type Row, type Rows } from "./rowKey.ts";
import { constraintsOf, type Unique } from "./rowOrder.ts";
import { pairsOf } from "./rowPairs.ts";
import { statedColumns } from "./rowStated.ts";
import { columnOf } from "./table.ts";

/** A row that stays: as it is when its turn comes, and what it is to be in some columns. */
export interface Update {
  readonly old: Row;
  readonly row: Row;
  readonly columns: readonly string[];
  /** What tells it apart then. */
  readonly at: Row;
  readonly key: readonly string[];
}
export interface Turns {
  /** Rows that go before their columns get other types. */
  readonly before: readonly Row[];
  /** Rows that go before others change. */
  readonly first: readonly Row[];
  readonly updates: readonly Update[];
  readonly missing: readonly Row[];
  /** Rows that go when all else is done. */
  readonly last: readonly Row[];
  /** What no turn satisfies: it must go as long as rows change. */
  readonly inTheWay: readonly Unique["id"][];
}

/** Found once for a way of a plan: constraints ask for it, and the rows themselves. */
export function turnsOf(from: Rows, to: Rows, context: Context): Turns {
  const known = turnsIn(context);
  let found = known.get(to);
  if (!found) known.set(to, (found = findTurns(from, to, context)));
  return found;
}
const turnsIn = oncePer((_: Context) => new Map<Rows, Turns>());

function findTurns(from: Rows, to: Rows, context: Context): Turns {
  const { staying, missing, before, going, free } = pairsOf(from, to, context);
  const stated = statedColumns(from, to, context);
  const key = keyOf(from, to);
  const stays = (c: string): boolean => context.from.has(encode(columnOf({ ...to.id, table: to.id.name }, c)));
  const updates = staying.flatMap((pair): Update[] => {
    const { old, row, renamed } = pair;
    // What was not read and is there stays as it is.
    const columns = Object.keys(row).filter((c) => (old[c] ? !same(old[c], row[c]) : !stays(c)));
    const now = stated(pair, columns);
    const given = Object.fromEntries(now.map((c) => [c, row[c]!]));
    const later = columns.filter((c) => !now.includes(c));
    return later.length
      ? [
          {
            old: { ...old, ...given },
            row,
            columns: later,
            at: renamed || key !== to.attributes.key ? { ...old, ...given } : row,
            key,
          },
        ]
      : [];
  });
  const moves = new Moves(staysUnique(from, to, context), [...updates.map(({ row }) => row), ...missing]);
  // Rows that refer to each other go, and come, all at once.
  const itself = refersToItself(from, context);
  const first = itself ? [] : going.filter((row) => free.has(row) && moves.isAwaited(row));
  const last = going.filter((row) => !first.includes(row));
  return {
    before,
    first,
    missing,
    last,
    updates: moves.sorted(updates, last, itself ? missing : []),
    inTheWay: [...moves.inTheWay],
  };
}

/** By what rows are found that stay: where their table's key becomes another one, by the one that they have. */
const keyOf = (from: Rows, to: Rows): readonly string[] =>
  same(from.attributes.key, to.attributes.key) ? to.attributes.key : from.attributes.key;

/** Unique constraints and indexes that the rows of their tables cannot meet all the time, whatever the turn in which they change. */
export const uniquesInTheWay = <K extends Unique["id"]["kind"]>(kind: K, context: Context): readonly Id<K>[] =>
  [...context.to.values()].flatMap((to): Id<K>[] => {
    const from = isKind(to, "rows") ? context.from.get(encode(to.id)) : undefined;
    if (!isKind(to, "rows") || !from || !isKind(from, "rows") || same(from.attributes, to.attributes)) return [];
    return turnsOf(from, to, context).inTheWay.filter((id): id is Id<K> & Unique["id"] => id.kind === kind);
  });

export const refersToItself = (o: Rows, { from, to }: Context): boolean =>
  constraintsOf(o, from).refersToItself || constraintsOf(o, to).refersToItself;

/** What is unique all through the plan. */
const staysUnique = (from: Rows, to: Rows, context: Context): readonly Unique[] => {
  const was = constraintsOf(from, context.from).uniques;
  return constraintsOf(to, context.to).uniques.filter((u) => was.some((w) => same(w, u)));
};

/** Who waits for whom: one that takes a value for the one that gives it up. */
class Moves {
  readonly inTheWay = new Set<Unique["id"]>();
  readonly #uniques: readonly Unique[];
  readonly #wanted: readonly ReadonlySet<string | null>[];

  constructor(uniques: readonly Unique[], wanted: readonly Row[]) {
    this.#uniques = uniques;
    this.#wanted = uniques.map((u) => new Set(wanted.map((row) => heldIn(row, u.columns, u.nulls))));
  }

  /** Whether others are to have what the row holds. */
  isAwaited(row: Row): boolean {
    return this.#uniques.some((u, i) => this.#isWanted(row, u, i));
  }
  #isWanted(row: Row, u: Unique, i: number): boolean {
    const held = heldIn(row, u.columns, u.nulls);
    return held !== null && this.#wanted[i]!.has(held);
  }

  /** Updates in their turn. Those in `last` give nothing up in time, those in `early` take before them. */
  sorted(updates: readonly Update[], last: readonly Row[], early: readonly Row[]): readonly Update[] {
    const givers = this.#uniques.map(
      (u) => new Map(updates.flatMap((x) => (this.#gives(x, u) ? [[heldIn(x.old, u.columns, u.nulls), x]] : []))),
    );
    for (const [i, u] of this.#uniques.entries()) {
      const isTakenEarly = early.some((row) => givers[i]!.has(heldIn(row, u.columns, u.nulls)));
      if (isTakenEarly || last.some((row) => this.#isWanted(row, u, i))) this.inTheWay.add(u.id);
    }
    const out = new Set<Update>();
    const open = new Set<Update>();
    // Chains of updates can be longer than calls may be deep.
    for (const start of updates) {
      const path = [start];
      while (path.length) {
        const x = path.at(-1)!;
        open.add(x);
        const next = out.has(x) ? undefined : this.#awaited(x, givers, out, open);
        if (next) path.push(next);
        else {
          path.pop();
          open.delete(x);
          out.add(x);
        }
      }
    }
    return [...out];
  }
  #gives = ({ old, row }: Update, u: Unique): boolean => {
    const held = heldIn(old, u.columns, u.nulls);
    return held !== null && held !== heldIn(row, u.columns, u.nulls);
  };
  /** One that has to come before it and has not come yet; where that waits for this one in turn, their constraint is in the way. */
  #awaited(
    x: Update,
    givers: readonly ReadonlyMap<string | null, Update>[],
    out: ReadonlySet<Update>,
    open: ReadonlySet<Update>,
  ): Update | undefined {
    for (const [i, u] of this.#uniques.entries()) {
      if (this.inTheWay.has(u.id)) continue;
      const giver = givers[i]!.get(heldIn(x.row, u.columns, u.nulls));
      if (!giver || giver === x || out.has(giver)) continue;
      if (!open.has(giver)) return giver;
      this.inTheWay.add(u.id);
    }
    return undefined;
  }
}
