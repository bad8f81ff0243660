from __future__ import annotations

import re

# SYNTHETIC: not a measurement.
EXPORT = """Export of Miller
sample,analyte,matrix,value,unit,colour
A417,ferritin,serum,118.2,ng/mL,red
B283,ferritin,serum,97.5,ng/mL,red
"""


def test_what_a_file_left_aside_is_shown_with_its_run_and_names_nobody(fresh_lab, tmp_path):
    from click.testing import CliRunner

    from qc.cli.main import command

    (tmp_path / "run-7.csv").write_text(EXPORT)
    fresh_lab.ingest(tmp_path / "run-7.csv")
    fresh_lab.assess()

    (account,) = fresh_lab.show("run-7").accounts
    text = CliRunner().invoke(command, ["show", "R1", "--lab", str(fresh_lab.paths.root)]).output

    assert [(one.where, one.n_cells, one.text) for one in account.left_aside] == [
        ("column 'colour'", 3, ""),
        ("line 1", 1, ""),
    ]
    assert account.n_cells == account.n_used + account.n_left == 19
    assert fresh_lab.show("R1.1").accounts == ()
    assert re.search(
        r"file: run-7.csv, 19 cells: 15 used, 0 flagged, 4 left aside\n +left aside: column 'colour'", text
    )
    assert "Miller" not in text
