/** A chain's connections, and what stands in its two databases. */
import { isKind, type Database, type Observation } from "../../src/model/database.ts";
import type { DbObject } from "../../src/model/objects.ts";
import type { Memory } from "../../src/compile.ts";
import type { Step } from "../../src/revision/format.ts";
import type { Connection } from "../../src/run/connection.ts";
import { openSnapshot, type Scope, type Snapshot } from "../../src/snapshot.ts";
import { Broken } from "./broken.ts";
import { prepareCatalog } from "./catalog.ts";
import { differences } from "./compare.ts";
import { render } from "./render.ts";
import { lateNotNulls } from "./render-tables.ts";
import { openSession, reset } from "./server.ts";
import { worldOf, type Features } from "./world.ts";

export interface Setup {
  readonly features: Features;
  /** The database where schemac works. */
  readonly live: string;
  /** The database where plain SQL makes what must come out. */
  readonly goal: string;
  /** They are on a server each, so that each can have roles of its own. */
  readonly apart: boolean;
  /** The share of databases that pg_dump looks at whatever their catalogs say; else only where those differ. null: it is not at hand. */
  readonly dumps: number | null;
  /** Empty at first. */
  readonly analyses: Memory["analyses"];
  /** Shown before a change is tried: by what SQL its two sides are made, and what schemac would run. */
  readonly show?: (sides: readonly (readonly string[])[], up: readonly Step[], down: readonly Step[]) => void;
}

export const send = async (c: Connection, sql: string): Promise<void> => void (await c.query(sql));

export const rolesOf = (d: Database): readonly string[] =>
  d.objects.flatMap((o) => (isKind(o, "role") ? [o.id.name] : []));
export const extensions = (d: Database): readonly DbObject[] => d.objects.filter((o) => isKind(o, "extension"));

/** A chain's connections. They last as long as the chain: a new backend spends its first moments reading catalogs. */
export class Session {
  readonly setup: Setup;
  /** With what roles of this chain are called. */
  readonly features: Features;
  /** Looks at `goal`. */
  readonly goal: Connection;
  #maker: Connection;
  #live: Connection;
  /** What stands in `goal`; null: nobody knows. */
  #standing: Database | null = null;
  /** The last look at `live`, as long as nothing has changed there. */
  #look: Snapshot | null = null;
  private constructor(setup: Setup, features: Features, live: Connection, goal: Connection, maker: Connection) {
    this.setup = setup;
    this.features = features;
    this.#live = live;
    this.goal = goal;
    this.#maker = maker;
  }
  static async open(setup: Setup, features: Features): Promise<Session> {
    const [live, goal, maker] = [setup.live, setup.goal, setup.goal].map((url) => openSession(url));
    const s = new Session(setup, features, await live!, await goal!, await maker!);
    await prepareCatalog(s.live);
    await prepareCatalog(s.goal);
    return s;
  }

  get live(): Connection {
    return this.#live;
  }
  /**
   * A new connection to `live`: a session in which an extension was dropped and made again stumbles over what it remembers
   * of the old one ("cache lookup failed").
   */
  async renew(): Promise<void> {
    this.#look = null;
    await this.#live.close();
    this.#live = await openSession(this.setup.live);
    await prepareCatalog(this.#live);
  }

  /** Makes it by plain SQL in `goal`, if it isn't there already. */
  async stand(d: Database): Promise<void> {
    if (this.#standing === d) return;
    const before = this.#standing;
    this.#standing = null;
    if (before === null || extensions(before).length > 0) {
      await this.#maker.close();
      this.#maker = await openSession(this.setup.goal);
    }
    await this.#reset(this.#maker);
    await load(this, this.#maker, d);
    this.#standing = d;
  }

  /** Makes `live` empty. */
  async clear(): Promise<void> {
    await this.lookAway();
    await this.#reset(this.#live);
  }
  #reset(c: Connection): Promise<void> {
    return reset((sql) => send(c, sql), this.features.roles);
  }

  /** What is wrong with what stands in `live`. A role that nobody declares any more stays, with all that it is. */
  differences(
    have: Database,
    { made, observation }: { readonly made: Database; readonly observation: Observation },
  ): string | null {
    const declared = new Set(rolesOf(made));
    const left = this.features.roles.filter((name) => !declared.has(name));
    const ofLeft = ({ id }: DbObject): boolean =>
      (id.kind === "role" && left.includes(id.name)) ||
      (id.kind === "membership" && left.includes(id.member)) ||
      (id.kind === "setting" && id.role !== null && left.includes(id.role));
    return differences({ objects: have.objects.filter((o) => !ofLeft(o)) }, observation.database);
  }

  get scope(): Scope {
    return { roles: this.features.roles };
  }
  /** The look at `live` that is still true, or a new one. */
  async look(): Promise<Snapshot> {
    return (this.#look ??= await openSnapshot(this.#live, this.scope));
  }
  /** Before anything changes in `live`. */
  async lookAway(): Promise<void> {
    const look = this.#look;
    this.#look = null;
    await look?.close();
  }

  async close(): Promise<void> {
    await this.lookAway();
    // A database with subscriptions cannot be dropped.
    for (const c of [this.#live, this.#maker]) await this.#reset(c);
    await Promise.all([this.#live.close(), this.goal.close(), this.#maker.close()]);
  }
}

export async function load(s: Session, c: Connection, d: Database): Promise<void> {
  const w = worldOf(s.features, d);
  const sql = [...render(w), ...lateNotNulls(w)];
  try {
    await send(c, sql.join(";\n"));
  } catch (e) {
    throw new Broken("the made-up database can be made", e instanceof Error ? e.message : String(e));
  } finally {
    await send(c, "reset search_path");
  }
}
