-- Runs whose results set the target of a control lot, as the control sheet names them.
ALTER TABLE controls ADD COLUMN guide_runs VARCHAR DEFAULT '';
