/** New collations, extended statistics and text search objects that fit into a world. */
import type { DbObject, Id, QualifiedName } from "../../src/model/objects.ts";
import { newName, schemaNeed, someSchema } from "./propose-types.ts";
import { tableId } from "./propose-tables.ts";
import { columnNeeds } from "./propose-keys.ts";
import type { Rng } from "./rng.ts";
import { keyExpression, typed } from "./expressions.ts";
import { columnType } from "./types.ts";
import { allColumns, of, type World } from "./world.ts";

const raw = (sql: string) => ({ sql, path: [], canonical: sql });
const builtIn = (name: string, ...parameters: string[]) => ({ schema: "pg_catalog", name, arguments: parameters });

export function proposeCollation(rng: Rng, w: World, id?: Id<"collation">): DbObject<"collation"> {
  const own = id ?? { kind: "collation" as const, ...newName(rng, w, someSchema(rng, w)) };
  const libc = { provider: "libc", locale: null, deterministic: true, rules: null } as const;
  const one = rng.pick(["C", "POSIX"]);
  const attributes: DbObject<"collation">["attributes"] =
    w.major >= 17 && rng.chance(0.3)
      ? { ...libc, provider: "builtin", locale: raw(rng.pick(["C", "C.UTF-8"])), lcCollate: null, lcCtype: null }
      : { ...libc, lcCollate: one, lcCtype: rng.chance(0.7) ? one : rng.pick(["C", "POSIX"]) };
  return { id: own, attributes, needs: schemaNeed(own.schema) };
}

const kinds = ["ndistinct", "dependencies", "mcv"] as const;

export function proposeStatistics(rng: Rng, w: World, old?: DbObject<"statistics">): DbObject<"statistics"> | null {
  const tables = of(w, "table");
  if (tables.length === 0) return null;
  const t = old?.attributes.table ?? rng.pick(tables).id;
  const table = { schema: t.schema, name: t.name };
  const fit = allColumns(w, table).filter(
    (c) => columnType(w, table, c.id.name)?.ordered === true && c.attributes.generated?.storage !== "virtual",
  );
  const columns = rng.some(fit, 0, 3).map((c) => c.id.name);
  const evaluated = typed(w, fit);
  const expressions =
    w.major >= 14 && rng.chance(0.4) && evaluated.length > 0
      ? [keyExpression(rng, evaluated)].flatMap((e) => e ?? [])
      : [];
  const count = columns.length + expressions.length;
  const without = rng.int(3);
  if (count === 0 || (count === 1 && columns.length === 1)) return null;
  const id = old?.id ?? {
    kind: "statistics" as const,
    ...newName(rng, w, rng.chance(0.7) ? t.schema : someSchema(rng, w)),
  };
  return {
    id,
    attributes: {
      table,
      kinds: count === 1 ? [] : rng.chance(0.5) ? kinds : kinds.filter((_, i) => i !== without),
      columns: [...columns].sort(),
      expressions: expressions.map((e) => e.fragment),
      target: rng.chance(0.3) ? rng.pick([0, 50, 1000]) : null,
    },
    needs: [
      ...schemaNeed(id.schema),
      tableId(table),
      ...columns.map((name): Id => ({ kind: "column", schema: t.schema, table: t.name, name })),
      ...expressions.flatMap((e) => [...columnNeeds(table, e.columns), ...e.needs]),
    ],
  };
}

export function proposeSearch(
  rng: Rng,
  w: World,
  kind: "textSearchParser" | "textSearchTemplate" | "textSearchDictionary" | "textSearchConfiguration",
  id?: Id,
): DbObject | null {
  const own = {
    ...newName(rng, w, someSchema(rng, w)),
    ...(id && "schema" in id && "name" in id ? { schema: id.schema, name: id.name } : {}),
  };
  const needs = schemaNeed(own.schema);
  const name = ({ schema, name: n }: QualifiedName): QualifiedName => ({ schema, name: n });
  const inCatalog = (n: string): QualifiedName => ({ schema: "pg_catalog", name: n });
  switch (kind) {
    case "textSearchParser":
      return {
        id: { kind, ...own },
        attributes: {
          start: builtIn("prsd_start", "internal", "integer"),
          gettoken: builtIn("prsd_nexttoken", "internal", "internal", "internal"),
          end: builtIn("prsd_end", "internal"),
          headline: rng.chance(0.5) ? builtIn("prsd_headline", "internal", "internal", "tsquery") : null,
          lextypes: builtIn("prsd_lextype", "internal"),
        },
        needs,
      };
    case "textSearchTemplate": {
      const four = ["internal", "internal", "internal", "internal"];
      return {
        id: { kind, ...own },
        attributes: {
          init: rng.chance(0.7) ? builtIn("dsimple_init", "internal") : null,
          lexize: builtIn("dsimple_lexize", ...four),
        },
        needs,
      };
    }
    case "textSearchDictionary": {
      const made = of(w, "textSearchTemplate").filter((t) => t.attributes.init !== null);
      const template = made.length > 0 && rng.chance(0.4) ? rng.pick(made).id : null;
      const snowball = !template && rng.chance(0.6);
      return {
        id: { kind, ...own },
        attributes: {
          template: template ? name(template) : inCatalog(snowball ? "snowball" : "simple"),
          options: {
            ...(snowball ? { language: rng.pick(["english", "dutch", "german"]) } : {}),
            ...(rng.chance(0.4) ? { stopwords: "english" } : {}),
            ...(!snowball && rng.chance(0.4) ? { accept: rng.pick(["true", "false"]) } : {}),
          },
        },
        needs: [...needs, ...(template ? [template] : [])],
      };
    }
    case "textSearchConfiguration": {
      const parsers = of(w, "textSearchParser");
      const parser = parsers.length > 0 && rng.chance(0.4) ? rng.pick(parsers).id : null;
      const made = of(w, "textSearchDictionary");
      const used: Id[] = [];
      const dictionary = (): QualifiedName => {
        if (made.length === 0 || rng.chance(0.4)) return inCatalog(rng.pick(["simple", "english_stem"]));
        const picked = rng.pick(made).id;
        used.push(picked);
        return name(picked);
      };
      const mappings = Object.fromEntries(
        rng.some(["asciiword", "word", "email", "url", "int"], 0, 4).map((token): [string, QualifiedName[]] => {
          const list = [dictionary(), ...(rng.chance(0.4) ? [dictionary()] : [])];
          return [token, list];
        }),
      );
      return {
        id: { kind, ...own },
        attributes: { parser: parser ? name(parser) : inCatalog("default"), mappings },
        needs: [...needs, ...(parser ? [parser] : []), ...used],
      };
    }
  }
}
