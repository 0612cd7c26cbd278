/** Kinds that stand on functions of Postgres's own: aggregates, casts, operators and their classes, conversions, languages, transforms. */
import { isKind } from "../../src/model/database.ts";
import type {
  AggregateState,
  Argument,
  DbObject,
  FunctionName,
  Id,
  Kind,
  QualifiedName,
} from "../../src/model/objects.ts";
import { newName, schemaNeed, someSchema } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { infoOf } from "./types.ts";
import { has, of, put, type World } from "./world.ts";

const raw = (sql: string) => ({ sql, path: [], canonical: sql });
const own = (name: string): QualifiedName => ({ schema: "pg_catalog", name });
const f = (name: string, ...parameters: string[]): FunctionName => ({
  schema: "pg_catalog",
  name,
  arguments: parameters,
});
const argument = (name: string | null, type: string): Argument => ({
  name,
  mode: "in",
  type: raw(type),
  default: null,
});

export function proposeAggregate(r: Rng, w: World, old?: DbObject<"aggregate">): DbObject<"aggregate"> {
  const place = old?.id ?? newName(r, w, someSchema(r, w));
  const inputs =
    old?.id.arguments ?? r.pick([["integer"], ["integer"], ["numeric"], ["double precision", "anyelement"]]);
  const modify = () => r.pick(["read_only", "shareable", "read_write"] as const);
  const names = inputs.map((t) => argument(r.pick([null, null, "x"]), t));
  const list = names.map((a, i) => (i > 0 && a.name !== null ? { ...a, name: "y" } : a));
  const state = (sfunc: string, type: string, more: Partial<AggregateState> = {}): AggregateState => ({
    sfunc: own(sfunc),
    type: raw(type),
    space: r.pick([0, 0, 64]),
    finalfunc: null,
    finalExtra: false,
    finalModify: modify(),
    initial: null,
    ...more,
  });
  const base = {
    arguments: list,
    kind: "normal" as const,
    direct: 0,
    moving: null,
    combine: null,
    serialize: null,
    deserialize: null,
    sortOperator: null,
    parallel: r.pick(["unsafe", "restricted", "safe"] as const),
  };
  const whole = (): DbObject<"aggregate">["attributes"] => {
    if (inputs[0] === "integer") {
      const start = () => r.pick([null, "0", "7"]);
      return {
        ...base,
        state: state("int4pl", "integer", { initial: start(), finalfunc: r.pick([null, own("int4abs")]) }),
        moving: r.chance(0.4)
          ? { state: state("int4pl", "integer", { initial: start() }), inverse: own("int4mi") }
          : null,
        combine: r.pick([null, own("int4pl")]),
        sortOperator: r.chance(0.3) ? own(r.pick(["<", ">"])) : null,
      };
    }
    if (inputs[0] === "numeric") {
      const packed = r.chance(0.6);
      return {
        ...base,
        state: state("numeric_avg_accum", "internal", { finalfunc: own(r.pick(["numeric_avg", "numeric_sum"])) }),
        combine: packed || r.chance(0.5) ? own("numeric_avg_combine") : null,
        serialize: packed ? own("numeric_avg_serialize") : null,
        deserialize: packed ? own("numeric_avg_deserialize") : null,
      };
    }
    return {
      ...base,
      kind: "ordered",
      direct: 1,
      state: state("ordered_set_transition", "internal", {
        finalfunc: own("percentile_disc_final"),
        finalExtra: true,
        finalModify: r.pick(["shareable", "read_write"] as const),
      }),
    };
  };
  return {
    id: { kind: "aggregate", schema: place.schema, name: place.name, arguments: inputs },
    attributes: whole(),
    needs: schemaNeed(place.schema),
  };
}

function proposeCast(r: Rng, w: World, id?: Id<"cast">): DbObject<"cast"> | null {
  const enums = of(w, "enum");
  const e = enums.length > 0 && r.chance(0.7) ? r.pick(enums) : null;
  const text = (x: DbObject<"enum">): string =>
    [x.id.schema, x.id.name].map((n) => (/^[a-z_][a-z0-9_]*$/.test(n) ? n : `"${n.replaceAll('"', '""')}"`)).join(".");
  const made: Id<"cast"> = id ?? { kind: "cast", from: e ? text(e) : "bigint", to: e ? "integer" : "xid8" };
  const type = infoOf(w, made.from);
  // A name that Postgres would quote all the same is none that we know.
  if (!type || (!id && has(w, made))) return null;
  const context = r.pick(["explicit", "assignment"] as const);
  const other = made.from === "bigint" ? "binary" : "function";
  const method = r.pick(["inout", other] as const);
  return {
    id: made,
    attributes: { method, function: method === "function" ? f("hashenum", "anyenum") : null, context },
    needs: type.needs,
  };
}

const symbols = ["|=|", "|+|", "~<~>", "#%#", "@=@"];
function proposeOperator(r: Rng, w: World, id?: Id<"operator">): DbObject<"operator"> | null {
  const made: Id<"operator"> = id ?? {
    kind: "operator",
    schema: someSchema(r, w),
    name: r.pick(symbols),
    left: "integer",
    right: r.pick(["integer", "bigint"]),
  };
  if (!id && of(w, "operator").some((o) => o.id.schema === made.schema && o.id.name === made.name)) return null;
  const mixed = made.right === "bigint";
  return {
    id: made,
    attributes: {
      function: f(
        r.pick(mixed ? ["int48eq", "int48ne", "int48lt"] : ["int4eq", "int4ne", "int4lt"]),
        "integer",
        made.right ?? "",
      ),
      commutator: !mixed && r.chance(0.4) ? { schema: made.schema, name: made.name } : null,
      negator: null,
      restrict: r.chance(0.4) ? own(r.pick(["eqsel", "neqsel"])) : null,
      join: r.chance(0.4) ? own(r.pick(["eqjoinsel", "neqjoinsel"])) : null,
      hashes: r.chance(0.3),
      merges: r.chance(0.3),
    },
    needs: schemaNeed(made.schema),
  };
}

const integers = (number: number, name: string) => ({
  number,
  operator: { schema: "pg_catalog", name, left: "integer", right: "integer" },
  orderBy: null,
});
const compared = { number: 1, types: ["integer", "integer"], function: f("btint4cmp", "integer", "integer") } as const;
const taken = (w: World, kind: "operatorFamily" | "operatorClass"): ReadonlySet<string> =>
  new Set(of(w, kind).map((o) => JSON.stringify([o.id.schema, o.id.name])));

function proposeFamily(r: Rng, w: World, id?: Id<"operatorFamily">): DbObject<"operatorFamily"> | null {
  const place = id ?? { schema: someSchema(r, w), name: r.pick(["whole", "Odd Family", "order"]) };
  if (!id && taken(w, "operatorFamily").has(JSON.stringify([place.schema, place.name]))) return null;
  // What a class of it holds belongs to that one.
  const holds = of(w, "operatorClass").some(
    (c) => c.attributes.family.schema === place.schema && c.attributes.family.name === place.name,
  );
  return {
    id: { kind: "operatorFamily", schema: place.schema, name: place.name, method: "btree" },
    attributes: {
      operators: holds ? [] : [integers(1, "<"), integers(3, "="), integers(5, ">")].filter(() => r.chance(0.4)),
      functions: holds || r.chance(0.5) ? [] : [compared],
    },
    needs: schemaNeed(place.schema),
  };
}
function proposeClass(r: Rng, w: World, id?: Id<"operatorClass">): DbObject<"operatorClass"> | null {
  const families = of(w, "operatorFamily").filter(
    (x) => x.attributes.operators.length + x.attributes.functions.length === 0,
  );
  const free = families.filter(
    (x) =>
      !of(w, "operatorClass").some(
        (c) =>
          !(id && c.id.schema === id.schema && c.id.name === id.name) &&
          c.attributes.family.schema === x.id.schema &&
          c.attributes.family.name === x.id.name,
      ),
  );
  if (free.length === 0) return null;
  const family = r.pick(free).id;
  const place = id ?? { schema: someSchema(r, w), name: r.pick(["whole_ops", "Odd Ops", "user"]) };
  if (!id && taken(w, "operatorClass").has(JSON.stringify([place.schema, place.name]))) return null;
  const all = [integers(1, "<"), integers(2, "<="), integers(3, "="), integers(4, ">="), integers(5, ">")];
  return {
    id: { kind: "operatorClass", schema: place.schema, name: place.name, method: "btree" },
    attributes: {
      type: "integer",
      default: false,
      family: { schema: family.schema, name: family.name },
      storage: null,
      operators: r.chance(0.5) ? all : all.filter(() => r.chance(0.7)),
      functions: r.chance(0.7) ? [compared] : [],
    },
    needs: [...schemaNeed(place.schema), family],
  };
}

function proposeConversion(r: Rng, w: World, id?: Id<"conversion">): DbObject<"conversion"> {
  const place = id ?? { kind: "conversion" as const, ...newName(r, w, someSchema(r, w)) };
  const parameters = ["integer", "integer", "cstring", "internal", "integer", ...(w.major >= 14 ? ["boolean"] : [])];
  const [source, target, name] = r.pick([
    ["LATIN1", "UTF8", "iso8859_1_to_utf8"],
    ["UTF8", "LATIN1", "utf8_to_iso8859_1"],
    ["LATIN2", "UTF8", "iso8859_to_utf8"],
  ] as const);
  const other = of(w, "conversion").some(
    (c) => c.attributes.default && c.id.schema === place.schema && c.id.name !== place.name,
  );
  return {
    id: { kind: "conversion", schema: place.schema, name: place.name },
    attributes: { source, target, function: f(name, ...parameters), default: !other && r.chance(0.4) },
    needs: schemaNeed(place.schema),
  };
}

function proposeLanguage(r: Rng, w: World, id?: Id<"language">): DbObject<"language"> | null {
  const free = ["plother", "Odd Lang"].filter((name) => !has(w, { kind: "language", name }));
  if (!id && free.length === 0) return null;
  return {
    id: id ?? { kind: "language", name: r.pick(free) },
    attributes: {
      trusted: r.chance(0.5),
      handler: f("plpgsql_call_handler"),
      inline: r.chance(0.5) ? f("plpgsql_inline_handler", "internal") : null,
      validator: r.chance(0.5) ? f("plpgsql_validator", "oid") : null,
    },
    needs: [],
  };
}

function proposeAccessMethod(r: Rng, w: World, id?: Id<"accessMethod">): DbObject<"accessMethod"> | null {
  const free = ["own_index", "Odd Method"].filter((name) => !has(w, { kind: "accessMethod", name }));
  if (id ? w.accessMethods.includes(id.name) : free.length === 0) return null;
  return {
    id: id ?? { kind: "accessMethod", name: r.pick(free) },
    attributes: r.pick([
      { type: "index", handler: f("bthandler", "internal") },
      { type: "index", handler: f("hashhandler", "internal") },
      { type: "table", handler: f("heap_tableam_handler", "internal") },
    ] as const),
    needs: [],
  };
}

function proposeTransform(r: Rng, w: World, id?: Id<"transform">): DbObject<"transform"> | null {
  const made: Id<"transform"> = id ?? {
    kind: "transform",
    type: r.pick(["integer", "bigint"]),
    language: r.pick(["sql", "plpgsql"]),
  };
  if (!id && has(w, made)) return null;
  const from = r.chance(0.6)
    ? f(r.pick(["generate_series_int4_support", "generate_series_int8_support"]), "internal")
    : null;
  const to = f(made.type === "integer" ? "int4recv" : "int8recv", "internal");
  return { id: made, attributes: { fromSql: from, toSql: from === null || r.chance(0.5) ? to : null }, needs: [] };
}

const emptied = (o: DbObject<"operatorFamily"> | null): DbObject | null =>
  o && { ...o, attributes: { operators: [], functions: [] } };

export const simpleKinds = [
  "aggregate",
  "cast",
  "operator",
  "operatorFamily",
  "operatorClass",
  "conversion",
  "language",
  "accessMethod",
  "transform",
] as const;
export type SimpleKind = (typeof simpleKinds)[number];
export const isSimple = (kind: Kind): kind is SimpleKind => (simpleKinds as readonly Kind[]).includes(kind);

export function proposeSimple(r: Rng, w: World, kind: SimpleKind, o?: DbObject): DbObject | null {
  switch (kind) {
    case "aggregate":
      return proposeAggregate(r, w, o && isKind(o, kind) ? o : undefined);
    case "cast":
      return proposeCast(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "operator":
      return proposeOperator(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "operatorFamily":
      return proposeFamily(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "operatorClass":
      if (!o) {
        const family = emptied(proposeFamily(r, w));
        if (family) put(w, family);
      }
      return proposeClass(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "conversion":
      return proposeConversion(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "language":
      return proposeLanguage(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "accessMethod":
      return proposeAccessMethod(r, w, o && isKind(o, kind) ? o.id : undefined);
    case "transform":
      return proposeTransform(r, w, o && isKind(o, kind) ? o.id : undefined);
  }
}

/** Two or three sorts of these in a database. */
export function proposeSimples(r: Rng, w: World, add: (o: DbObject | null) => void): void {
  for (const kind of r.some(simpleKinds, 0, 4)) for (let n = 1 + r.int(2); n > 0; n--) add(proposeSimple(r, w, kind));
}
