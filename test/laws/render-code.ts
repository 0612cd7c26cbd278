/** Plain SQL for what holds code and queries: functions, procedures, views, and what stands on tables and views to act. */
import { isKind } from "../../src/model/database.ts";
import { sameId } from "../../src/model/id.ts";
import type { Argument, DbObject, RoleName } from "../../src/model/objects.ts";
import { by, type InSchema, options, q, qq, text } from "./render-text.ts";
import { of, type World } from "./world.ts";

type Routine = DbObject<"function"> | DbObject<"procedure">;
type Query = DbObject<"view"> | DbObject<"materializedView">;

/** Objects after those among them that they need. */
export function ordered<O extends DbObject>(all: readonly O[]): readonly O[] {
  const done = new Set<O>();
  const visit = (o: O): void => {
    if (done.has(o)) return;
    done.add(o);
    for (const n of o.needs) {
      const other = all.find((x) => sameId(n, x.id));
      if (other && other !== o) visit(other);
    }
    order.push(o);
  };
  const order: O[] = [];
  all.forEach(visit);
  return order;
}

const argument = (a: Argument): string =>
  `${a.mode === "table" ? "" : `${a.mode} `}${a.name === null ? "" : `${q(a.name)} `}${a.type.sql}${by(a.default && `default ${a.default.sql}`)}`;
const setting = ([name, value]: readonly [string, string]): string =>
  `set ${name === "search_path" ? `search_path to ${value}` : `${name.split(".").map(q).join(".")} to ${text(value)}`}`;
const dollars = (body: string): string => {
  let tag = "$render$";
  while (body.includes(tag)) tag = `$r${tag.length}${tag.slice(1)}`;
  return tag + body + tag;
};

export function routine(o: Routine): string {
  const a = o.attributes;
  const body =
    "sql" in a.body
      ? a.body.sql.sql
      : "text" in a.body
        ? `as ${dollars(a.body.text)}`
        : `as ${text(a.body.library)}, ${text(a.body.symbol)}`;
  const said: string[] = [];
  let returns = "";
  if (isKind(o, "function")) {
    const f = o.attributes;
    const table = f.arguments.filter((x) => x.mode === "table");
    returns = table.length
      ? ` returns table (${table.map(argument).join(", ")})`
      : ` returns ${f.returns.set ? "setof " : ""}${f.returns.type.sql}`;
    said.push(f.volatility, f.strict ? "strict" : "called on null input", f.leakproof ? "leakproof" : "not leakproof");
    said.push(`parallel ${f.parallel}`, `cost ${f.cost}`);
    if (f.returns.set) said.push(`rows ${f.rows}`);
    if (f.support) said.push(`support ${qq(f.support)}`);
    if (f.window) said.push("window");
  }
  if (a.transforms.length > 0) said.push(`transform ${a.transforms.map((t) => `for type ${t.sql}`).join(", ")}`);
  said.push(`security ${a.security}`, ...Object.entries(a.settings).map(setting));
  const list = a.arguments.filter((x) => x.mode !== "table").map(argument);
  return `create ${o.id.kind} ${qq(o.id)}(${list.join(", ")})${returns} language ${q(a.language)} ${said.join(" ")} ${body}`;
}

/** Those that Postgres need not understand before they are called: tables may call them. */
export function renderEarly(w: World, inSchema: InSchema): void {
  const all: readonly Routine[] = [...of(w, "function"), ...of(w, "procedure")];
  for (const o of ordered(all)) if (!("sql" in o.attributes.body)) inSchema(o.id.schema, routine(o));
}

/** What is made of a query, once the tables are there. */
export function renderQueries(w: World, inSchema: InSchema): void {
  const late: readonly (Routine | Query)[] = [
    ...of(w, "function"),
    ...of(w, "procedure"),
    ...of(w, "view"),
    ...of(w, "materializedView"),
  ];
  for (const o of ordered(late)) {
    if (isKind(o, "function") || isKind(o, "procedure")) {
      if ("sql" in o.attributes.body) inSchema(o.id.schema, routine(o));
      continue;
    }
    if (isKind(o, "view")) {
      const a = o.attributes;
      inSchema(o.id.schema, `create view ${qq(o.id)}${options(a.options)} as ${a.query.sql}`);
      for (const [c, v] of Object.entries(a.defaults))
        inSchema(o.id.schema, `alter view ${qq(o.id)} alter column ${q(c)} set default (${v.sql})`);
      continue;
    }
    const a = o.attributes;
    inSchema(
      o.id.schema,
      `create materialized view ${qq(o.id)} using ${q(a.using)}${options(a.options)}${by(a.tablespace !== null && `tablespace ${q(a.tablespace)}`)} as ${a.query.sql}`,
    );
    for (const [c, said] of Object.entries(a.columns)) {
      const alter = (sql: string): void =>
        inSchema(o.id.schema, `alter materialized view ${qq(o.id)} alter column ${q(c)} ${sql}`);
      if (said.storage) alter(`set storage ${said.storage}`);
      if (said.compression) alter(`set compression ${said.compression}`);
      if (said.statistics !== null) alter(`set statistics ${said.statistics}`);
      if (Object.keys(said.options).length > 0)
        alter(
          `set (${Object.entries(said.options)
            .map(([k, v]) => `${k} = ${v}`)
            .join(", ")})`,
        );
    }
  }
}

const role = (r: RoleName): string => (typeof r !== "string" ? r.whoever : r === "public" ? r : q(r));
const firing = { enabled: "enable", disabled: "disable", replica: "enable replica", always: "enable always" } as const;

/** What stands on tables and views. */
export function renderMembers(w: World, inSchema: InSchema): void {
  for (const o of of(w, "trigger")) inSchema(o.id.schema, trigger(o));
  for (const o of of(w, "rule")) {
    const a = o.attributes;
    inSchema(
      o.id.schema,
      `create rule ${q(o.id.name)} as on ${a.event} to ${on(o)}${by(a.where && `where ${a.where.sql}`)} do ${a.instead ? "instead" : "also"} ${a.actions ? `(${a.actions.sql})` : "nothing"}`,
    );
  }
  for (const o of of(w, "policy")) {
    const a = o.attributes;
    inSchema(
      o.id.schema,
      `create policy ${q(o.id.name)} on ${on(o)} as ${a.permissive ? "permissive" : "restrictive"} for ${a.command} to ${a.roles.map(role).join(", ")}` +
        by(a.using && `using (${a.using.sql})`) +
        by(a.check && `with check (${a.check.sql})`),
    );
  }
  for (const kind of ["trigger", "rule"] as const)
    for (const o of of(w, kind))
      if (o.attributes.firing !== "enabled")
        inSchema(o.id.schema, `alter table ${on(o)} ${firing[o.attributes.firing]} ${kind} ${q(o.id.name)}`);
  for (const o of of(w, "rowSecurity")) {
    if (o.attributes.enabled) inSchema(o.id.schema, `alter table ${qq(o.id)} enable row level security`);
    if (o.attributes.forced) inSchema(o.id.schema, `alter table ${qq(o.id)} force row level security`);
  }
  for (const o of of(w, "cluster")) {
    const what = of(w, "materializedView").some((v) => v.id.schema === o.id.schema && v.id.name === o.id.name)
      ? "materialized view"
      : "table";
    inSchema(o.id.schema, `alter ${what} ${qq(o.id)} cluster on ${q(o.attributes.index)}`);
  }
}
const on = (o: { id: { schema: string; table: string } }): string => qq({ schema: o.id.schema, name: o.id.table });

function trigger(o: DbObject<"trigger">): string {
  const a = o.attributes;
  const events = a.events.map((e) =>
    e === "update" && a.columns.length > 0 ? `update of ${a.columns.map(q).join(", ")}` : e,
  );
  const tables =
    by(a.oldTable !== null && `old table as ${q(a.oldTable ?? "")}`) +
    by(a.newTable !== null && `new table as ${q(a.newTable ?? "")}`);
  return (
    `create ${a.constraint ? "constraint " : ""}trigger ${q(o.id.name)} ${a.timing} ${events.join(" or ")} on ${on(o)}` +
    by(a.constraint?.from && `from ${qq(a.constraint.from)}`) +
    by(
      a.constraint &&
        a.constraint.deferrable !== "not deferrable" &&
        (a.constraint.deferrable === "deferrable" ? "deferrable" : "deferrable initially deferred"),
    ) +
    by(tables !== "" && `referencing${tables}`) +
    ` for each ${a.level}` +
    by(a.when && `when (${a.when.sql})`) +
    ` execute function ${qq(a.function)}(${a.arguments.map(text).join(", ")})`
  );
}
