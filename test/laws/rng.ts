/** A seeded source of chance: the same seed gives the same choices on every machine. */
export interface Rng {
  /** A whole number from 0 to n − 1. */
  int(n: number): number;
  /** True with this probability. */
  chance(p: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Some of the list, in its order, at least `least`. */
  some<T>(list: readonly T[], least: number, most: number): T[];
  shuffle<T>(list: readonly T[]): T[];
}

/** Seeds are texts, so that `7/12/3` can be a seed of its own. */
export function rng(seed: string): Rng {
  let h = 1779033703 ^ seed.length;
  for (const c of seed) {
    h = Math.imul(h ^ c.codePointAt(0)!, 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  const next = (): number => {
    h = (h + 0x6d2b79f5) | 0;
    let t = Math.imul(h ^ (h >>> 15), 1 | h);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  for (let i = 0; i < 4; i++) next();
  const int = (n: number): number => Math.floor(next() * n);
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error("nothing to pick from");
    return list[int(list.length)]!;
  };
  const shuffle = <T>(list: readonly T[]): T[] => {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = int(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  };
  return {
    int,
    chance: (p) => next() < p,
    pick,
    shuffle,
    some: (list, least, most) => {
      const n = Math.min(list.length, least + int(Math.max(1, most - least + 1)));
      const chosen = new Set(shuffle(list.map((_, i) => i)).slice(0, n));
      return list.filter((_, i) => chosen.has(i));
    },
  };
}
