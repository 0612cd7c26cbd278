/** Asks a server to cancel what a session runs: the protocol's CancelRequest, on a connection of its own. */
import { connect as connectSocket, isIP, type Socket } from "node:net";

const cancelRequest = 80877102;
const tlsRequest = 80877103;

/** Sends the request for this pg client and waits until the server has taken it, `patience` milliseconds at most between its answers. Fails silently: a cancel is a wish. */
export async function sendCancel(client: object, patience = 5000): Promise<void> {
  const get = (key: string): unknown =>
    key in client ? (client as Readonly<Record<string, unknown>>)[key] : undefined;
  const [pid, secret, host, port] = [get("processID"), get("secretKey"), get("host"), get("port")];
  if (typeof pid !== "number" || typeof secret !== "number" || typeof port !== "number") return;
  const place = typeof host === "string" ? host : "localhost";
  const socket = place.startsWith("/") ? connectSocket(`${place}/.s.PGSQL.${port}`) : connectSocket(port, place);
  socket.setTimeout(patience, () => socket.destroy());
  try {
    await event(socket, "connect");
    const ready = get("ssl") ? await withTls(socket, place) : socket;
    ready.write(words(cancelRequest, pid, secret));
    await event(ready, "close");
  } catch {
    socket.destroy();
  }
}

async function withTls(socket: Socket, host: string): Promise<Socket> {
  socket.write(words(tlsRequest));
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.once("data", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
  if (answer.toString() !== "S") return socket;
  // Loaded only here: it takes Node longer than a small command's own code.
  const { connect: connectTls } = await import("node:tls");
  // What is sent is worth nothing to anybody else: a key that cancels one statement of ours.
  const secure = connectTls({ socket, ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: false });
  await event(secure, "secureConnect");
  return secure;
}

const event = (socket: Socket, name: "connect" | "close" | "secureConnect"): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once(name, () => resolve());
    socket.once("error", reject);
    // A socket that we destroy has no error, and what is waited for never comes.
    socket.once("close", () => reject(new Error("closed")));
    if (name === "close") socket.resume();
  });

/** A message of 32-bit numbers, its length first. */
function words(...numbers: readonly number[]): Buffer {
  const out = Buffer.alloc(4 + 4 * numbers.length);
  out.writeInt32BE(out.length, 0);
  numbers.forEach((n, i) => out.writeInt32BE(n, 4 + 4 * i));
  return out;
}
