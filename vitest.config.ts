import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The long ones first, so that no worker is left with one of them at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (f: TestSpecification): number => {
      if (/[\\/]laws[\\/]/.test(f.moduleId)) return 0;
      return /\.live\.test|[\\/]cli[\\/](flow|trouble|embedded)/.test(f.moduleId) ? 1 : 2;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/servers/global.ts"],
    sequence: { sequencer: LongFirst },
    // Most of a test is waiting for a server: two at once on two cores, where vitest would take one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
