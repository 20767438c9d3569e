-- +goose Up
-- A question of a list under a name: its owner's, or shared with the clinic. query is what grid.Question.Encode writes;
-- a question that is read may have 8 KiB, which percent signs make three times as long at most. A deleted view stays
-- for whoever takes the deletion back.
create table saved_view (
  id bigint generated always as identity primary key,
  resource text not null check (resource <> ''),
  name text not null constraint saved_view_name_given check (btrim(name) <> '')
    constraint saved_view_name_length check (length(name) <= 60),
  query text not null constraint saved_view_query_length check (octet_length(query) <= 32768),
  owner_id bigint not null references staff on delete cascade,
  shared boolean not null default false,
  deleted_at timestamptz, version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create unique index saved_view_name_key on saved_view (owner_id, resource, lower(name)) where deleted_at is null;
create index saved_view_shared_ix on saved_view (resource) where shared and deleted_at is null;

-- The view that a list begins with, one a person and list. A shared view can be the default of many.
create table saved_view_default (
  staff_id bigint not null references staff on delete cascade,
  resource text not null,
  view_id bigint not null references saved_view on delete cascade,
  primary key (staff_id, resource)
);
create index saved_view_default_view_ix on saved_view_default (view_id);
