/** Plain SQL for base types: the name, then the functions, which need it, then what the type is. */
import { isKind } from "../../src/model/database.ts";
import type { DbObject, FunctionName } from "../../src/model/objects.ts";
import { routine } from "./render-code.ts";
import { by, type InSchema, qq, text } from "./render-text.ts";
import { isSupport, of, type World } from "./world.ts";

export function renderBases(w: World, inSchema: InSchema): void {
  for (const o of of(w, "shellType")) inSchema(o.id.schema, `create type ${qq(o.id)}`);
  for (const o of w.objects.values()) if (isKind(o, "function") && isSupport(o)) inSchema(o.id.schema, routine(o));
  for (const o of of(w, "baseType")) inSchema(o.id.schema, base(o));
}

function base(o: DbObject<"baseType">): string {
  const a = o.attributes;
  const calls = (word: string, f: FunctionName | null): string => by(f && `${word} = ${qq(f)},`);
  return (
    `create type ${qq(o.id)} (input = ${qq(a.input)}, output = ${qq(a.output)},` +
    calls("receive", a.receive) +
    calls("send", a.send) +
    calls("typmod_in", a.typmodIn) +
    calls("typmod_out", a.typmodOut) +
    calls("analyze", a.analyze) +
    calls("subscript", a.subscript) +
    by(a.element !== null && `element = ${a.element},`) +
    by(a.byValue && "passedbyvalue,") +
    by(a.default !== null && `default = ${text(a.default ?? "")},`) +
    ` internallength = ${a.internalLength ?? "variable"}, alignment = ${a.alignment}, storage = ${a.storage},` +
    ` category = ${text(a.category)}, preferred = ${a.preferred}, delimiter = ${text(a.delimiter)}, collatable = ${a.collatable})`
  );
}
