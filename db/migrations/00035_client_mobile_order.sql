-- +goose Up

-- Clients, and patients by their client, are sorted by telephone at once, too.
create index client_by_mobile_ix on client ((nullif(mobile, '') collate "C"), id);
