/** Points in time that a text says, as Postgres spells them in UTC, which is the time zone of every session of ours. */

const written =
  /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?\s*(?:Z|UTC|([+-])(\d\d)(?::?(\d\d))?)?$/i;
const two = (n: number): string => String(n).padStart(2, "0");

/** `2040-12-31 23:59:59.5+00`; null for what is no date in ISO's order, of which only Postgres knows what it means. */
export function momentInUtc(text: string): string | null {
  const m = written.exec(text.trim());
  if (!m) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1, 7).map((n) => Number(n ?? 0));
  const [zoneHours, zoneMinutes] = [Number(m[9] ?? 0), Number(m[10] ?? 0)];
  if (year < 1000 || hour > 23 || minute > 59 || second > 59 || zoneHours > 15 || zoneMinutes > 59) return null;
  // 30 February would be a day in March.
  const start = new Date(Date.UTC(year, month - 1, day));
  if (start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day) return null;
  const zone = (zoneHours * 60 + zoneMinutes) * (m[8] === "-" ? -1 : 1);
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute - zone, second));
  const fraction = (m[7] ?? "").replace(/0+$/, "");
  return (
    `${String(at.getUTCFullYear()).padStart(4, "0")}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}${fraction && `.${fraction}`}+00`
  );
}
