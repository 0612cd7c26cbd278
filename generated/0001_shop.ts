// Written by: schemac plan -m "shop"
// Revision 0001 shop, not proven.
// down: data-loss on table:shop.deliveries: The table and all its rows are dropped.
// down: data-loss on table:shop.order_lines: The table and all its rows are dropped.
// down: data-loss on table:shop.orders: The table and all its rows are dropped.
// down: data-loss on table:shop.products: The table and all its rows are dropped.
// down: data-loss on table:shop.users: The table and all its rows are dropped.
// down: data-loss on sequence:shop.invoice_number: Its counter is lost.
// down: data-loss on extension:btree_gist: Everything that the extension btree_gist keeps in tables of its own is lost.
// down: data-loss on extension:citext: Everything that the extension citext keeps in tables of its own is lost.
import type { Revision } from "schemac/runner";

export default {
  format: 1,
  id: "ub077ktv0mmh",
  number: 1,
  name: "shop",
  parents: [],
  schema: "b4eedd558c5adb6cb269def4d707afd1a3cc7c5b014686123ba2a263564fec50",
  proof: "not proven",
  hazards: {
    up: [],
    down: [
      { code: "data-loss", on: "table:shop.deliveries", detail: "The table and all its rows are dropped." },
      { code: "data-loss", on: "table:shop.order_lines", detail: "The table and all its rows are dropped." },
      { code: "data-loss", on: "table:shop.orders", detail: "The table and all its rows are dropped." },
      { code: "data-loss", on: "table:shop.products", detail: "The table and all its rows are dropped." },
      { code: "data-loss", on: "table:shop.users", detail: "The table and all its rows are dropped." },
      { code: "data-loss", on: "sequence:shop.invoice_number", detail: "Its counter is lost." },
      {
        code: "data-loss",
        on: "extension:btree_gist",
        detail: "Everything that the extension btree_gist keeps in tables of its own is lost.",
      },
      {
        code: "data-loss",
        on: "extension:citext",
        detail: "Everything that the extension citext keeps in tables of its own is lost.",
      },
    ],
  },
  up: [
    // step 1: 19 statements in a transaction
    {
      kind: "transaction",
      path: ["shop", "public"],
      lock: "none",
      cost: "instant",
      statements: [
        "create extension citext schema public",
        "create extension btree_gist schema public",
        "create schema shop",
        "create type shop.order_status as enum ('draft', 'placed', 'shipped', 'cancelled')",
        "create domain shop.email_address as citext",
        "alter domain shop.email_address add constraint email_address_check check (value ~ '^[^@ ]+@[^@ ]+$')",
        "create sequence shop.invoice_number start with 1000",
        [
          "create table shop.users (",
          "  id bigint generated always as identity not null,",
          "  email shop.email_address not null,",
          "  name text,",
          "  settings jsonb default '{}' not null,",
          "  created_at timestamp with time zone default now() not null,",
          "  updated_at timestamp with time zone default now() not null,",
          "  constraint users_pkey primary key (id),",
          "  constraint users_email_key unique (email)",
          ")",
        ],
        "comment on table shop.users is 'People who can sign in.'",
        "comment on column shop.users.name is 'Shown on invoices.'",
        "create index users_lower_idx on shop.users ((lower(name))) where (name is not null)",
        [
          "create table shop.products (",
          "  id bigint generated always as identity not null,",
          "  sku text not null,",
          "  title text not null,",
          "  price numeric(12,2) not null,",
          "  tags text[] default '{}' not null,",
          "  constraint products_pkey primary key (id),",
          "  constraint products_sku_key unique (sku),",
          "  constraint products_sku_check check (sku = upper(sku)),",
          "  constraint products_price_check check (price >= 0)",
          ")",
        ],
        "create index products_tags_idx on shop.products using gin (tags)",
        [
          "create table shop.orders (",
          "  id uuid default gen_random_uuid() not null,",
          "  buyer bigint not null,",
          "  status shop.order_status default 'draft' not null,",
          "  invoice bigint default nextval('invoice_number') not null,",
          "  total numeric(12,2) default 0 not null,",
          "  tax numeric(12,2) generated always as (round(total * 0.2, 2)) stored not null,",
          "  created_at timestamp with time zone default now() not null,",
          "  updated_at timestamp with time zone default now() not null,",
          "  constraint orders_pkey primary key (id),",
          "  constraint orders_buyer_fkey foreign key (buyer) references shop.users (id) on delete restrict,",
          "  constraint orders_invoice_key unique (invoice)",
          ")",
        ],
        "comment on table shop.orders is 'One purchase. A cancelled order keeps its lines.'",
        "create index orders_buyer_created_at_idx on shop.orders (buyer, created_at desc)",
        "create index open_orders on shop.orders (created_at) where (status in ('draft', 'placed'))",
        [
          "create table shop.order_lines (",
          "  order_id uuid not null,",
          "  product_id bigint not null,",
          "  quantity integer not null,",
          "  unit_price numeric(12,2) not null,",
          "  constraint order_lines_order_id_fkey foreign key (order_id) references shop.orders (id) on delete cascade,",
          "  constraint order_lines_product_id_fkey foreign key (product_id) references shop.products (id),",
          "  constraint order_lines_quantity_check check (quantity > 0),",
          "  constraint order_lines_pkey primary key (order_id, product_id)",
          ")",
        ],
        [
          "create table shop.deliveries (",
          "  id bigint generated always as identity not null,",
          '  "order" uuid not null,',
          "  van integer not null,",
          "  during tstzrange not null,",
          "  constraint deliveries_pkey primary key (id),",
          '  constraint deliveries_order_fkey foreign key ("order") references shop.orders (id) on delete cascade,',
          "  constraint deliveries_van_during_excl exclude using gist (van with =, during with &&)",
          ")",
        ],
      ],
    },
  ],
  down: [
    // step 1: 11 statements in a transaction; locks access exclusive: table shop.deliveries, table shop.orders, table shop.order_lines and 3 more
    {
      kind: "transaction",
      lock: "access exclusive",
      cost: "instant",
      statements: [
        "drop table shop.deliveries",
        "drop table shop.order_lines",
        "drop table shop.orders",
        "drop table shop.products",
        "drop table shop.users",
        "drop sequence shop.invoice_number",
        "drop domain shop.email_address",
        "drop type shop.order_status",
        "drop schema shop",
        "drop extension btree_gist",
        "drop extension citext",
      ],
    },
  ],
} satisfies Revision;
