-- What a table of results says of each: its status, whether it was verified, a remark, and the lot of its reagent.
ALTER TABLE reported ADD COLUMN status VARCHAR DEFAULT '';
ALTER TABLE reported ADD COLUMN verified VARCHAR DEFAULT '';
ALTER TABLE reported ADD COLUMN note VARCHAR DEFAULT '';
ALTER TABLE reported ADD COLUMN reagent_lot VARCHAR DEFAULT '';
