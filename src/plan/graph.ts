/** Two tools of the order of work that know nothing of it: what is in a circle, and what is least. */

/** Strongly connected components (Tarjan, with a stack of its own): the number of each node's. */
export function circular<N extends object>(nodes: readonly N[], next: (n: N) => readonly N[]): ReadonlyMap<N, number> {
  const out = new Map<N, number>();
  const index = new Map<N, number>();
  const low = new Map<N, number>();
  const open: N[] = [];
  let components = 0;
  for (const root of nodes) {
    if (index.has(root)) continue;
    const work: { readonly node: N; readonly rest: N[] }[] = [];
    const enter = (node: N): void => {
      index.set(node, index.size);
      low.set(node, index.get(node)!);
      open.push(node);
      work.push({ node, rest: [...next(node)] });
    };
    enter(root);
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      const { node, rest } = frame;
      const other = rest.pop();
      if (other) {
        if (!index.has(other)) enter(other);
        else if (!out.has(other)) low.set(node, Math.min(low.get(node)!, index.get(other)!));
        continue;
      }
      work.pop();
      const above = work.at(-1)?.node;
      if (above) low.set(above, Math.min(low.get(above)!, low.get(node)!));
      if (low.get(node) !== index.get(node)) continue;
      for (let n = open.pop()!; ; n = open.pop()!) {
        out.set(n, components);
        if (n === node) break;
      }
      components++;
    }
  }
  return out;
}

/** A binary heap: the least rank first. */
export class Heap<N extends object> {
  readonly #items: N[] = [];
  readonly #rank: ReadonlyMap<N, number>;
  constructor(rank: ReadonlyMap<N, number>) {
    this.#rank = rank;
  }
  #less(a: N, b: N): boolean {
    return this.#rank.get(a)! < this.#rank.get(b)!;
  }
  push(n: N): void {
    const h = this.#items;
    let i = h.push(n) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#less(h[i]!, h[up]!)) break;
      [h[i], h[up]] = [h[up]!, h[i]!];
      i = up;
    }
  }
  pop(): N | undefined {
    const h = this.#items;
    const top = h[0];
    const last = h.pop();
    if (!top || !last || !h.length) return top;
    h[0] = last;
    for (let i = 0; ;) {
      let least = i;
      for (const c of [2 * i + 1, 2 * i + 2]) if (c < h.length && this.#less(h[c]!, h[least]!)) least = c;
      if (least === i) return top;
      [h[i], h[least]] = [h[least]!, h[i]!];
      i = least;
    }
  }
}
