-- Bounds that stand beside a reported result, in its unit: what a word such as "not detected" lies below.
ALTER TABLE reported ADD COLUMN lloq DOUBLE;
ALTER TABLE reported ADD COLUMN lod DOUBLE;
ALTER TABLE reported ADD COLUMN uloq DOUBLE;
