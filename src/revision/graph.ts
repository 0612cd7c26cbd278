/** Revisions as a graph of parents. Nothing here takes the history to be one line. */

export interface Node {
  readonly id: string;
  readonly number: number;
  readonly parents: readonly string[];
}

/** Parents before children; among those that could come next, the lowest number, then the id. Members of a cycle are left out. */
export function inOrder<N extends Node>(nodes: readonly N[]): readonly N[] {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const waiting = new Map(nodes.map((n) => [n.id, n.parents.filter((p) => byId.has(p)).length]));
  const children = childrenOf(nodes);
  // Sorted backwards, so that the next one is taken from the end; mostly one line, so the list stays short.
  const ready = nodes.filter((n) => waiting.get(n.id) === 0).sort((a, b) => later(a, b));
  const out: N[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    out.push(next);
    for (const id of children.get(next.id) ?? []) {
      const left = waiting.get(id)! - 1;
      waiting.set(id, left);
      if (left === 0) insert(ready, byId.get(id)!);
    }
  }
  return out;
}

const later = (a: Node, b: Node): number => b.number - a.number || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

function insert<N extends Node>(ready: N[], node: N): void {
  let i = ready.length;
  while (i > 0 && later(ready[i - 1]!, node) > 0) i--;
  ready.splice(i, 0, node);
}

/** Ids of each revision's children. */
export function childrenOf(nodes: readonly Node[]): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const n of nodes) {
    for (const p of n.parents) {
      const list = children.get(p);
      if (list === undefined) children.set(p, [n.id]);
      else list.push(n.id);
    }
  }
  return children;
}

/** The revision itself and all it builds on. */
export function withAncestors(nodes: readonly Node[], id: string): ReadonlySet<string> {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const found = new Set<string>();
  const left = [id];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...(byId.get(next)?.parents ?? []));
  }
  return found;
}

/** Those that no other builds on. */
export function headsOf<N extends Node>(nodes: readonly N[]): readonly N[] {
  const children = childrenOf(nodes);
  return nodes.filter((n) => !children.has(n.id));
}
