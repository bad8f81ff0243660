-- Last day on which kit and reagents of a run may be used, as its run sheet or export says.
ALTER TABLE runs ADD COLUMN reagent_expires_on TIMESTAMP;
