/**
 * Base types, on functions of Postgres's own under names of ours, and types of which only the name is there. Little of a base type can
 * change, and its functions go with it: they stand apart from the other functions (see `of` in world.ts).
 */
import { isKind } from "../../src/model/database.ts";
import type { Attributes, DbObject, FunctionName, Id, QualifiedName } from "../../src/model/objects.ts";
import { qualified } from "../../src/sql.ts";
import { newName, schemaNeed, someSchema } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { has, isSupport, of, put, remove, type World } from "./world.ts";

type BaseType = DbObject<"baseType">;
type Definition = Attributes<"baseType">;
const raw = (sql: string) => ({ sql, path: [], canonical: sql });

export function proposeShell(r: Rng, w: World): DbObject<"shellType"> {
  const own = newName(r, w, someSchema(r, w));
  return { id: { kind: "shellType", ...own }, attributes: {}, needs: schemaNeed(own.schema) };
}

/** What Postgres's own types are, by the word that their functions begin with. */
const models = {
  int8: { internalLength: 8, byValue: true, alignment: "double", element: null, text: "7" },
  text: { internalLength: null, byValue: false, alignment: "int4", element: null, text: "it's" },
  point_: { internalLength: 16, byValue: false, alignment: "double", element: "double precision", text: "(1,2)" },
} as const;
type Model = keyof typeof models;

/** One of the type's functions, made with it. */
function support(
  r: Rng,
  w: World,
  shell: DbObject<"shellType">,
  symbol: string,
  takes: string,
  gives: string,
): FunctionName {
  const own = newName(r, w, someSchema(r, w));
  put(w, {
    id: { kind: "function", ...own, arguments: [takes] },
    attributes: {
      arguments: [{ name: null, mode: "in", type: raw(takes), default: null }],
      returns: { type: raw(gives), set: false },
      language: "internal",
      body: { text: symbol },
      volatility: r.pick(["immutable", "stable"] as const),
      strict: true,
      security: "invoker",
      leakproof: false,
      parallel: r.pick(["safe", "unsafe"] as const),
      cost: "1",
      rows: "0",
      support: null,
      settings: {},
      window: false,
      transforms: [],
    },
    needs: [...schemaNeed(own.schema), shell.id],
  });
  return { ...own, arguments: [takes] };
}
const own = (name: string, takes: string): FunctionName => ({ schema: "pg_catalog", name, arguments: [takes] });

/** What ALTER TYPE … SET takes, beside the functions that are the type's own. */
const changeable = (r: Rng, w: World, fixed: Pick<Definition, "internalLength" | "element">) => ({
  ...r.pick([
    { typmodIn: null, typmodOut: null },
    { typmodIn: own("varchartypmodin", "cstring[]"), typmodOut: null },
    { typmodIn: own("varchartypmodin", "cstring[]"), typmodOut: own("varchartypmodout", "integer") },
    { typmodIn: own("bpchartypmodin", "cstring[]"), typmodOut: own("bpchartypmodout", "integer") },
  ]),
  analyze: r.pick([null, own("array_typanalyze", "internal"), own("range_typanalyze", "internal")]),
  subscript:
    w.major >= 14 && (fixed.element !== null || r.chance(0.3)) ? own("raw_array_subscript_handler", "internal") : null,
  // Back to plain Postgres does not go.
  storage: fixed.internalLength === null ? r.pick(["extended", "external", "main"] as const) : ("plain" as const),
});

/** A new one with its name and its functions, sometimes of a name that is there; for an old one, what can change of it. */
export function proposeBase(r: Rng, w: World, old?: BaseType): BaseType {
  if (old) {
    const functions = supports(w, old.id);
    const one = (symbol: RegExp): FunctionName | null => {
      const f = functions.find((x) => "text" in x.attributes.body && symbol.test(x.attributes.body.text));
      return f && r.chance(0.6) ? { schema: f.id.schema, name: f.id.name, arguments: f.id.arguments } : null;
    };
    const more = { ...changeable(r, w, old.attributes), receive: one(/recv$/), send: one(/send$/) };
    return { ...old, attributes: { ...old.attributes, ...more } };
  }
  const shells = of(w, "shellType").filter((s) => !has(w, { ...s.id, kind: "baseType" }));
  const shell = shells.length > 0 && r.chance(0.5) ? r.pick(shells) : proposeShell(r, w);
  put(w, shell);
  const self = qualified(shell.id);
  const model: Model = r.pick(["int8", "text", "point_"] as const);
  const { text, ...fixed } = models[model];
  const made = (end: string, takes: string, gives: string): FunctionName =>
    support(r, w, shell, model + end, takes, gives);
  const attributes: Definition = {
    ...fixed,
    ...changeable(r, w, fixed),
    input: made("in", "cstring", self),
    output: made("out", self, "cstring"),
    receive: r.chance(0.5) ? made("recv", "internal", self) : null,
    send: r.chance(0.5) ? made("send", self, "bytea") : null,
    category: r.pick(["U", "N", "S", "x"]),
    preferred: r.chance(0.2),
    default: r.chance(0.3) ? text : null,
    delimiter: r.pick([",", ",", ";", "'"]),
    collatable: model === "text" && r.chance(0.4),
  };
  const id: Id<"baseType"> = { kind: "baseType", schema: shell.id.schema, name: shell.id.name };
  const functions = [attributes.input, attributes.output, attributes.receive, attributes.send];
  const needs = functions.flatMap((f): readonly Id[] => (f ? [{ kind: "function", ...f }] : []));
  return { id, attributes, needs: [shell.id, ...needs] };
}

/** The functions that were made with a base type. */
const supports = (w: World, t: QualifiedName): readonly DbObject<"function">[] => {
  const out: DbObject<"function">[] = [];
  for (const o of w.objects.values())
    if (
      isKind(o, "function") &&
      isSupport(o) &&
      o.needs.some((n) => n.kind === "shellType" && n.schema === t.schema && n.name === t.name)
    )
      out.push(o);
  return out;
};

/** A base type goes with all of its own; its name may stay as that of a type which nobody has defined. */
export function leaveBase(r: Rng, w: World, o: BaseType): void {
  for (const f of supports(w, o.id)) remove(w, f.id);
  remove(w, o.id);
  if (r.chance(0.7)) remove(w, { kind: "shellType", schema: o.id.schema, name: o.id.name });
}

/** Without its type a function that reads or writes its values is none. */
export const isOfBase = (w: World, o: DbObject<"function">): boolean =>
  o.needs.some((n) => n.kind === "shellType" && has(w, { kind: "baseType", schema: n.schema, name: n.name }));
