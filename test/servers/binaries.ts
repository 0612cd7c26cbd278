/** Finds the server programs that npm installed, and makes them runnable by whoever runs them. */
import { accessSync, constants, cpSync, existsSync, readFileSync, realpathSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export const majors = [13, 14, 15, 16, 17, 18] as const;
export type Major = (typeof majors)[number];

/** Who runs the server: Postgres refuses to run as root, so root lends it an ordinary user. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** An ordinary user of this machine when we are root, else null (run as ourselves). */
export function ordinaryUser(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map((f) => ({ name: f[0] ?? "", uid: Number(f[2]), gid: Number(f[3]) }))
    .filter((u) => u.uid > 0);
  const user = users.find((u) => u.name === "nobody") ?? users[0];
  if (!user) throw new Error("PostgreSQL refuses to run as root and this machine has no other user to run it as");
  return { uid: user.uid, gid: user.gid };
}

/** The folder with bin/, lib/ and share/ of a major. `work`: where a copy may be put when the installed one can't be used as it is. */
export function binaries(major: Major, owner: Owner | null, work: string): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `pg${major}-${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `No PostgreSQL ${major} server for ${platform} ${process.arch} is installed (npm package ${name}); ` +
        `run "npm ci" without --omit=optional, or leave ${major} out of SCHEMAC_TEST_MAJORS`,
    );
  }
  const installed = dirname(dirname(entry));
  const usable = owner === null ? writable(installed) : everybodyCanRead(installed);
  if (!usable) cpSync(installed, join(work, name), { recursive: true });
  const root = usable ? installed : join(work, name);
  restoreLinks(root);
  return join(root, "native");
}

/** What the package's postinstall script would do; npm doesn't run it unasked. */
function restoreLinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    try {
      symlinkSync(source.slice(dirname(target).length + 1), join(root, target));
    } catch (e) {
      // Another process may have made it in the meantime.
      if (!existsSync(join(root, target))) throw e;
    }
  }
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function everybodyCanRead(path: string): boolean {
  for (let p = realpathSync(path); ; p = dirname(p)) {
    if ((statSync(p).mode & 0o005) !== 0o005) return false;
    if (p === dirname(p)) return true;
  }
}
