/** Collations. Nothing of one can be changed, so every change makes it anew, with columns and types bound to the new one. */
import type { Attributes } from "../model/objects.ts";
import { observed } from "../model/database.ts";
import { problem } from "../problems.ts";
import { literal, name, qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { asideName } from "./parts/aside.ts";
import { address, ofExtension, text, truth, made } from "./parts/catalog.ts";
import { nameNode, nowhere, ownNode, said } from "./parts/nodes.ts";
import { schemaColumn } from "./parts/table.ts";
import type { DeclareFile, Room } from "./room.ts";

const providers = { c: "libc", i: "icu", b: "builtin" } as const;
type Provider = Attributes<"collation">["provider"];
function providerOf(letter: string): Provider {
  if (letter === "c" || letter === "i" || letter === "b") return providers[letter];
  throw new Error(`pg_collation holds an unknown provider ${letter}`);
}
const quote = (s: string): string => literal(s).trim();

function definition(a: Attributes<"collation">): string {
  const parts = [`provider = ${a.provider}`];
  if (a.locale) parts.push(`locale = ${quote(a.locale.sql)}`);
  if (a.lcCollate !== null && a.lcCollate === a.lcCtype) parts.push(`locale = ${quote(a.lcCollate)}`);
  else {
    if (a.lcCollate !== null) parts.push(`lc_collate = ${quote(a.lcCollate)}`);
    if (a.lcCtype !== null) parts.push(`lc_ctype = ${quote(a.lcCtype)}`);
  }
  if (!a.deterministic) parts.push("deterministic = false");
  if (a.rules !== null) parts.push(`rules = ${quote(a.rules)}`);
  return parts.join(", ");
}

export const collations: Room<"collation"> = {
  kind: "collation",
  owner: () => null,
  needs: (o) => inSchema(o.id.schema),
  // Fragments name collations, too.
  provides: "itself",
  occupies: (o) => [`collation ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_collation"),
    sql: (schemas, version) => {
      const locale =
        version >= 170000
          ? "o.colllocale"
          : version >= 150000
            ? "o.colliculocale"
            : "case when o.collprovider = 'i' then o.collcollate::text end";
      const ofLibc = (column: string): string => `case when o.collprovider = 'c' then o.${column}::text end`;
      return `
select ${schemaColumn()} as schema, o.collname as name, o.collprovider::text as provider, ${locale} as locale,
  ${ofLibc("collcollate")} as lc_collate, ${ofLibc("collctype")} as lc_ctype, o.collisdeterministic::text as deterministic,
  ${version >= 160000 ? "o.collicurules" : "null"} as rules, ${address("pg_collation", "o.oid")} as addresses
from pg_collation o
join pg_namespace n on n.oid = o.collnamespace
where (${schemas}) and not ${ofExtension("pg_collation", "o.oid")}
order by 1, 2`;
    },
    read: (row) => {
      const locale = row["locale"] ?? null;
      return {
        id: { kind: "collation", schema: text(row, "schema"), name: text(row, "name") },
        attributes: {
          provider: providerOf(text(row, "provider")),
          locale: locale === null ? null : observed(locale),
          lcCollate: row["lc_collate"] ?? null,
          lcCtype: row["lc_ctype"] ?? null,
          deterministic: truth(row, "deterministic"),
          rules: row["rules"] ?? null,
        },
        needs: [],
      };
    },
  },
  create: (o) => [action(`create collation ${qualified(o.id)} (${definition(o.attributes)})`)],
  drop: (o) => [action(`drop collation ${qualified(o.id)}`)],
  change: {
    provider: () => "replace",
    locale: () => "replace",
    lcCollate: () => "replace",
    lcCtype: () => "replace",
    deterministic: () => "replace",
    rules: () => "replace",
  },
  park: (o, _, context) => {
    const aside = asideName(o.id, context);
    return {
      aside: [action(`alter collation ${qualified(o.id)} rename to ${name(aside.name)}`)],
      drop: [action(`drop collation ${qualified(aside)}`)],
      inRows: true,
    };
  },
  describe: (o, describe) => {
    const a = o.attributes;
    const shared = a.lcCollate !== null && a.lcCollate === a.lcCtype ? a.lcCollate : null;
    return {
      at: "file",
      declaration: {
        kind: "collationDefinition",
        name: ownNode(o.id.name),
        was: null,
        properties: {
          provider: said(a.provider),
          locale: said(a.locale ? (a.locale.canonical ?? a.locale.sql) : shared),
          lc_collate: said(shared === null ? a.lcCollate : null),
          lc_ctype: said(shared === null ? a.lcCtype : null),
          "not deterministic": said(a.deterministic ? null : (true as const)),
          rules: said(a.rules),
        },
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

export const declareCollation: DeclareFile<"collationDefinition"> = (d, declare) => {
  const id = { kind: "collation", ...declare.own(d.name) } as const;
  const p = d.properties;
  const written = p.provider?.value ?? "libc";
  const provider = Object.values(providers).find((known) => known === written) ?? "libc";
  const wrong = (code: "invalid-option" | "needs-newer-postgres", at: typeof d.span, message: string): void =>
    declare.report(problem(code, at, message));
  if (p.provider && provider !== written)
    wrong("invalid-option", p.provider.span, `A collation's provider is libc, icu or builtin, not ${written}.`);
  if (p.provider && provider === "builtin" && declare.version < 170000)
    wrong("needs-newer-postgres", p.provider.span, "The provider builtin needs PostgreSQL 17.");
  if (p.rules && declare.version < 160000) wrong("needs-newer-postgres", p.rules.span, "rules need PostgreSQL 16.");
  const libc = provider === "libc";
  const locale = p.locale?.value ?? null;
  if (locale === null && (!libc || !p.lc_collate || !p.lc_ctype))
    wrong("invalid-option", d.name.span, `A collation needs a locale${libc ? ", or lc_collate and lc_ctype" : ""}.`);
  for (const own of [p.lc_collate, p.lc_ctype])
    if (own && (!libc || locale !== null))
      wrong("invalid-option", own.span, "lc_collate and lc_ctype are for libc, and stand in place of a locale.");
  declare.add(
    {
      id,
      attributes: {
        provider,
        // Written and read as text, not as SQL.
        locale: libc || locale === null ? null : { sql: locale, path: [], canonical: null },
        lcCollate: libc ? (locale ?? p.lc_collate?.value ?? null) : null,
        lcCtype: libc ? (locale ?? p.lc_ctype?.value ?? null) : null,
        deterministic: p["not deterministic"] === null,
        rules: p.rules?.value ?? null,
      },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
