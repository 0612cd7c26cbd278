/**
 * Loads pg. When it is loaded it wants to know whether it runs on Cloudflare, and where there is no `navigator` (before Node
 * 21) it makes a Response to find out, for which Node loads all of fetch: a third of the start of a small command. So there
 * is a `navigator` for that moment.
 */
export async function loadPg(): Promise<Pick<typeof import("pg"), "Client">> {
  if ("navigator" in globalThis) return (await import("pg")).default;
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Node.js" }, configurable: true });
  try {
    return (await import("pg")).default;
  } finally {
    Reflect.deleteProperty(globalThis, "navigator");
  }
}
