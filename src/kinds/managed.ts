/** What a text declares although nothing looks at it: it would be new in every plan, and fail where it is there. */
import type { DbObject, Id } from "../model/objects.ts";
import { type Database, indexOf, type Index, isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { type Problem, problem, type Span } from "../problems.ts";
import { name } from "../sql.ts";
import { roomOf } from "./rooms.ts";

/** Names of schemas that are never managed, as a regular expression that Postgres and JavaScript read alike. */
export const neverManaged = "^(pg_|information_schema$|schemac(_|$))";
const never = new RegExp(neverManaged);

/** What is looked at: these schemas (absent: all), but for those. */
interface Scope {
  readonly schemas?: readonly string[];
  readonly exclude?: readonly string[];
}

/** What decides whether something is looked at: a schema, whether the whole database is, or something else than schemas. */
type Place = { readonly schema: string } | "whole database" | "elsewhere";

function placeOf(id: Id, all: Index): Place {
  if ("target" in id) return placeOf(id.target, all);
  switch (id.kind) {
    case "schema":
      return { schema: id.name };
    case "extension": {
      const o = all.get(encode(id));
      return o && isKind(o, "extension") && o.attributes.schema !== "pg_catalog"
        ? { schema: o.attributes.schema }
        : "elsewhere";
    }
    case "publication": {
      const members = [...all.values()].some((o) => isKind(o, "publicationTable") && o.id.publication === id.name);
      return members ? "elsewhere" : "whole database";
    }
    case "setting":
      return id.role === null ? "whole database" : "elsewhere";
    case "defaultPrivilege":
      return id.inSchema === null ? "whole database" : { schema: id.inSchema };
    case "role":
    case "membership":
    case "sqlBlock":
      return "elsewhere";
    case "database":
    case "language":
    case "accessMethod":
    case "eventTrigger":
    case "foreignDataWrapper":
    case "server":
    case "subscription":
    case "cast":
    case "transform":
    case "userMapping":
      return "whole database";
    default:
      return { schema: id.schema };
  }
}

/** Which schemas alone are managed, in words; undefined: all are. */
const onlyThese = ({ schemas }: Scope): string | undefined =>
  schemas && `the config's \`manage\` names the schemas ${schemas.map(name).join(", ") || "of nobody"}`;

/** Why nothing in the schema is looked at; null: it is. */
function whyLeftOut(schema: string, scope: Scope): string | null {
  if (never.test(schema)) return `This is of the schema ${name(schema)}, which is never managed.`;
  if (scope.schemas?.includes(schema) === false)
    return `This is of the schema ${name(schema)}, and ${onlyThese(scope)}: others are not looked at.`;
  if (scope.exclude?.includes(schema))
    return `This is of the schema ${name(schema)}, which the config leaves out: nothing in it is looked at.`;
  return null;
}

/**
 * Of what is nowhere and near to nothing, written with a schema that the config leaves out, no declaration can be the remedy.
 * `textOf`: what stands at a place.
 */
export const withLeftOut = (p: Problem, scope: Scope, textOf: (at: Span) => string): Problem => {
  if (p.fix !== undefined || !p.code.startsWith("unknown-")) return p;
  const written = /^("(?:[^"]|"")+"|[\w$]+)\s*\./.exec(textOf(p.span))?.[1];
  const schema = written?.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written?.toLowerCase();
  if (schema === undefined || never.test(schema) || whyLeftOut(schema, scope) === null) return p;
  return problem(p.code, p.span, p.message, {
    help: `The schema ${name(schema)} is not managed here (\`manage\` in the config): what is used of it must be in the database already.`,
  });
};

/** One problem for each declaration that `scope` leaves out; `places`: where objects were written, by encoded id. */
export function unmanaged(declared: Database, places: ReadonlyMap<string, Span>, scope: Scope): readonly Problem[] {
  const all = indexOf(declared);
  const why = (o: DbObject): string | null => {
    const place = placeOf(o.id, all);
    if (place === "elsewhere") return null;
    if (place !== "whole database") return whyLeftOut(place.schema, scope);
    const only = onlyThese(scope);
    return only ? `This is of the whole database, and ${only}: what is in none is not looked at.` : null;
  };
  return declared.objects.flatMap((o) => {
    const at = places.get(encode(o.id));
    const reason = at && why(o);
    if (!at || !reason) return [];
    const owner = roomOf(o.id.kind).owner(o, all);
    const above = owner && all.get(encode(owner));
    if (above && places.has(encode(above.id)) && why(above)) return [];
    return [problem("not-managed", at, reason, { help: "Manage it there too, or take it out of this folder." })];
  });
}
