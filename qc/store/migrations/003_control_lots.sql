-- The life of control lots, and the events after which the counting of controls begins anew.
ALTER TABLE controls ADD COLUMN target_from VARCHAR DEFAULT '';  -- fixed, manufacturer, establishment, rolling or empty
ALTER TABLE controls ADD COLUMN active_from TIMESTAMP;
ALTER TABLE controls ADD COLUMN expires_on TIMESTAMP;
ALTER TABLE controls ADD COLUMN follows VARCHAR DEFAULT '';      -- lot that it takes over from
ALTER TABLE control_results ADD COLUMN target_kind VARCHAR DEFAULT '';
ALTER TABLE control_results ADD COLUMN basis VARCHAR DEFAULT ''; -- what target and SD rest on, in words
CREATE TABLE events (
    happened_at TIMESTAMP NOT NULL,    -- local time of the laboratory
    event VARCHAR NOT NULL,            -- recalibration, new_reagent_lot, maintenance or note
    analyte VARCHAR NOT NULL,          -- empty for every analyte
    instrument VARCHAR NOT NULL,       -- empty for every instrument
    version INTEGER NOT NULL,
    lot VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    recorded_by VARCHAR NOT NULL,
    source_id BIGINT NOT NULL
);
DROP VIEW latest_controls;
CREATE VIEW latest_controls AS
    SELECT * FROM controls QUALIFY version = max(version) OVER (PARTITION BY material, level, lot, analyte, matrix);
CREATE VIEW latest_events AS
    SELECT * FROM events QUALIFY version = max(version) OVER (PARTITION BY happened_at, event, analyte, instrument);
