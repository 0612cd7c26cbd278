/** Conversions between encodings. Nothing of one can be changed. */
import type { FunctionName } from "../model/objects.ts";
import { nearest, problem } from "../problems.ts";
import { literal, qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { address, json, ofExtension, text, truth, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

/** Names of the encodings, as pg_encoding_to_char gives them; and others that the server takes for them (encnames.c). */
const encodings =
  "SQL_ASCII EUC_JP EUC_CN EUC_KR EUC_TW EUC_JIS_2004 UTF8 MULE_INTERNAL LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 WIN1256 WIN1258 WIN866 WIN874 KOI8R WIN1251 WIN1252 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8 WIN1250 WIN1253 WIN1254 WIN1255 WIN1257 KOI8U SJIS BIG5 GBK UHC GB18030 JOHAB SHIFT_JIS_2004".split(
    " ",
  );
const aliases: Readonly<Record<string, string>> = {
  abc: "WIN1258",
  alt: "WIN866",
  iso88591: "LATIN1",
  iso885910: "LATIN6",
  iso885913: "LATIN7",
  iso885914: "LATIN8",
  iso885915: "LATIN9",
  iso885916: "LATIN10",
  iso88592: "LATIN2",
  iso88593: "LATIN3",
  iso88594: "LATIN4",
  iso88599: "LATIN5",
  koi8: "KOI8R",
  mskanji: "SJIS",
  shiftjis: "SJIS",
  tcvn: "WIN1258",
  tcvn5712: "WIN1258",
  unicode: "UTF8",
  vscii: "WIN1258",
  win: "WIN1251",
  win932: "SJIS",
  win936: "GBK",
  win949: "UHC",
  win950: "BIG5",
  windows1250: "WIN1250",
  windows1251: "WIN1251",
  windows1252: "WIN1252",
  windows1253: "WIN1253",
  windows1254: "WIN1254",
  windows1255: "WIN1255",
  windows1256: "WIN1256",
  windows1257: "WIN1257",
  windows1258: "WIN1258",
  windows866: "WIN866",
  windows874: "WIN874",
  windows932: "SJIS",
  windows936: "GBK",
  windows949: "UHC",
  windows950: "BIG5",
};
const plain = (n: string): string => n.toLowerCase().replace(/[^a-z0-9]/g, "");
const encoding = (written: string): string | null =>
  encodings.find((e) => plain(e) === plain(written)) ?? aliases[plain(written)] ?? null;

export const conversions: Room<"conversion"> = {
  kind: "conversion",
  owner: () => null,
  needs: (o) => [...inSchema(o.id.schema), ...functionNeeds(o.attributes.function)],
  occupies: (o) => [`conversion ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: made("pg_conversion"),
    sql: (schemas) => `
select n.nspname as schema, o.conname as name, pg_encoding_to_char(o.conforencoding) as source,
  pg_encoding_to_char(o.contoencoding) as target, ${functionJson("o.conproc")} as function, o.condefault::text as default,
  ${address("pg_conversion", "o.oid")} as addresses
from pg_conversion o
join pg_namespace n on n.oid = o.connamespace
where (${schemas}) and not ${ofExtension("pg_conversion", "o.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "conversion", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        source: text(row, "source"),
        target: text(row, "target"),
        function: json<FunctionName>(row, "function"),
        default: truth(row, "default"),
      },
      needs: [],
    }),
  },
  create: ({ id, attributes: a }) => [
    action(
      `create ${a.default ? "default " : ""}conversion ${qualified(id)} for ${literal(a.source)} to ${literal(a.target)} from ${functionText(a.function)}`,
    ),
  ],
  drop: (o) => [action(`drop conversion ${qualified(o.id)}`)],
  change: {
    source: () => "replace",
    target: () => "replace",
    function: () => "replace",
    default: () => "replace",
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "conversion",
      name: ownNode(o.id.name),
      was: null,
      source: o.attributes.source,
      target: o.attributes.target,
      function: describeName(o.attributes.function),
      default: o.attributes.default,
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareConversion: DeclareFile<"conversion"> = (d, declare) => {
  const id = { kind: "conversion", ...declare.own(d.name) } as const;
  const known = (written: string): string => {
    const found = encoding(written);
    if (found === null) {
      const near = nearest(written, encodings);
      declare.report(
        problem("invalid-option", d.span, `There is no encoding called ${literal(written).trim()}.`, {
          ...(near === null ? {} : { help: `Did you mean ${literal(near).trim()}?` }),
        }),
      );
    }
    return found ?? written;
  };
  declare.add(
    {
      id,
      attributes: {
        source: known(d.source),
        target: known(d.target),
        function: {
          ...declare.functionNamed(d.function).name,
          arguments: [
            ...["integer", "integer", "cstring", "internal", "integer"],
            ...(declare.version >= 140000 ? ["boolean"] : []),
          ],
        },
        default: d.default,
      },
      needs: [],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
