"""Pairs, visits and p-values in the odd but legal CSV that programs write: read alike, or refused in a sentence."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from qc.cli.main import command

PAIRS = """subject,before,after
S1,10.1,9.0
S2,20.3,18.2
S3,30.0,27.1
S4,40.4,36.0
S5,50,45.5
S6,60.7,54.1
S7,0.9,<0.5
"""
P_VALUES = "name,p\na,0.01\nb,0.04\nc,\n"


def tried(tmp_path, family, content):
    file = tmp_path / "odd.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    result = CliRunner().invoke(command, ["try", family, str(file), "--json"], standalone_mode=False)
    return json.loads(result.stdout)


def semicolons(text):
    return text.replace(",", ";").replace(".", ",")


@pytest.mark.parametrize(
    "odd",
    [
        ("\ufeff" + PAIRS),
        PAIRS.replace("\n", "\r\n"),
        PAIRS.replace("\n", "\r"),
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in PAIRS.splitlines()),
        PAIRS.replace(",", " , "),
        PAIRS.replace("<", "< "),
        PAIRS.replace("<", "<\u00a0"),
        semicolons(PAIRS),
        PAIRS.replace(",", "\t"),
        PAIRS.replace("\n", ",\n"),
        PAIRS.replace("\n", "\n\n").title(),
    ],
)
def test_the_same_pairs_written_otherwise_give_the_same_answer(tmp_path, odd):
    assert tried(tmp_path, "paired", odd) == tried(tmp_path, "paired", PAIRS)


@pytest.mark.parametrize("odd", [semicolons(P_VALUES), P_VALUES.replace("\n", "\r"), P_VALUES.replace(",", "\t")])
def test_the_same_p_values_written_otherwise_give_the_same_answer(tmp_path, odd):
    assert tried(tmp_path, "adjust", odd) == tried(tmp_path, "adjust", P_VALUES)


@pytest.mark.parametrize(
    ("family", "odd", "sentence"),
    [
        ("paired", "subject,before,after\nS1,10,1,9,0\n", "line 2: The line has more cells than the header"),
        ("repeated", "subject,time,value\nS1,0,10,1\n", "line 2: The line has more cells than the header"),
        ("adjust", "name,p\na,0,01\n", "line 2: The line has more cells than the header"),
        ("paired", PAIRS + '"S9,1,2\nS10,1,2\n', "a quote before it is not closed"),
        ("paired", PAIRS.encode("utf-16"), "is not UTF-8 text at byte 0"),
        ("paired", 'subject,before,after\n"' + "x" * 200_000 + '",1,2\n', "cannot be read as CSV"),
        ("paired", PAIRS.replace("60.7", '"1,060"'), "'1,060' can be read two ways: write 1060 or 1.060"),
        ("paired", PAIRS.replace("after", "before"), "Column 'before' stands twice in the header"),
        ("westgard", 'run,level,z\n1,L1,0.5\n2,"L1,3.5\n3,L1",0.1\n', "line 3: A cell goes over several lines"),
        ("chart", 'value\n1\n"2\n3\n', "line 3: The quoting of this line cannot be followed"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(tmp_path, family, odd, sentence):
    assert sentence in tried(tmp_path, family, odd)["error"]
