-- +goose Up
-- What an undo takes away must be known to belong to nobody else, a record at a time: without these each looks through
-- whole tables.
create index client_merged_into_ix on client (merged_into) where merged_into is not null;
create index reminder_patient_ix on reminder (patient_id);
create index reminder_appointment_ix on reminder (appointment_id) where appointment_id is not null;
create index reminder_treatment_ix on reminder (source_treatment_id) where source_treatment_id is not null;
create index message_reminder_ix on message (reminder_id) where reminder_id is not null;
