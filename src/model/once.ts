/** What is found once and kept as long as what it was found in. */

/** The same function, which finds what it gives once for each thing that it is asked for; the things must never change. */
export function oncePer<K extends object, V>(find: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { readonly found: V }>();
  return (of) => {
    let entry = known.get(of);
    if (!entry) known.set(of, (entry = { found: find(of) }));
    return entry.found;
  };
}

/** The things by their keys, in their order; what has no key is left out. */
export function groupedBy<T>(all: Iterable<T>, key: (o: T) => string): ReadonlyMap<string, readonly T[]> {
  const out = new Map<string, T[]>();
  for (const o of all) {
    const list = out.get(key(o));
    if (list) list.push(o);
    else out.set(key(o), [o]);
  }
  return out;
}
