-- +goose Up
-- How many hours before a visit its household is reminded of it; none for a type that needs no reminder.
alter table appointment_type
  add column remind_hours int[] not null default '{48,24}',
  add constraint appointment_type_remind_hours
    check (cardinality(remind_hours) <= 4 and 1 <= all (remind_hours) and 336 >= all (remind_hours));

-- Between these hours of the clinic's day no reminder goes out; two equal hours mean that one may go at any time.
create table message_settings (
  id boolean primary key default true check (id),
  quiet_from time not null default '20:00', quiet_until time not null default '08:00',
  version int not null default 1
);
insert into message_settings default values;

-- needs_call: it cannot reach the household, so somebody has to call. by_hand: a person wants it sent whatever the hour.
alter table message
  add column needs_call boolean not null default false,
  add column called_at timestamptz, add column called_by bigint references staff,
  add column by_hand boolean not null default false;
create index message_call_ix on message (client_id) where needs_call and called_at is null;

-- What a reminder speaks of: one message a household may tell of several visits or of the care of several pets. Each
-- is told once (dedupe_key says visit, time and hours before, or care, due day and days before), however many find it.
-- A released one may be told again by another message: its household was merged into another before it went out.
create table message_item (
  id bigint generated always as identity primary key,
  message_id bigint not null references message on delete cascade,
  patient_id bigint not null references patient on delete cascade,
  appointment_id bigint references appointment on delete cascade,
  reminder_id bigint references reminder on delete cascade,
  said_at timestamptz, due_on date, lead int not null,
  dedupe_key text not null,
  left_out text not null default '', -- why the message went out without it
  released boolean not null default false,
  constraint message_item_of_one check (num_nonnulls(appointment_id, reminder_id) = 1),
  constraint message_item_visit check ((appointment_id is null) = (said_at is null)),
  constraint message_item_care check ((reminder_id is null) = (due_on is null))
);
create unique index message_item_once on message_item (dedupe_key) where not released;
create index message_item_message_ix on message_item (message_id);
create index message_item_appointment_ix on message_item (appointment_id);
create index message_item_patient_ix on message_item (patient_id);
create index message_item_reminder_ix on message_item (reminder_id);
