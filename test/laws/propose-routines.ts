/** New functions, procedures and aggregates that fit into a world. */
import { encode } from "../../src/model/id.ts";
import type { Argument, Attributes, Body, DbObject, Fragment, Id, Options } from "../../src/model/objects.ts";
import { literal, name, qualified } from "../../src/sql.ts";
import { condition, defaultFor, typed } from "./expressions.ts";
import { freshName, texts } from "./names.ts";
import { columnNeeds } from "./propose-keys.ts";
import { newName, schemaNeed, schemaNames, someSchema } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { infoOf, someType, type TypeInfo } from "./types.ts";
import { allColumns, of, put, type World } from "./world.ts";

type Routine = DbObject<"function"> | DbObject<"procedure">;
const raw = (sql: string): Fragment => ({ sql, path: [], canonical: sql });

/** A type as functions have it: without modifiers. */
export function bareType(r: Rng, w: World): TypeInfo {
  for (;;) {
    const text = someType(r, w);
    // Types of extensions move with them, and would take the function's name along.
    const bare = text.startsWith("interval")
      ? `interval${text.endsWith("[]") ? "[]" : ""}`
      : text.replace(/\(\d+(,\d+)?\)/, "");
    const type = infoOf(w, bare);
    if (type && !/^(character|bit)(\[\])?$/.test(bare) && !type.needs.some((n) => n.kind === "extension")) return type;
  }
}

/** Functions that can be called without arguments and whose name no other function has. */
export function callable(w: World, but?: Id): readonly DbObject<"function">[] {
  const all = of(w, "function");
  return all.filter((f) => {
    const a = f.attributes;
    const alone = all.filter((x) => x.id.schema === f.id.schema && x.id.name === f.id.name).length === 1;
    const result = a.returns.type.sql;
    return (
      alone &&
      !a.returns.set &&
      !a.window &&
      a.security === "invoker" &&
      !["trigger", "event_trigger", "void", "record", "internal"].includes(result) &&
      a.arguments.every((x) => x.mode === "in" && x.default !== null) &&
      !(but && reaches(w, f, but))
    );
  });
}
function reaches(w: World, o: DbObject, id: Id, seen = new Set<string>()): boolean {
  const key = encode(o.id);
  if (seen.has(key)) return false;
  seen.add(key);
  if (key === encode(id)) return true;
  return o.needs.some((n) => {
    const x = n.kind === "table" ? undefined : w.objects.get(encode(n));
    return x !== undefined && reaches(w, x, id, seen);
  });
}
/** Functions that triggers call. */
export const triggerFunctions = (w: World): readonly DbObject<"function">[] =>
  of(w, "function").filter((f) => f.attributes.returns.type.sql === "trigger");

const settings = (r: Rng): Options => {
  if (r.chance(0.7)) return {};
  const all: Options = {
    search_path: ["pg_catalog", ...r.some(schemaNames, 0, 2), "pg_temp"].map(name).join(", "),
    work_mem: r.pick(["64MB", "1GB"]),
    statement_timeout: r.pick(["0", "5s"]),
    "my.own": r.pick(["a", "it's", "x y"]),
  };
  return Object.fromEntries(r.some(Object.keys(all), 1, 2).map((k) => [k, all[k]!]));
};

interface Made {
  readonly arguments: readonly Argument[];
  readonly needs: readonly Id[];
}

/** `inputs`: types that are given already. */
function someArguments(
  r: Rng,
  w: World,
  schema: string,
  old: Routine | null,
  table: boolean,
  procedure: boolean,
): Made {
  const taken = new Set<string>();
  const needs: Id[] = [];
  const out: Argument[] = [];
  const own = (): string | null => {
    if (r.chance(0.2)) return null;
    const n = freshName(r, taken);
    taken.add(n);
    return n;
  };
  const given = old?.id.arguments.map((t) => infoOf(w, t)) ?? null;
  const inputs = given?.every((t) => t !== null)
    ? (given as TypeInfo[])
    : Array.from({ length: r.int(4) }, () => bareType(r, w));
  let defaults = false;
  for (const [i, t] of inputs.entries()) {
    needs.push(...t.needs);
    const last = i === inputs.length - 1;
    const variadic = last && !procedure && t.class === "array" && t.text.endsWith("[]") && r.chance(0.4);
    const value = !variadic && (defaults || r.chance(0.3)) ? defaultFor(r, w, schema, t) : null;
    // After one with a default all have one.
    if (defaults && !value && !variadic) {
      for (const [k, a] of out.entries()) out[k] = { ...a, default: null };
      defaults = false;
    } else if (value) defaults = true;
    if (variadic) for (const [k, a] of out.entries()) out[k] = { ...a, default: null };
    if (value) needs.push(...value.needs);
    out.push({
      name: own(),
      mode: variadic ? "variadic" : !table && r.chance(procedure ? 0.2 : 0.08) ? "inout" : "in",
      type: raw(t.text),
      default: value?.fragment ?? null,
    });
  }
  const more = table
    ? 1 + r.int(3)
    : !procedure && r.chance(0.2)
      ? 1 + r.int(2)
      : procedure && w.major >= 14 && r.chance(0.2)
        ? 1
        : 0;
  // What a procedure gives back stands before what may be left out.
  const outputs = Array.from({ length: more }, (): Argument => {
    const t = bareType(r, w);
    needs.push(...t.needs);
    return {
      name: table ? freshName(r, taken) : own(),
      mode: table ? "table" : "out",
      type: raw(t.text),
      default: null,
    };
  });
  for (const o of outputs) if (o.name !== null) taken.add(o.name);
  const named = distinct(r, [...(procedure ? outputs : []), ...out, ...(procedure ? [] : outputs)]);
  return { arguments: named, needs };
}
function distinct(r: Rng, list: readonly Argument[]): readonly Argument[] {
  const taken = new Set<string>();
  return list.map((a) => {
    if (a.name === null) return a;
    const n = taken.has(a.name) ? freshName(r, taken) : a.name;
    taken.add(n);
    // So does PL/pgSQL itself call an argument without a name.
    return { ...a, name: n.replace(/^\$(?=\d)/, "_$") };
  });
}

/** `from` a table, with a condition; what it needs. */
function someSource(r: Rng, w: World, schema: string): { sql: string; path: readonly string[]; needs: readonly Id[] } {
  const tables = of(w, "table");
  if (tables.length === 0 || r.chance(0.4)) return { sql: "", path: [], needs: [] };
  const t = r.pick(tables).id;
  const e = r.chance(0.6) ? condition(r, { schema, name: "" }, typed(w, allColumns(w, t))) : null;
  return {
    sql: ` from ${qualified(t)}${e ? ` where ${e.fragment.sql}` : ""}`,
    path: e?.fragment.path ?? [],
    needs: [t, ...(e ? [...columnNeeds(t, e.columns), ...e.needs] : [])],
  };
}

const remark = (r: Rng): string => (r.chance(0.3) ? `/* ${r.pick(["a", "it's", "$$", "-- x", "日本"])} */ ` : "");

function proposeBody(
  r: Rng,
  w: World,
  schema: string,
  outputs: readonly Fragment[],
  language: string,
  set: boolean,
  out: boolean,
): { body: Body; needs: readonly Id[] } {
  if (language === "plpgsql") {
    const message = r.chance(0.3) ? `perform ${literal(r.pick(texts)).trim()}; ` : "";
    const give = set || out || outputs.length === 0 ? "" : "return null; ";
    return { body: { text: `${remark(r)}begin ${message}${give}end` }, needs: [] };
  }
  const source = someSource(r, w, schema);
  const nulls = outputs.map((t) => `null::${t.sql}`).join(", ") || "1";
  const query = `select ${nulls}${source.sql}`;
  if (w.major >= 14 && r.chance(0.4)) {
    // What nobody looks at but Postgres, which qualifies it.
    const sql =
      !set && outputs.length === 1 && r.chance(0.4)
        ? { sql: `return (select null::${outputs[0]!.sql}${source.sql})`, path: source.path, canonical: null }
        : {
            sql: `begin atomic\n${r.chance(0.3) ? "select 1;\n" : ""}${query};\nend`,
            path: source.path,
            canonical: null,
          };
    return { body: { sql }, needs: source.needs };
  }
  const first = r.chance(0.3) ? `select ${literal(r.pick(texts)).trim()}; ` : "";
  // An unqualified name in a text is found by whoever calls it.
  if (source.path.length > 0) return { body: { text: `${remark(r)}${first}select ${nulls}` }, needs: [] };
  return { body: { text: `${remark(r)}${first}${query}` }, needs: source.needs };
}

const shared = (r: Rng): Pick<Attributes<"function">, "security" | "settings" | "transforms"> => ({
  security: r.chance(0.2) ? "definer" : "invoker",
  settings: settings(r),
  transforms: [],
});
const properties = (r: Rng, set: boolean) => ({
  volatility: r.pick(["volatile", "stable", "immutable"] as const),
  strict: r.chance(0.3),
  leakproof: r.chance(0.2),
  parallel: r.pick(["unsafe", "restricted", "safe"] as const),
  cost: r.chance(0.7) ? "100" : r.pick(["1", "0.5", "1234.5", "1e+06"].filter((c) => !c.includes("e"))),
  rows: set ? (r.chance(0.6) ? "1000" : r.pick(["1", "10.5", "77"])) : "0",
  support:
    set && r.chance(0.3)
      ? { schema: "pg_catalog", name: r.pick(["generate_series_int4_support", "generate_series_int8_support"]) }
      : null,
});

/** One that triggers call, made where there is none. */
export function ensureFunction(r: Rng, w: World, special: "trigger" | "event_trigger"): void {
  if (of(w, "function").filter((f) => f.attributes.returns.type.sql === special).length < 2)
    put(w, proposeFunction(r, w, undefined, special));
}

/** `wanted`: what sort of trigger it is for. */
export function proposeFunction(
  r: Rng,
  w: World,
  old?: DbObject<"function">,
  wanted?: "trigger" | "event_trigger",
): DbObject<"function"> {
  const place = old?.id ?? routineName(r, w);
  const schema = place.schema;
  const kind = "function" as const;
  // What triggers call stays so, and nothing else becomes it.
  const was = old?.attributes.returns.type.sql;
  const isSpecial = was === "trigger" || was === "event_trigger";
  const special = old ? (isSpecial ? was : null) : (wanted ?? null);
  if (special !== null) {
    const p = properties(r, false);
    return {
      id: { kind, schema, name: place.name, arguments: [] },
      attributes: {
        ...shared(r),
        ...p,
        arguments: [],
        language: "plpgsql",
        body: {
          text: `${remark(r)}begin ${r.chance(0.3) ? `perform ${literal(r.pick(texts)).trim()}; ` : ""}${special === "trigger" ? "return coalesce(new, old); " : ""}end`,
        },
        returns: { type: raw(special), set: false },
        strict: false,
        support: null,
        window: false,
      },
      needs: schemaNeed(schema),
    };
  }
  if (old ? old.attributes.language === "internal" : r.chance(0.06)) {
    const window = r.chance(0.6);
    return {
      id: { kind, schema, name: place.name, arguments: [] },
      attributes: {
        ...shared(r),
        ...properties(r, false),
        cost: r.pick(["1", "100"]),
        arguments: [],
        language: "internal",
        body: { text: window ? r.pick(["window_row_number", "window_rank"]) : "pg_backend_pid" },
        returns: { type: raw(window ? "bigint" : "integer"), set: false },
        support: null,
        window,
      },
      needs: schemaNeed(schema),
    };
  }
  const table = r.chance(0.15);
  const made = someArguments(r, w, schema, old ?? null, table, false);
  const outputs = made.arguments.filter((a) => ["out", "inout", "table"].includes(a.mode));
  const type = bareType(r, w);
  const set = table || r.chance(0.2);
  const returns: Fragment =
    outputs.length > 1
      ? raw("record")
      : outputs.length === 1
        ? outputs[0]!.type
        : r.chance(0.1)
          ? raw("void")
          : raw(type.text);
  const language = r.chance(0.55) ? "sql" : "plpgsql";
  const transforms = of(w, "transform").filter((t) => t.id.language === language && r.chance(0.5));
  const isVoid = returns.sql === "void";
  const written = outputs.length > 0 ? outputs.map((a) => a.type) : isVoid ? [] : [returns];
  const { body, needs } = proposeBody(r, w, schema, written, language, set && !isVoid, outputs.length > 0);
  const inputs = made.arguments.filter((a) => ["in", "inout", "variadic"].includes(a.mode)).map((a) => a.type.sql);
  return {
    id: { kind, schema, name: place.name, arguments: inputs },
    attributes: {
      ...shared(r),
      ...properties(r, set && !isVoid),
      arguments: made.arguments,
      language,
      body,
      returns: { type: returns, set: set && !isVoid },
      window: false,
      transforms: transforms.map((t) => raw(t.id.type)),
    },
    needs: [
      ...schemaNeed(schema),
      ...transforms.map((t) => t.id),
      ...made.needs,
      ...(outputs.length > 0 || isVoid ? [] : type.needs),
      ...needs,
    ],
  };
}

export function proposeProcedure(r: Rng, w: World, old?: DbObject<"procedure">): DbObject<"procedure"> {
  const place = old?.id ?? routineName(r, w);
  const schema = place.schema;
  const made = someArguments(r, w, schema, old ?? null, false, true);
  const outputs = made.arguments.filter((a) => a.mode === "inout" || a.mode === "out").map((a) => a.type);
  const language = r.chance(0.5) ? "sql" : "plpgsql";
  const { body, needs } = proposeBody(r, w, schema, outputs, language, false, outputs.length > 0);
  const inputs = made.arguments.filter((a) => a.mode === "in" || a.mode === "inout").map((a) => a.type.sql);
  return {
    id: { kind: "procedure", schema, name: place.name, arguments: inputs },
    attributes: { ...shared(r), arguments: made.arguments, language, body },
    needs: [...schemaNeed(schema), ...made.needs, ...needs],
  };
}

/** Now and then one that others have, for other arguments. */
function routineName(r: Rng, w: World): { schema: string; name: string } {
  const all: readonly Routine[] = [...of(w, "function"), ...of(w, "procedure")];
  if (all.length > 0 && r.chance(0.15)) {
    const { schema, name: n } = r.pick(all).id;
    return { schema, name: n };
  }
  return newName(r, w, someSchema(r, w));
}
