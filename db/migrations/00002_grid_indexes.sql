-- +goose Up
-- Names as lists sort them: without case and accents and byte by byte, which is the same under every locale and survives
-- a new one. Stored, because working one out takes longer than comparing it.
alter table patient add column name_key text collate "C" not null generated always as (pc_norm(name)) stored;
alter table client add column name_key text collate "C" not null
  generated always as (pc_norm(last_name || coalesce(', ' || nullif(first_name, ''), ''))) stored;

-- What the lists' own orders need: plain indexes, ascending with the key behind, which serve both directions because a
-- list reads its rows without a value apart (db/grid/segment.go).
drop index patient_name_sort_ix;
create index patient_name_key_ix on patient (name_key, id);
create index client_name_key_ix on client (name_key, id);
drop index patient_last_visit_ix;
create index patient_last_visit_ix on patient (last_visit_on, id);

-- A household's last visit is the latest of its patients'.
drop index patient_client_ix;
create index patient_client_ix on patient (client_id, last_visit_on);

-- Of every client, so that lists of other things can be searched by it.
drop index client_search_trgm;
create index client_search_trgm on client using gin (search_doc gin_trgm_ops);

create index import_batch_created_ix on import_batch (created_at, id);
