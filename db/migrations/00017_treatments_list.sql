-- +goose Up
create index treatment_given_ix on treatment (given_on, id);
create index treatment_lot_ix on treatment (lot) where lot <> '';
