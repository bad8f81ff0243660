from __future__ import annotations

import pytest
from click.testing import CliRunner

from qc.cli.main import command


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["nigthly"], "Did you mean 'nightly'?"),
        (["try", "paried"], "Did you mean 'paired'?"),
        (["plan", "lokc"], "Did you mean 'lock'?"),
        (["audit", "verfy"], "Did you mean 'verify'?"),
        (["queue", "--lba", "x"], "Did you mean '--lab'?"),
        (["catalogue", "shw"], "Did you mean 'show'?"),
    ],
)
def test_a_misspelt_command_or_option_is_refused_with_the_nearest_one(words, near):
    answer = CliRunner().invoke(command, words)

    assert answer.exit_code == 2
    assert near in answer.output
