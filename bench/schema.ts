/** A database as a person would write it: short spellings, no casts, names only where they matter. */

const table = (i: number): string => `
/// Things of part ${i}; what is sold stays here.
table items_${i} {
  id          bigint         identity primary key
  code        varchar(20)    unique check (code = upper(code))
  /// What it costs, taxes included.
  price       numeric(12,2)  = 0 check (price >= 0)
  status      status_${Math.floor(i / 5)}       = 'open'
  parent      bigint?${i === 0 ? "" : `        -> items_${i - 1} on delete cascade`}
  quantity    int            = 1 check (quantity between 1 and 1000)
  tags        text[]         = '{}'
  note        text?
  created_at  timestamptz    = now()
  active      bool           = true

  constraint items_${i}_open check (status in ('open', 'sent') or price > 0)
  index on (status, created_at desc)
  index on (lower(note)) where (note is not null and active)
  index items_${i}_tags using gin on (tags)
  trigger touch before update for each row execute touch_${Math.floor(i / 5)}()

  row level security
  policy open_ones for select using (active and status <> 'closed')
}
`;

/** What five tables share. */
const group = (g: number): string => `
/// How far a thing of group ${g} is.
enum status_${g} { open paid sent 'sent back' closed }

function touch_${g}() returns trigger language plpgsql as $$
begin
  new.created_at := coalesce(new.created_at, now());
  return new;
end
$$

view worth_${g} with (security_invoker) as $$
  select i.status, count(*) as items, sum(i.price * i.quantity) as worth
  from bench.items_${g * 5} i
  where i.active
  group by i.status
$$
`;

/** Files of a schema folder with this many tables: fifty to a file, an enum for five. */
export function schemaFiles(tables: number): readonly { readonly path: string; readonly text: string }[] {
  const files: { path: string; text: string }[] = [];
  for (let from = 0; from < tables; from += 50) {
    let text = "schema bench\n";
    for (let i = from; i < Math.min(from + 50, tables); i++) {
      if (i % 5 === 0) text += group(i / 5);
      text += table(i);
    }
    files.push({ path: `part_${String(from / 50).padStart(3, "0")}.schema`, text });
  }
  return files;
}

/** Tiny statements, as many as small revisions of a long history. */
export const tinyStatement = (i: number): { readonly up: string; readonly down: string } =>
  i % 5 === 0
    ? { up: `create table public.tiny_${i} (id bigint primary key, note text)`, down: `drop table public.tiny_${i}` }
    : {
        up: `alter table public.tiny_${i - (i % 5)} add column c${i % 5} integer`,
        down: `alter table public.tiny_${i - (i % 5)} drop column c${i % 5}`,
      };
