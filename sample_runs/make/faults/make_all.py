"""Write every fault and their common sheets."""

from __future__ import annotations

from pathlib import Path

from sample_runs.make.faults.bench import Bench
from sample_runs.make.faults.control_faults import make_control_faults
from sample_runs.make.faults.file_faults import make_file_faults
from sample_runs.make.faults.linked_faults import make_linked_faults
from sample_runs.make.faults.message_faults import make_message_faults
from sample_runs.make.faults.plate_faults import make_plate_faults
from sample_runs.make.faults.sample_faults import make_sample_faults
from sample_runs.make.faults.values import make_value_faults


def write_faults(folder: Path) -> None:
    """Write one folder for each kind of fault.

    Parameters
    ----------
    folder : Path
        Where.
    """
    bench = Bench(folder)
    make_value_faults(bench)
    make_control_faults(bench)
    make_sample_faults(bench)
    make_plate_faults(bench)
    make_file_faults(bench)
    make_linked_faults(bench)
    make_message_faults(bench)
    bench.write_sheets()
