-- +goose Up
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- +goose StatementBegin
-- unaccent() is only stable; naming the dictionary makes it safe to call immutable, which an index needs.
create function pc_norm(t text) returns text language sql immutable strict parallel safe as
$$ select lower(public.unaccent('public.unaccent'::regdictionary, t)) $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function pc_digits(t text) returns text language sql immutable strict parallel safe as
$$ select regexp_replace(t, '\D', '', 'g') $$;
-- +goose StatementEnd

create type staff_role      as enum ('reception', 'nurse', 'vet', 'manager', 'admin', 'designer');
create type species         as enum ('dog', 'cat', 'rabbit', 'bird', 'small_mammal', 'reptile', 'horse', 'goat', 'pig', 'other');
create type sex             as enum ('female', 'male', 'unknown');
create type patient_status  as enum ('active', 'inactive', 'deceased', 'rehomed');
create type client_status   as enum ('active', 'inactive', 'merged');
create type appointment_kind   as enum ('visit', 'block');
create type appointment_status as enum ('requested', 'booked', 'confirmed', 'arrived', 'in_room', 'ready', 'completed', 'cancelled', 'no_show');
create type note_status     as enum ('draft', 'signed');
create type treatment_kind  as enum ('vaccination', 'parasite', 'medication', 'procedure', 'lab', 'other');
create type reminder_status as enum ('open', 'booked', 'satisfied', 'cancelled', 'lapsed');
create type channel         as enum ('email', 'sms', 'phone', 'letter');
create type message_status  as enum ('queued', 'sending', 'sent', 'delivered', 'bounced', 'failed', 'suppressed', 'received', 'logged');
create type import_status   as enum ('uploaded', 'mapped', 'validating', 'validated', 'committing', 'committed', 'undone', 'failed');

-- The practice itself: one row.
create table clinic (
  id boolean primary key default true check (id),
  name text not null, phone text not null default '', email text not null default '',
  address text not null default '', demo boolean not null default false,
  version int not null default 1,
  constraint clinic_name_given check (btrim(name) <> '')
);

-- weekday: 0 is Sunday, as in date_part('dow'). A missing day is closed.
create table opening_hours (
  weekday smallint primary key check (weekday between 0 and 6),
  opens time not null, closes time not null check (closes > opens)
);

create table staff (
  id bigint generated always as identity primary key,
  email text not null check (email ~ '^[^@\s]+@[^@\s]+$'),
  display_name text not null check (display_name <> ''), initials text not null,
  role staff_role not null, password_hash text not null,
  colour smallint not null default 0 check (colour between 0 and 7), -- which of the eight calendar hues
  bookable boolean not null default false, active boolean not null default true,
  last_login_at timestamptz, version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create unique index staff_email_key on staff (lower(email));

-- A signed-in device. Only the hash of the token is kept, so a stolen table opens nothing.
create table session (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  staff_id bigint not null references staff on delete cascade,
  user_agent text not null default '', ip inet,
  created_at timestamptz not null default now(), last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_staff_ix on session (staff_id, last_seen_at desc);

-- Failed sign-ins, by a hash of what was typed and by address, for the rate limit of every web process together.
create table sign_in_failure (
  id bigint generated always as identity primary key,
  email_hash bytea not null, ip inet, at timestamptz not null default now()
);
create index sign_in_failure_email_ix on sign_in_failure (email_hash, at);
create index sign_in_failure_ip_ix on sign_in_failure (ip, at);

create table room (
  id bigint generated always as identity primary key,
  name text not null unique, sort int not null default 0, active boolean not null default true
);

create table import_batch (
  id bigint generated always as identity primary key,
  kind text not null default '', filename text not null, sha256 bytea not null,
  encoding text not null default 'utf-8', delimiter text not null default ',',
  mapping jsonb not null default '{}', status import_status not null default 'uploaded',
  total int not null default 0, added int not null default 0, updated int not null default 0,
  unchanged int not null default 0, refused int not null default 0,
  created_by bigint references staff, created_at timestamptz not null default now(), committed_at timestamptz
);

-- A household: the account holder and whoever shares the pets. Nothing but a surname is required, and e-mail
-- is not unique: couples share an address, and some have none.
create table client (
  id bigint generated always as identity primary key,
  first_name text not null default '', last_name text not null constraint client_last_name_given check (btrim(last_name) <> ''),
  second_contact text not null default '',
  mobile text not null default '', phone_alt text not null default '',
  email text not null default '' constraint client_email_form check (email = '' or email ~ '^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$'),
  address text not null default '', city text not null default '', region text not null default '', postcode text not null default '',
  alert text not null default '',
  preferred channel not null default 'email',
  sms_opt_out_at timestamptz, email_opt_out_at timestamptz, email_bounced_at timestamptz,
  status client_status not null default 'active',
  merged_into bigint references client,
  external_ref text, import_batch_id bigint references import_batch,
  search_doc text not null default '',
  version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  constraint client_merged_names_target check ((status = 'merged') = (merged_into is not null)),
  constraint client_lengths check (length(first_name) <= 100 and length(last_name) <= 100 and length(email) <= 254 and length(alert) <= 500)
);
create index client_search_trgm on client using gin (search_doc gin_trgm_ops) where status <> 'merged';
create index client_name_ix on client (pc_norm(last_name) text_pattern_ops, pc_norm(first_name) text_pattern_ops, id);
create index client_mobile_ix on client (right(pc_digits(mobile), 10)) where mobile <> '';
create index client_phone_alt_ix on client (right(pc_digits(phone_alt), 10)) where phone_alt <> '';
create index client_email_ix on client (lower(email)) where email <> '';
create unique index client_external_ref_key on client (external_ref) where external_ref is not null;

create table patient (
  id bigint generated always as identity primary key,
  client_id bigint not null references client,
  name text not null constraint patient_name_given check (btrim(name) <> ''),
  species species not null, breed text not null default '', sex sex not null default 'unknown', neutered boolean,
  dob date, dob_estimated boolean not null default false, colour text not null default '',
  microchip text constraint patient_microchip_form check (microchip ~ '^[0-9A-Z]{9,15}$'),
  weight_g int constraint patient_weight_range check (weight_g between 1 and 1500000), weighed_on date,
  alert text not null default '', insurer text not null default '', policy_no text not null default '',
  status patient_status not null default 'active', deceased_on date,
  last_visit_on date, -- kept by appointment_last_visit: lists sort by it
  external_ref text, import_batch_id bigint references import_batch,
  search_doc text not null default '',
  version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  constraint patient_deceased_date check (status = 'deceased' or deceased_on is null),
  constraint patient_born_before_death check (dob is null or deceased_on is null or dob <= deceased_on),
  constraint patient_lengths check (length(name) <= 100 and length(breed) <= 100 and length(alert) <= 500)
);
create index patient_client_ix on patient (client_id);
create index patient_search_trgm on patient using gin (search_doc gin_trgm_ops);
create index patient_name_ix on patient (pc_norm(name) text_pattern_ops, id);
create index patient_name_sort_ix on patient (lower(name), id);
create index patient_last_visit_ix on patient (last_visit_on desc nulls last, id desc);
create unique index patient_microchip_key on patient (microchip) where microchip is not null;
create unique index patient_external_ref_key on patient (external_ref) where external_ref is not null;

create table appointment_type (
  id bigint generated always as identity primary key,
  name text not null unique, minutes int not null check (minutes between 5 and 480),
  colour smallint not null default 0 check (colour between 0 and 7),
  needs_vet boolean not null default true, needs_room boolean not null default true,
  send_messages boolean not null default true, -- euthanasia: false
  active boolean not null default true, sort int not null default 0
);

-- Visits, and the blocks (lunch, leave, surgery time) that keep visits away: one table, so one constraint guards both.
create table appointment (
  id bigint generated always as identity primary key,
  kind appointment_kind not null default 'visit',
  client_id bigint references client, patient_id bigint references patient, type_id bigint references appointment_type,
  vet_id bigint references staff, room_id bigint references room,
  starts_at timestamptz not null, ends_at timestamptz not null,
  status appointment_status not null default 'booked',
  reason text not null default '', note text not null default '',
  overbooked boolean not null default false, overbook_reason text not null default '',
  confirmed_at timestamptz, confirmed_via channel,
  arrived_at timestamptz, roomed_at timestamptz, ready_at timestamptz, completed_at timestamptz,
  cancelled_at timestamptz, cancel_reason text not null default '',
  booked_by bigint references staff, version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  constraint appointment_ends_after_start check (ends_at > starts_at),
  constraint appointment_length check (ends_at - starts_at <= interval '14 days'),
  constraint appointment_visit_complete check (kind = 'block' or (client_id is not null and patient_id is not null and type_id is not null)),
  constraint appointment_overbook_reason check (not overbooked or btrim(overbook_reason) <> ''),
  constraint appointment_cancelled check ((status = 'cancelled') = (cancelled_at is not null)),
  constraint vet_free  exclude using gist (vet_id  with =, tstzrange(starts_at, ends_at) with &&)
    where (vet_id is not null and not overbooked and status not in ('cancelled', 'no_show', 'requested')),
  constraint room_free exclude using gist (room_id with =, tstzrange(starts_at, ends_at) with &&)
    where (room_id is not null and not overbooked and status not in ('cancelled', 'no_show', 'requested')),
  constraint pet_once  exclude using gist (patient_id with =, tstzrange(starts_at, ends_at) with &&)
    where (patient_id is not null and status not in ('cancelled', 'no_show', 'requested'))
);
create index appointment_day_ix on appointment (starts_at, id);
create index appointment_vet_ix on appointment (vet_id, starts_at);
create index appointment_patient_ix on appointment (patient_id, starts_at desc);
create index appointment_client_ix on appointment (client_id, starts_at desc);
create index appointment_live_ix on appointment (starts_at) where status in ('arrived', 'in_room', 'ready');

-- A visit note (SOAP). A draft is autosaved; a signed note never changes again, it is amended by another.
create table visit_note (
  id bigint generated always as identity primary key,
  patient_id bigint not null references patient,
  appointment_id bigint unique references appointment,
  vet_id bigint not null references staff, amends_id bigint references visit_note,
  seen_at timestamptz not null default now(),
  weight_g int check (weight_g between 1 and 1500000), temperature_dc smallint check (temperature_dc between 250 and 450),
  heart_rate smallint, respiratory_rate smallint, body_condition smallint check (body_condition between 1 and 9),
  reason text not null default '', subjective text not null default '', objective text not null default '',
  assessment text not null default '', plan text not null default '',
  status note_status not null default 'draft', signed_at timestamptz, signed_by bigint references staff,
  version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  fts tsvector generated always as (to_tsvector('english', reason || ' ' || subjective || ' ' || objective || ' ' || assessment || ' ' || plan)) stored,
  constraint visit_note_signed check ((status = 'signed') = (signed_at is not null and signed_by is not null))
);
create index visit_note_patient_ix on visit_note (patient_id, seen_at desc);
create index visit_note_draft_ix on visit_note (vet_id, updated_at) where status = 'draft';
create index visit_note_fts_ix on visit_note using gin (fts);

create table care_protocol (
  id bigint generated always as identity primary key,
  name text not null unique, kind treatment_kind not null default 'vaccination', species species[] not null,
  every_days int not null check (every_days > 0),
  lead_days int[] not null default '{30,7,-7,-30}', lapse_after_days int not null default 180,
  active boolean not null default true
);

create table treatment (
  id bigint generated always as identity primary key,
  patient_id bigint not null references patient, visit_note_id bigint references visit_note,
  protocol_id bigint references care_protocol, kind treatment_kind not null, product text not null,
  lot text not null default '', dose text not null default '', instructions text not null default '',
  given_on date not null, next_due date, given_by bigint references staff,
  import_batch_id bigint references import_batch, created_at timestamptz not null default now(),
  constraint treatment_due_after_given check (next_due is null or next_due > given_on)
);
create index treatment_patient_ix on treatment (patient_id, given_on desc);

create table reminder (
  id bigint generated always as identity primary key,
  patient_id bigint not null references patient, protocol_id bigint not null references care_protocol,
  source_treatment_id bigint references treatment, due_on date not null,
  status reminder_status not null default 'open', snoozed_until date,
  appointment_id bigint references appointment, last_sent_at timestamptz, sends int not null default 0,
  closed_at timestamptz, closed_reason text not null default '', created_at timestamptz not null default now()
);
create unique index reminder_one_open on reminder (patient_id, protocol_id) where status in ('open', 'booked');
create index reminder_due_ix on reminder (due_on, id) where status = 'open';

create table message_template (
  id bigint generated always as identity primary key,
  key text not null, channel channel not null, subject text not null default '', body text not null,
  active boolean not null default true, unique (key, channel)
);

-- Every message to or from a client: outbox and log in one. dedupe_key says what would make it a new message.
create table message (
  id bigint generated always as identity primary key,
  direction text not null default 'out' check (direction in ('out', 'in')),
  kind text not null default '',
  client_id bigint references client, patient_id bigint references patient,
  appointment_id bigint references appointment, reminder_id bigint references reminder,
  channel channel not null, to_addr text not null, subject text not null default '', body text not null default '',
  status message_status not null default 'queued', status_reason text not null default '',
  attempts int not null default 0, job_id bigint, message_id text unique, provider_id text,
  dedupe_key text unique,
  token_hash bytea unique, token_expires_at timestamptz, token_used_at timestamptz, token_action text,
  not_before timestamptz not null default now(), sending_at timestamptz, sent_at timestamptz,
  created_by bigint references staff,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create index message_client_ix on message (client_id, created_at desc);
create index message_patient_ix on message (patient_id, created_at desc);
create index message_appointment_ix on message (appointment_id, created_at desc);
create index message_created_ix on message (created_at desc, id desc);
create index message_problem_ix on message (created_at desc) where status in ('bounced', 'failed', 'suppressed');

create table import_row (
  batch_id bigint not null references import_batch on delete cascade, line int not null, raw jsonb not null,
  action text not null default 'new' check (action in ('new', 'update', 'duplicate', 'skip', 'error')),
  issues jsonb not null default '[]', client_id bigint, patient_id bigint,
  primary key (batch_id, line)
);
create index import_row_bad_ix on import_row (batch_id, action, line);

-- Who changed what, written in the transaction of the change. diff is {"field": [old, new]}.
create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(), staff_id bigint references staff, actor text not null,
  action text not null, entity text not null, entity_id bigint not null, client_id bigint,
  diff jsonb, request_id text not null default '', ip inet
);
create index audit_at_ix on audit_log (at desc, id desc);
create index audit_entity_ix on audit_log (entity, entity_id, id desc);
create index audit_client_ix on audit_log (client_id, id desc);
create index audit_staff_ix on audit_log (staff_id, id desc);

-- Failures, one row a fingerprint. Nothing here may name a person: see internal/report.
create table error_report (
  id bigint generated always as identity primary key,
  fingerprint text not null unique, title text not null, kind text not null default '', route text not null default '',
  stack text not null default '', release text not null default '', reference text not null default '', -- the latest shown to a person
  count bigint not null default 1, first_seen_at timestamptz not null default now(), last_seen_at timestamptz not null default now(),
  job_id bigint, status text not null default 'open' check (status in ('open', 'resolved', 'ignored')),
  resolved_by bigint references staff, resolved_at timestamptz
);
create index error_report_seen_ix on error_report (last_seen_at desc, id desc);

-- +goose StatementBegin
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin raise exception 'audit_log is append-only' using errcode = 'restrict_violation'; end $$;
-- +goose StatementEnd
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_is_append_only();

-- +goose StatementBegin
create function signed_note_is_final() returns trigger language plpgsql as $$
begin raise exception 'a signed visit note cannot change' using errcode = 'restrict_violation', constraint = 'visit_note_signed_final'; end $$;
-- +goose StatementEnd
create trigger visit_note_signed_final before update or delete on visit_note
  for each row when (old.status = 'signed') execute function signed_note_is_final();

-- Search documents. A household is found by its people, telephones, e-mail, postcode and by its pets; a patient by
-- its own name, breed and chip and by its people. Bulk loads stay fast: after-triggers work a statement at a time, and
-- a transaction that sets purple_cross.bulk_load brings documents and last visits with its rows (db/demo does).
-- +goose StatementBegin
create function client_doc() returns trigger language plpgsql as $$
begin
  new.search_doc := pc_norm(concat_ws(' ', new.first_name, new.last_name, new.second_contact, new.email, new.postcode,
    pc_digits(new.mobile), pc_digits(new.phone_alt),
    (select string_agg(concat_ws(' ', p.name, p.microchip), ' ' order by p.id) from patient p where p.client_id = new.id)));
  return new;
end $$;
-- +goose StatementEnd
create trigger client_doc_before before insert or update on client for each row
  when (current_setting('purple_cross.bulk_load', true) is distinct from 'on') execute function client_doc();

-- +goose StatementBegin
create function patient_doc() returns trigger language plpgsql as $$
begin
  select pc_norm(concat_ws(' ', new.name, new.breed, new.microchip, c.first_name, c.last_name, c.second_contact, pc_digits(c.mobile), pc_digits(c.phone_alt)))
    into new.search_doc from client c where c.id = new.client_id;
  new.search_doc := coalesce(new.search_doc, pc_norm(new.name));
  return new;
end $$;
-- +goose StatementEnd
create trigger patient_doc_before before insert or update on patient for each row
  when (current_setting('purple_cross.bulk_load', true) is distinct from 'on') execute function patient_doc();

-- +goose StatementBegin
create function client_doc_spread() returns trigger language plpgsql as $$
begin
  -- Statement triggers fire for no rows too: without this the two documents would call each other for ever.
  if not exists (select from new_rows) then return null; end if;
  update patient p set search_doc = '' -- the row's own trigger writes the document
    from new_rows n join old_rows o on o.id = n.id
   where p.client_id = n.id
     and (n.first_name, n.last_name, n.second_contact, n.mobile, n.phone_alt)
         is distinct from (o.first_name, o.last_name, o.second_contact, o.mobile, o.phone_alt);
  return null;
end $$;
-- +goose StatementEnd
create trigger client_doc_after after update on client
  referencing old table as old_rows new table as new_rows for each statement execute function client_doc_spread();

-- +goose StatementBegin
create function patient_doc_spread() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update client set search_doc = '' where id in (select client_id from new_rows);
  elsif tg_op = 'DELETE' then
    update client set search_doc = '' where id in (select client_id from old_rows);
  elsif exists (select from new_rows) then
    update client set search_doc = '' where id in (
      select unnest(array[o.client_id, n.client_id]) from new_rows n join old_rows o on o.id = n.id
       where (n.name, n.microchip, n.client_id) is distinct from (o.name, o.microchip, o.client_id));
  end if;
  return null;
end $$;
-- +goose StatementEnd
create trigger patient_doc_after_insert after insert on patient referencing new table as new_rows for each statement
  when (current_setting('purple_cross.bulk_load', true) is distinct from 'on') execute function patient_doc_spread();
create trigger patient_doc_after_update after update on patient referencing old table as old_rows new table as new_rows for each statement execute function patient_doc_spread();
create trigger patient_doc_after_delete after delete on patient referencing old table as old_rows for each statement execute function patient_doc_spread();

-- +goose StatementBegin
create function appointment_last_visit() returns trigger language plpgsql as $$
begin
  if new.status = 'completed' and new.patient_id is not null then
    update patient set last_visit_on = new.starts_at::date
     where id = new.patient_id and (last_visit_on is null or last_visit_on < new.starts_at::date);
  end if;
  return null;
end $$;
-- +goose StatementEnd
create trigger appointment_last_visit after insert or update of status, starts_at on appointment
  for each row when (current_setting('purple_cross.bulk_load', true) is distinct from 'on') execute function appointment_last_visit();
