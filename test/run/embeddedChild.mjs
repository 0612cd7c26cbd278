// Applies many revisions to the embedded Postgres in a folder, and says "step" at each.
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);
const { apply } = await jiti.import("../../src/run/index.ts");
const { openEmbedded } = await jiti.import("../../src/run/embedded.ts");
const { manySteps } = await jiti.import("./base.ts");
const connection = await openEmbedded(process.argv[2], { extensions: [] });
await apply(connection, manySteps(), {
  onEvent: (e) => void (e.kind === "step-done" && process.stdout.write("step ")),
});
await connection.close();
