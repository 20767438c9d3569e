-- +goose Up
-- News for one person of the clinic: what they started is done, what went wrong and is theirs to look after. It leads to
-- its record and names no client. What is alike and not yet read is one line that counts (grouped): ten letters that
-- bounce in a minute are one piece of news.
create table notification (
  id bigint generated always as identity primary key,
  staff_id bigint not null references staff on delete cascade,
  kind text not null constraint notification_kind_given check (kind <> ''),
  subject text not null default '', subject_id bigint, -- the record that it is about
  href text not null constraint notification_href_of_ours check (href ~ '^/([^/\\]|$)'),
  sentence text not null constraint notification_sentence_given check (sentence <> ''),
  grouped text not null default '', -- '': it stands alone
  many text not null default '', many_href text not null default '', -- what several say, # for how many, and where they lead
  count int not null default 1 check (count > 0),
  created_at timestamptz not null default clock_timestamp(), updated_at timestamptz not null default clock_timestamp(),
  read_at timestamptz,
  constraint notification_grouped_says_many check (grouped = '' or (many <> '' and many_href ~ '^/([^/\\]|$)'))
);
create unique index notification_grouped_once on notification (staff_id, grouped) where grouped <> '' and read_at is null;
create index notification_unread_ix on notification (staff_id) where read_at is null;
create index notification_staff_ix on notification (staff_id, updated_at desc, id desc);
create index notification_subject_ix on notification (subject, subject_id) where read_at is null;

-- Which jobs that were given up somebody was told of; one that is given up again is news again.
create table job_noticed (
  job_id bigint not null, finalized_at timestamptz not null,
  primary key (job_id, finalized_at)
);
