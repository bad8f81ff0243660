"""Files cut off and files changed by a slip: no reading is lost and no number changes unseen."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest
from deformed import MUTATIONS, Deformed, cut, mutated
from documents import FORMATS, MAPS
from outcome import Read, map_of, outcome, read_of
from reference_cases import BESIDE
from statements import STATEMENTS, holds
from workbooks import BOOKS, as_workbook

SECONDS = 2.0
"""No file of this size may take longer, in CPU time."""
N_SHORT, N_BOOKS, N_LONG = 25, 5, 6_000
OF_OTHERS = ("Net", "Mean spot")
"""Blocks of which no statement of a document says anything."""
TEXTS = {".csv", ".txt", ".tsv", ".hl7", ".astm", ".xml", ".dat"}


@pytest.fixture(scope="module", autouse=True)
def loaded_models(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The table models are loaded with the first file that nobody knows; no file is to be charged with it."""
    read_of(b"a,b\n1,2\n", tmp_path_factory.mktemp("first") / "a.csv")


def in_silence(whole: Read, data: bytes, act: Callable[[bytes, Random], Deformed], n: int, path: Path) -> Counter[str]:
    random = Random(f"{path.name} {act.__name__}")
    reads, states = map_of if path.stem in MAPS else read_of, partial(holds, path.stem)
    outcomes: Counter[str] = Counter()
    for _ in range(n):
        deformed = act(data, random)
        began = time.process_time()
        became = outcome(whole, reads(deformed.data, path), deformed, holds=states)
        assert time.process_time() - began < SECONDS, deformed.how
        outcomes[f"{became}: {deformed.how}" if "silence" in became else became] += 1
    return outcomes


@pytest.mark.parametrize("act", [cut, mutated])
@pytest.mark.parametrize("name", FORMATS)
def test_no_export_of_ours_loses_or_changes_a_reading_in_silence(
    name: str, act: Callable[[bytes, Random], Deformed], tmp_path: Path, is_long: bool
) -> None:
    data = FORMATS[name](1).encode()
    path = tmp_path / f"{name}.txt"
    whole = map_of(data, path) if name in MAPS else read_of(data, path)
    assert not whole.error
    assert whole.readings
    assert holds(name, data)

    outcomes = in_silence(whole, data, act, N_LONG if is_long else N_SHORT, path)

    assert not [one for one in outcomes if "silence" in one]
    assert outcomes["refused"] + outcomes["told"]


def exports() -> list[Path]:
    found = [path for path in sorted((BESIDE / "data").rglob("*")) if path.suffix in TEXTS]
    skipped = ("somascan", "damaged_xls", "processed", "meta")
    return [path for path in found if not set(path.parts) & set(skipped) and path.stat().st_size < 400_000]


@pytest.mark.parametrize("name", BOOKS)
def test_no_workbook_of_ours_loses_or_changes_a_reading_in_silence(name: str, tmp_path: Path, is_long: bool) -> None:
    text = FORMATS[name](1).encode()
    path = tmp_path / f"{name}.xlsx"
    reads, random = map_of if name in MAPS else read_of, Random(name)
    whole = reads(as_workbook(text.decode()), path)
    assert whole.readings

    outcomes: Counter[str] = Counter()
    for _ in range(N_LONG // 10 if is_long else N_BOOKS):
        deformed = mutated(text, random)
        if deformed.kind != "other_delimiter":
            became = reads(as_workbook(deformed.data.decode()), path)
            outcomes[f"{outcome(whole, became, deformed, holds=partial(holds, name))}: {deformed.how}"] += 1

    assert not [one for one in outcomes if "silence" in one]


@pytest.mark.shared
@pytest.mark.parametrize("act", [cut, mutated])
def test_no_export_of_a_maker_loses_or_changes_a_reading_in_silence(
    act: Callable[[bytes, Random], Deformed], tmp_path: Path, is_long: bool
) -> None:
    bad = []
    for export in exports():
        data = export.read_bytes()
        path = tmp_path / export.name
        whole = read_of(data, path)
        outcomes = Counter[str]() if whole.error else in_silence(whole, data, act, 400 if is_long else 3, path)
        bad += [f"{export.name}: {one}" for one in outcomes if "silence" in one]

    assert not bad, "\n".join(bad)


def test_the_harness_sees_a_number_that_changed_and_a_reading_that_went(tmp_path: Path) -> None:
    data = FORMATS["tidy"](1).encode()
    path = tmp_path / "tidy.txt"
    whole = read_of(data, path)
    lines = data.splitlines(keepends=True)
    value = lines[1].split(b",")[3]

    changed = read_of(data.replace(value, b"1" + value, 1), path)
    fewer = replace(whole, readings=Counter(dict(whole.readings.most_common(30))))
    refused = read_of(data.replace(b"S00,", b"S00,,", 1), path)

    untouched = Deformed("nothing", data)
    assert outcome(whole, changed, untouched) == "changed in silence"
    assert outcome(whole, fewer, untouched) == "lost in silence"
    assert outcome(whole, refused, untouched) == "refused"
    assert outcome(whole, whole, untouched) == "the same"
    assert {act.__name__ for act in MUTATIONS} >= {"delete_line", "swap_columns", "append_itself"}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_document_that_contradicts_itself_is_seen_by_the_harness_and_told_by_its_reader(
    name: str, tmp_path: Path
) -> None:
    data = FORMATS[name](1).encode()
    path = tmp_path / f"{name}.txt"
    whole = read_of(data, path)
    digits = next(numbers[0] for names, numbers in sorted(whole.readings) if not names[2].startswith(OF_OTHERS))
    changed = data.replace(digits.encode(), digits[::-1].encode() if "." not in digits else f"9{digits}".encode(), 1)

    read_again = read_of(changed, path)

    assert not holds(name, changed)
    assert outcome(whole, replace(read_again, notes=whole.notes), Deformed("one number", changed)) != "told"
    assert read_again.notes - whole.notes or read_again.error
