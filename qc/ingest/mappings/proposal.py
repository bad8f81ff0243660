"""What the columns of a foreign table are, all together: proposed, with what a person must still say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qc.readers.text.source import Source
from schemas.catalogue import Catalogue
from schemas.errors import ReaderError
from schemas.headers.column_guess import Column, ProposedColumn, guess, looks_like_codes
from schemas.headers.column_names import parted_unit, titles_for
from schemas.headers.found_header import found_header
from schemas.headers.header import kind_of, needs
from schemas.headers.visits import parted_visit
from schemas.json_model import JsonModel
from schemas.tables.column import sheet_columns
from schemas.tables.run_columns import RunColumns
from schemas.tables.sheets import SHEETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(JsonModel):
    """What a foreign table is proposed to be."""

    sheet: str
    """Name of the sheet; empty for a text."""
    header_line: int
    """Line of the last row of the header."""
    header_rows: int
    """Rows of the header."""
    kind: str
    """``results``, ``samples``, ``subjects``, ``controls``, ``events`` or ``bridgings``; empty if it is none yet."""
    columns: tuple[ProposedColumn, ...]
    """Its columns."""
    run: Mapping[str, str] = field(default_factory=dict)
    """What holds where the table is silent, as a person has said it."""
    lacks: tuple[str, ...] = ()
    """What must be said before it can be read, in sentences."""

    @property
    def guesses(self) -> list[ProposedColumn]:
        """Columns that are guesses."""
        return [one for one in self.columns if one.is_guess and one.means]

    def columns_by_title(self, *, is_analyte: bool) -> dict[str, ProposedColumn]:
        """Columns that mean something, by title."""
        return {one.title: one for one in self.columns if one.means and one.is_analyte is is_analyte}


def propose(
    file: Path, source: Source, catalogue: Catalogue, *, said: Mapping[str, str], run: Mapping[str, str]
) -> Proposal:
    """Propose what the columns of a table are.

    Parameters
    ----------
    source : Source
        The file, with the words of the laboratory.
    said : mapping of str to str
        What a person says that a column is, by title: a column of ours, ``analyte=ID``, or ``-`` to leave it aside.
    run : mapping of str to str
        What a person says of every row: ``analyte``, ``unit``, ``matrix``.

    Raises
    ------
    ReaderError
        If the file holds no table, or a title that a person names is none of it.
    """
    titles = titles_for("tidy", source.words)
    header = found_header(source.sheets, titles)
    if header is None:
        raise ReaderError(f"'{file.name}' holds no row of titles: there is no table to map.")
    columns = header.columns
    strange = [title for title in said if title not in {one.title for one in columns}]
    if strange:
        names = ", ".join(f"'{one.title}'" for one in columns)
        raise ReaderError(f"'{strange[0]}' is no title of '{file.name}'. Its titles: {names}.")
    found = [_said(column, said[column.title]) if column.title in said else guess(column, titles, catalogue)
             for column in columns]  # fmt: skip
    found = _with_sample(_once_each(_by_visit(found, columns)), columns, run, said)
    found = _with_value(found, columns, run, said)
    kind, found = _of_kind(found)
    line = header.sheet.rows[header.at].line
    proposal = Proposal(sheet=header.sheet.name, header_line=line, header_rows=header.n_rows, kind=kind,
                        columns=tuple(found), run=run)  # fmt: skip
    return replace(proposal, lacks=tuple(_lacks(proposal, catalogue)))


def _said(column: Column, meaning: str) -> ProposedColumn:
    proposed = ProposedColumn(title=column.title, example=next(iter(column.cells), ""), why="as you say")
    if meaning == "-":
        return replace(proposed, why="you leave it aside")
    analyte = meaning.removeprefix("analyte=")
    name, unit, visit = [*analyte.split("|"), "", ""][:3]
    return replace(proposed, means=name, unit=unit, visit=visit, is_analyte=analyte != meaning)


def _by_visit(found: Sequence[ProposedColumn], columns: Sequence[Column]) -> list[ProposedColumn]:
    """Take columns of numbers that are called alike but for the visit for one analyte at several visits."""
    parts = {one.title: parted_visit(parted_unit(one.title)[0]) for one in found if not one.means or one.is_guess}
    names = {title: name for title, (name, visit) in parts.items() if visit}
    alike = Counter(name.casefold() for name in names.values())
    first = {name.casefold(): name for name in reversed(names.values())}
    numeric = {column.title for column in columns if column.holds_results}
    return [_at_visit(one, first[names[one.title].casefold()], parts[one.title][1], is_number=one.title in numeric)
            if one.title in names and alike[names[one.title].casefold()] > 1 else one for one in found]  # fmt: skip


def _at_visit(one: ProposedColumn, analyte: str, visit: str, *, is_number: bool) -> ProposedColumn:
    if not is_number:
        return replace(one, means="", is_guess=False, why="neither numbers nor bounds: no result can be read of it")
    unit = one.unit or parted_unit(one.title)[1]
    return replace(one, means=analyte, visit=visit, unit=unit, is_analyte=True, is_guess=True,
                   why="called alike but for the visit")  # fmt: skip


def _once_each(found: Sequence[ProposedColumn]) -> list[ProposedColumn]:
    """Let each column of ours stand once: for what is sure first, then for the first guess."""
    taken: dict[str, str] = {}
    for one in sorted(found, key=lambda one: one.is_guess):
        if one.means and not one.is_analyte:
            taken.setdefault(one.means, one.title)
    return [
        one
        if not one.means or one.is_analyte or taken[one.means] == one.title
        else replace(one, means="", is_guess=False, unit="", why=f"'{taken[one.means]}' is the {one.means}")
        for one in found
    ]


def _with_value(
    found: list[ProposedColumn], columns: Sequence[Column], run: Mapping[str, str], said: Mapping[str, str]
) -> list[ProposedColumn]:
    """Take the only column of numbers that is left for the results, where an analyte is told."""
    means = {one.means for one in found}
    has_analyte = "analyte" in means or run.get("analyte")
    if "value" in means or any(one.is_analyte for one in found) or not has_analyte:
        return found
    numeric = {column.title for column in columns if column.holds_results}
    left = [one.title for one in found if not one.means and one.title in numeric and one.title not in said]
    if len(left) != 1:
        return found
    return [replace(one, means="value", is_guess=True, why="the only numbers that are left")
            if one.title == left[0] else one for one in found]  # fmt: skip


def _with_sample(
    found: list[ProposedColumn], columns: Sequence[Column], run: Mapping[str, str], said: Mapping[str, str]
) -> list[ProposedColumn]:
    """Take the first column of codes for the sample of a table of results that names none."""
    has_results = run.get("analyte") or any(one.is_analyte or one.means in ("value", "analyte") for one in found)
    by_visit = [one.visit for one in found if one.is_analyte]
    codes = {"sample", "material"} | ({"subject"} if by_visit and all(by_visit) else set())
    if not has_results or {one.means for one in found} & codes:
        return found
    likely = [column.title for column in columns if looks_like_codes(column)]
    first = next((one.title for one in found if one.title in likely and one.title not in said
                  and one.means in ("", "subject")), "")  # fmt: skip
    means = "subject" if by_visit and all(by_visit) else "sample"
    return [replace(one, means=means, is_guess=True, why="a code of its own in each row")
            if one.title == first else one for one in found]  # fmt: skip


def _of_kind(found: list[ProposedColumn]) -> tuple[str, list[ProposedColumn]]:
    """Tell the kind of the table, and leave aside what its kind has no column for."""
    means = {one.means: 0 for one in found if one.means and not one.is_analyte}
    is_wide = any(one.is_analyte for one in found)
    kind = "results" if is_wide or "value" in means else kind_of(means)
    if not kind:
        return "", found
    own = {one.title for one in SHEETS[kind].columns}
    own |= {one.title for one in sheet_columns(RunColumns)} if kind == "results" else set()
    own -= {"value", "analyte", "flag", "status", "verified", "lloq", "lod", "uloq"} if is_wide else set()
    own |= {"subject"} if is_wide and all(one.visit for one in found if one.is_analyte) else set()
    return kind, [
        one
        if not one.means or one.is_analyte or one.means in own
        else replace(one, means="", is_guess=False, why=f"a table of {kind} has no column '{one.means}'")
        for one in found
    ]


def _lacks(proposal: Proposal, catalogue: Catalogue) -> list[str]:
    means = {one.means for one in proposal.columns if one.means and not one.is_analyte}
    analytes = [one for one in proposal.columns if one.is_analyte]
    if not proposal.kind:
        return [_nearest_kind(means)]
    if proposal.kind != "results":
        return []
    lacks = []
    if not means & {"sample", "material"} and not ("subject" in means and all(one.visit for one in analytes)):
        lacks.append("No column names the sample: say which with --column 'TITLE=sample'.")
    if not analytes and "analyte" not in means and not proposal.run.get("analyte"):
        lacks.append("Nothing says the analyte: say it with --set analyte=ID, or which column with "
                     "--column 'TITLE=analyte'.")  # fmt: skip
    numbers = analytes or [one for one in proposal.columns if one.means == "value"]
    own = [one for one in numbers if not one.unit]
    if own and "unit" not in means and not proposal.run.get("unit"):
        titles = ", ".join(f"'{one.title}'" for one in own)
        lacks.append(f"Nothing says the unit of {titles}: say it with --set unit=UNIT, if it is the same for all.")
    return lacks + _unknown_analytes([one.means for one in analytes], catalogue)


def _nearest_kind(means: set[str]) -> str:
    """Say which table it is most like, and what it lacks to be one."""
    own = {kind: {one.title for one in sheet.columns} & means for kind, sheet in SHEETS.items()}
    kind = max(own, key=lambda one: len(own[one]))
    needed = [one.title for one in SHEETS[kind].columns if one.presence != "optional"]
    needed = ["sample", "value"] if kind == "results" else needed
    lacking = [title for title in needed if title not in means]
    if not own[kind] or not lacking:
        return f"It is none of the tables that are known: {'; '.join(needs().values())}."
    said = " ".join(f"--column 'TITLE={title}'" for title in lacking)
    return f"It is most like {SHEETS[kind].called} and lacks {' and '.join(lacking)}: say which columns with {said}."


def _unknown_analytes(names: Sequence[str], catalogue: Catalogue) -> list[str]:
    unknown = dict.fromkeys(name for name in names if catalogue.analyte_id(name) is None)
    near = {name: catalogue.suggestion(name) for name in unknown}
    return [
        f"Analyte '{name}' is not in the catalogue."
        + (f" Did you mean '{near[name]}'?" if near[name] else "")
        + f" Make an entry with 'qc catalogue new {_id(name)} --like ID', "
        + "or leave the column aside with --column 'TITLE=-'."
        for name in unknown
    ]


def _id(name: str) -> str:
    import re

    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "name"
