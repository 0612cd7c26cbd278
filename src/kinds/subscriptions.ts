/**
 * Subscriptions. They are made without connecting anywhere, and let go of their slot before they are dropped: what is to be done
 * on the other side is said, not done.
 */
import type { SubscriptionDeclaration } from "../../grammar/declarations.ts";
import type { Attributes, DbObject } from "../model/objects.ts";
import type { Action, Hazard } from "../model/plan.ts";
import { encode } from "../model/id.ts";
import { literal, name, names } from "../sql.ts";
import { problem } from "../problems.ts";
import { action, quietly } from "./parts/action.ts";
import { address, json, text, truth, wholeDatabase } from "./parts/catalog.ts";
import { hintsOf, isOpen, placeholder, sayable } from "./parts/foreignOptions.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import {
  declareSettings,
  describeSettings,
  connectionOf,
  settingText,
  settings,
  usualSettings,
  withoutSecret,
} from "./parts/subscriptions.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

type Subscription = DbObject<"subscription">;

const alter = (o: Subscription, what: string, more: Partial<Action> = {}): Action =>
  action(`alter subscription ${name(o.id.name)} ${what}`, more);

/** What may be written of where it connects to: a secret only where the text gave it. */
function connection(o: Subscription): { readonly text: string; readonly hazards: readonly Hazard[] } {
  const own = o.attributes.connection;
  const text = sayable(own, o.hints?.secrets?.includes("connection") ?? false);
  if (text !== null) return { text: literal(text).trim(), hazards: [] };
  return {
    text: literal(withoutSecret(typeof own === "string" ? own : (own.secret ?? ""))).trim(),
    hazards: [
      { code: "lossy", on: o.id, detail: "What it connects with is a secret that no text gives, so it is left out." },
    ],
  };
}

/** All that differs, with the subscription at rest where Postgres wants it so. */
const settingsChange: Change<"subscription"> = (from, to, changed, { version }) => {
  const differing = settings(version).filter((s) => changed.has(s.attribute));
  const [was, is] = [from.attributes.enabled, to.attributes.enabled];
  const set = differing.map((s) => `${s.option} = ${settingText(s.attribute, to.attributes)}`).join(", ");
  return quietly(
    ...(was && !is ? [alter(from, "disable")] : []),
    ...(set ? [alter(to, `set (${set})`)] : []),
    ...(is && !was ? [alter(to, "enable")] : []),
  );
};
// Until PostgreSQL 18 it is settled once. Later on Postgres would connect to the publisher to switch it off, and switches it on only
// where no worker runs: one that was enabled has some, which stop no sooner than its being disabled is committed.
const twoPhase: Change<"subscription"> = (from, to, changed, context) =>
  context.version < 180000 || !to.attributes.twoPhase || from.attributes.enabled
    ? "replace"
    : settingsChange(from, to, changed, context);

export const subscriptions: Room<"subscription"> = {
  kind: "subscription",
  owner: () => null,
  needs: () => [],
  watches: (o) => o.attributes.enabled,
  occupies: (o) => [`subscription ${o.id.name}`],
  evaluates: () => false,
  observe: {
    sql: (schemas, version, _roles, rights) =>
      rights.connections
        ? `
select s.subname as name, s.subconninfo as connection, array_to_json(s.subpublications)::text as publications, s.subenabled::text as enabled,
  s.subslotname as slot, s.subsynccommit as synchronous_commit,
  ${version >= 140000 ? "s.subbinary::text" : "'false'"} as binary, ${version >= 140000 ? "s.substream::text" : "'f'"} as streaming,
  ${version >= 150000 ? "s.subtwophasestate::text" : "'d'"} as two_phase, ${version >= 150000 ? "s.subdisableonerr::text" : "'false'"} as disable_on_error,
  ${version >= 160000 ? "s.subpasswordrequired::text" : "'true'"} as password_required,
  ${version >= 160000 ? "s.subrunasowner::text" : "'false'"} as run_as_owner, ${version >= 160000 ? "s.suborigin" : "'any'"} as origin,
  ${version >= 170000 ? "s.subfailover::text" : "'false'"} as failover, ${address("pg_subscription", "s.oid")} as addresses
from pg_subscription s
where s.subdbid = (select oid from pg_database where datname = current_database()) and ${wholeDatabase(schemas)}
order by 1`
        : "select null as name where false",
    read: (row, version) => {
      const streaming = text(row, "streaming");
      return {
        id: { kind: "subscription", name: text(row, "name") },
        attributes: {
          ...usualSettings(version),
          connection: connectionOf(text(row, "connection")),
          publications: json<string[]>(row, "publications"),
          enabled: truth(row, "enabled"),
          slot: row["slot"] ?? null,
          synchronousCommit: text(row, "synchronous_commit"),
          binary: truth(row, "binary"),
          streaming: streaming === "p" ? "parallel" : streaming === "t" || streaming === "true" ? "on" : "off",
          twoPhase: row["two_phase"] !== "d",
          disableOnError: truth(row, "disable_on_error"),
          passwordRequired: truth(row, "password_required"),
          runAsOwner: truth(row, "run_as_owner"),
          origin: text(row, "origin"),
          failover: truth(row, "failover"),
        },
        needs: [],
      };
    },
  },
  create: (o, { version }) => {
    const a = o.attributes;
    const usual = usualSettings(version);
    const given = [
      "connect = false",
      a.slot === null ? "slot_name = none" : a.slot === o.id.name ? [] : `slot_name = ${literal(a.slot).trim()}`,
      ...settings(version).flatMap((s) =>
        s.attribute === "slot" || a[s.attribute] === usual[s.attribute]
          ? []
          : [`${s.option} = ${settingText(s.attribute, a)}`],
      ),
    ].flat();
    const { text: to, hazards } = connection(o);
    return [
      action(
        `create subscription ${name(o.id.name)} connection ${to} publication ${names(a.publications)} with (${given.join(", ")})`,
        { hazards: [...hazards, ...toDo(o)] },
      ),
      ...(a.enabled ? [alter(o, "enable")] : []),
    ];
  },
  drop: (o, context) => [
    ...(o.attributes.enabled ? [alter(o, "disable")] : []),
    ...(o.attributes.slot === null ? [] : [alter(o, "set (slot_name = none)")]),
    action(`drop subscription ${name(o.id.name)}`, {
      hazards: [
        {
          code: "irreversible",
          on: o.id,
          detail:
            (o.attributes.slot === null
              ? "How far it has received changes is lost."
              : `How far it has received changes is lost, and its slot ${name(o.attributes.slot)} stays at the publisher and keeps what is not received: drop it there.`) +
            (context.to.has(encode(o.id)) ? " It is made anew." : ""),
        },
      ],
    }),
  ],
  change: {
    connection: (_, to) => {
      const { text: where, hazards } = connection(to);
      return quietly(...(hazards.length ? [] : [alter(to, `connection ${where}`)]));
    },
    publications: (_, to) =>
      quietly(
        alter(to, `set publication ${names(to.attributes.publications)} with (refresh = false)`, {
          hazards: [
            {
              code: "may-fail",
              on: to.id,
              detail: `Tables that come or go are known to it after: alter subscription ${name(to.id.name)} refresh publication.`,
            },
          ],
        }),
      ),
    enabled: settingsChange,
    slot: settingsChange,
    synchronousCommit: settingsChange,
    binary: settingsChange,
    streaming: settingsChange,
    twoPhase,
    disableOnError: settingsChange,
    passwordRequired: settingsChange,
    runAsOwner: settingsChange,
    origin: settingsChange,
    // Postgres would connect to the publisher to change its slot, and not in a transaction.
    failover: () => "replace",
  },
  adopt: (to, from) =>
    isOpen(to.attributes.connection)
      ? { ...to, attributes: { ...to.attributes, connection: from.attributes.connection } }
      : to,
  describe: (o, describe) => {
    const a = o.attributes;
    return {
      at: "file",
      declaration: {
        kind: "subscription",
        name: nameNode(o.id.name),
        was: null,
        connection:
          typeof a.connection === "string"
            ? { value: a.connection, placeholder: null, span: nowhere }
            : { value: null, placeholder: placeholder(`${o.id.name} connection`), span: nowhere },
        publications: a.publications.map(nameNode),
        options: describeSettings(o, describe.version),
        disabled: !a.enabled,
        doc: describe.comment(o.id),
        schema: null,
        span: nowhere,
      },
    };
  },
};

/** What is left to do where it connects to. */
const toDo = (o: Subscription): readonly Hazard[] =>
  o.attributes.slot === null
    ? []
    : [
        {
          code: "may-fail",
          on: o.id,
          detail:
            `It is made without connecting: at the publisher, select pg_create_logical_replication_slot(${literal(o.attributes.slot).trim()}, 'pgoutput'), ` +
            `then here: alter subscription ${name(o.id.name)} refresh publication.`,
        },
      ];

export const declareSubscription: DeclareFile<"subscription"> = (d: SubscriptionDeclaration, declare) => {
  const id = { kind: "subscription", name: declare.name(d.name) } as const;
  const attributes: Attributes<"subscription"> = {
    ...declareSettings(d.options, id.name, declare),
    connection: d.connection.value === null ? { secret: null } : connectionOf(d.connection.value),
    publications: d.publications.map((p) => declare.name(p)),
    enabled: !d.disabled,
  };
  if (attributes.enabled && attributes.slot === null)
    declare.report(
      problem("invalid-option", d.span, "A subscription without a slot cannot be enabled.", {
        help: "Write disabled at its end, or give it a slot.",
      }),
    );
  declare.add(
    {
      id,
      attributes,
      needs: [],
      ...hintsOf(d.was, d.connection.value === null ? [] : ["connection"]),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
