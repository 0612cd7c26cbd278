import { defineConfig } from "schemac/config";

export default defineConfig({
  environments: {
    // The embedded Postgres, kept in .schemac/db.
    local: { url: "embedded" },
  },
  defaultEnvironment: "local",
});
