"""One scan: a table model of pandera, run by the engine in which the rows lie, as one statement."""
