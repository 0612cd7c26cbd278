import { expect, it } from "vitest";
import { plainConfig } from "../../src/cli/plainConfig.ts";

const whole = (literal: string): string =>
  `// a comment\nimport { defineConfig } from "schemac/config";\n\nexport default defineConfig(${literal});\n`;

it("a config that is a plain literal is read as running it would", () => {
  const literal = `{
    schema: "a", // said
    'values': { n: -1.5, b: true, s: '\\u00e9', },
    environments: { local: { url: "embedded" } }, /* more */ manage: { schemas: ["x", \`y\`] },
  }`;
  const run: unknown = new Function(`return ${literal}`)();
  expect(plainConfig(whole(literal))).toEqual(run);
  expect(plainConfig(whole(literal + ",").replace(");", ")"))).toEqual(run);
  expect(plainConfig(`export default ${literal};`)).toEqual(run);
  expect(plainConfig(whole(literal).replace(/defineConfig\(|\);$/gm, ""))).toEqual(run);
  expect(plainConfig("import {defineConfig} from 'schemac'\nexport default defineConfig({})")).toBeUndefined();
});

it("anything else is left to be run", () => {
  for (const text of [
    "",
    "// mine",
    "export default defineConfig({})",
    whole("{ schema: process.env.X }"),
    whole("{ environments: { a: { url: async () => 'x' } } }"),
    whole("{ run: () => 1 }"),
    whole("{ run() {} }"),
    whole("{ a: 1, a: 2 }"),
    whole('{ "__proto__": {} }'),
    whole("{ ...more }"),
    whole("{ a: `${b}` }"),
    whole("{} as Config"),
    "export default {} satisfies Config",
    "export default { url: process.env.X }",
    "export default {}; console.log(1)",
    whole("{}") + "console.log(1)",
    whole("{}").replace("defineConfig }", "defineConfig, type Config }"),
    whole("{}").replace("schemac/config", "./mine"),
    'import "./more.ts";\n' + whole("{}"),
    whole("{ /* open"),
  ])
    expect(plainConfig(text), text).toBeUndefined();
});
