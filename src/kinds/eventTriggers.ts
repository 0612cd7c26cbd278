/** Event triggers. They act on what else a run does, so they are made last and go first. */
import type { DbObject } from "../model/objects.ts";
import { literal, name, qualified } from "../sql.ts";
import { nearest, problem } from "../problems.ts";
import { action, quietly } from "./parts/action.ts";
import { address, json, ofExtension, text, wholeDatabase, made } from "./parts/catalog.ts";
import { declareFiring, describeFiring, firingWords, readFiring } from "./parts/firing.ts";
import { hintsOf } from "./parts/foreignOptions.ts";
import { nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

const fire = (o: DbObject<"eventTrigger">) =>
  action(`alter event trigger ${name(o.id.name)} ${firingWords(o.attributes.firing)}`);

export const eventTriggers: Room<"eventTrigger"> = {
  kind: "eventTrigger",
  owner: () => null,
  needs: (o) => [{ kind: "function", ...o.attributes.function, arguments: [] }],
  watches: (o) => o.attributes.firing !== "disabled",
  occupies: (o) => [`event trigger ${o.id.name}`],
  evaluates: () => false,
  observe: {
    there: made("pg_event_trigger"),
    sql: (schemas) => `
select e.evtname as name, e.evtevent as event, array_to_json(e.evttags)::text as tags, n.nspname as schema, f.proname as function,
  e.evtenabled::text as firing, ${address("pg_event_trigger", "e.oid")} as addresses
from pg_event_trigger e
join pg_proc f on f.oid = e.evtfoid
join pg_namespace n on n.oid = f.pronamespace
where ${wholeDatabase(schemas)} and not ${ofExtension("pg_event_trigger", "e.oid")}
order by 1`,
    read: (row) => ({
      id: { kind: "eventTrigger", name: text(row, "name") },
      attributes: {
        event: text(row, "event"),
        tags: row["tags"] == null ? [] : json<string[]>(row, "tags"),
        function: { schema: text(row, "schema"), name: text(row, "function") },
        firing: readFiring(text(row, "firing")),
      },
      needs: [],
    }),
  },
  create: (o) => {
    const { event, tags, function: executed, firing } = o.attributes;
    const when = tags.length ? ` when tag in (${tags.map((t) => literal(t).trim()).join(", ")})` : "";
    return [
      action(
        `create event trigger ${name(o.id.name)} on ${name(event)}${when} execute function ${qualified(executed)}()`,
      ),
      ...(firing === "enabled" ? [] : [fire(o)]),
    ];
  },
  drop: (o) => [action(`drop event trigger ${name(o.id.name)}`)],
  change: {
    event: () => "replace",
    tags: () => "replace",
    function: () => "replace",
    firing: (_, to) => quietly(fire(to)),
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "eventTrigger",
      name: nameNode(o.id.name),
      was: null,
      event: nameNode(o.attributes.event),
      tags: o.attributes.tags.map((tag) => ({ tag, span: nowhere })),
      function: qualifiedNode(o.attributes.function),
      firing: describeFiring(o.attributes.firing),
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

const events = ["ddl_command_start", "ddl_command_end", "table_rewrite", "sql_drop", "login"];

export const declareEventTrigger: DeclareFile<"eventTrigger"> = (d, declare) => {
  const id = { kind: "eventTrigger", name: declare.name(d.name) } as const;
  const event = d.event.text;
  if (!events.includes(event)) {
    const near = nearest(event, events);
    declare.report(
      problem("invalid-option", d.event.span, `There is no event called ${name(event)}.`, {
        help: near === null ? `The events are ${events.join(", ")}.` : `Did you mean ${near}?`,
        ...(near === null ? {} : { fix: near }),
      }),
    );
  }
  if (event === "login" && declare.version < 170000)
    declare.report(problem("needs-newer-postgres", d.event.span, "The event login needs PostgreSQL 17."));
  const [first, last] = [d.tags[0], d.tags.at(-1)];
  if (event === "login" && first && last)
    declare.report(
      problem("invalid-option", { ...first.span, end: last.span.end }, "The event login has no tags.", {
        help: "Take `when tag in (…)` away: a login is no command.",
      }),
    );
  // Postgres has none of its own.
  const called = declare.functionNamed(d.function, new Set());
  declare.add(
    {
      id,
      attributes: {
        event,
        // Postgres keeps tags in capitals, and their order.
        tags: d.tags.map(({ tag }) => tag.toUpperCase()),
        function: called.name,
        firing: declareFiring(d.firing),
      },
      needs: called.needs,
      ...hintsOf(d.was, []),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
