-- What people had decided when every run was last compared with what it was judged beside: where that has changed, the
-- runs that were judged beside it are judged anew.
CREATE TABLE decided_up_to (
    item VARCHAR PRIMARY KEY,          -- run, analyte in a run, or result
    state VARCHAR NOT NULL             -- approved, rejected or repeat_requested
);
