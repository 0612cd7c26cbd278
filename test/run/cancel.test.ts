/** A cancel is a wish: whatever the other side does, waiting for it ends. */
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { sendCancel } from "../../src/run/cancel.ts";

const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((o) => o.close()));

/** What listens on this port is no Postgres, or one that is stuck. */
async function listener(hear: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    hear(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  opened.push({ close: () => (sockets.forEach((s) => s.destroy()), server.close()) });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
const client = (port: number, ssl: boolean): object => ({ processID: 1, secretKey: 2, host: "127.0.0.1", port, ssl });

describe("a cancel ends", () => {
  it.each<[string, boolean, (socket: Socket) => void]>([
    ["where nobody takes it", false, () => {}],
    ["where nobody answers whether there is TLS", true, () => {}],
    ["where TLS is promised and never comes", true, (s) => s.once("data", () => s.write("S"))],
    ["where TLS is promised and the line goes dead", true, (s) => s.once("data", () => s.end("S"))],
    ["where it is taken", false, (s) => s.once("data", () => s.end())],
  ])("%s", async (_, ssl, hear) => {
    await expect(sendCancel(client(await listener(hear), ssl), 100)).resolves.toBe(undefined);
  });
});
