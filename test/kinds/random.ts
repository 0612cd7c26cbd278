/** Seeded randomness, so that a failure can be seen again. */
export interface Random {
  /** A whole number from 0 up to n − 1. */
  readonly below: (n: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly chance: (p: number) => boolean;
}

/** mulberry32 */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)]!, chance: (p) => next() < p };
}

/** A name of random length from alphabets that hurt: quotes, blanks, capitals, two to four bytes a character. */
export function nastyName(r: Random, longest = 63): string {
  const alphabet = r.pick(["abcdef_", "aB \"'.$-", "éßλж", "字漢🙂x", "a"]);
  const characters = [...alphabet];
  const most = r.chance(0.3) ? longest : 1 + r.below(20);
  let out = "";
  for (;;) {
    const c = r.pick(characters);
    if (Buffer.byteLength(out + c) > most) break;
    out += c;
    if (r.chance(0.03)) break;
  }
  return out || "n";
}
