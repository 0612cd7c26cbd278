// A runner as a process: says "ready" when it is connected, begins at a line on its input, says "begun" when it has the
// lock and sends its first step, and "done" at the end.
import { createJiti } from "jiti";

const [url, folder] = process.argv.slice(2);
const { apply, connect } = await createJiti(import.meta.url).import("../../src/run/index.ts");
const open = () => connect(url, { applicationName: `runner ${process.pid}` });
const connection = await open();
process.stdout.write("ready\n");
await new Promise((go) => process.stdin.once("data", go));
try {
  const result = await apply(connection, folder, {
    reconnect: open,
    onEvent: (e) => void (e.kind === "plan" && process.stdout.write("begun\n")),
  });
  process.stdout.write(`done ${result.applied.length}\n`);
} catch (e) {
  process.stdout.write(`failed ${e.exit} ${e.message}\n`);
}
await connection.close();
process.exit();
