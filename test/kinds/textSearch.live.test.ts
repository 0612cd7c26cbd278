import { testChanges } from "./said.ts";

const docs = (configuration: string): string =>
  `table docs { id int primary key, title text, s tsvector generated (to_tsvector('${configuration}', title)) }`;
const own = (name: string): string =>
  `text search configuration ${name} parser default { mapping for asciiword, word with simple }`;

testChanges("a configuration named in a string goes when nothing is worked out by it any more", [
  ["it is new", docs("english"), `${docs("en")}\n${own("en")}`],
  ["it goes", `${own("en")}\n${docs("en")}`, docs("english")],
  ["another takes its place", `${own("en")}\n${docs("en")}`, `${docs("de")}\n${own("de")}`],
]);
