"""``qc map``: propose what a foreign table is, show what would come of it, and write the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: cells of rows that were read

from qc.ingest.mappings.fitting import fitting_name
from qc.ingest.mappings.mapping_text import mapping_name, mapping_text, write_mapping
from qc.ingest.mappings.proposal import Proposal, propose
from qc.lab.mappings import mapping_of
from qc.readers.read_view import ReadFault
from qc.readers.read_view import read as look
from qc.readers.text.source import Source
from schemas.errors import ConfigError, ReaderError
from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from schemas.catalogue import Catalogue
    from schemas.file_mapping import FileMapping
    from schemas.lab_words import LabWords

ROWS_SHOWN = 10
RUN_KEYS = ("study", "matrix", "analyte", "unit", "method", "platform", "instrument", "profile")
"""What ``--set`` may say of every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapAnswer(JsonModel):
    """What a foreign table is proposed to be, and what comes of it."""

    file: str
    """Name of the file."""
    fits: str = ""
    """Mapping of the lab that fits it already; empty if none does."""
    reader: str = ""
    """Reader that reads it without a mapping; empty if none does."""
    proposal: Proposal | None = None
    """What is proposed; None where nothing need be."""
    mapping: str = ""
    """The mapping, as TOML."""
    written: str = ""
    """Where it was written; empty if it was not."""
    n_rows: int = 0
    """Rows that come of the file."""
    outcome: list[Mapping[str, Any]] = field(default_factory=list)
    """The first of them."""
    left_aside: list[str] = field(default_factory=list)
    """What is flagged and what is left aside, a line each."""
    findings: list[ReadFault] = field(default_factory=list)
    """What is wrong with the file as it would be read."""
    error: str = ""
    """Why it cannot be read; empty if it can."""

    @property
    def open_questions(self) -> list[str]:
        """What a person must say before the mapping is written."""
        if self.proposal is None or self.written:
            return []
        guesses = [f"'{one.title}' = {one.means}" for one in self.proposal.guesses]
        confirmation = [f"Guessed: {', '.join(guesses)}. If that is right, say so with --accept."] if guesses else []
        return [*self.proposal.lacks, *confirmation]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTerms:
    """What a person says of a table, and by what it is looked at."""

    words: LabWords
    """Words of the lab."""
    catalogue: Catalogue
    """Its catalogue."""
    mappings: Mapping[str, str]
    """Its mappings, as texts by file name."""
    folder: Path
    """Where a mapping is written."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What columns are, by title."""
    run: Mapping[str, str] = field(default_factory=dict)
    """What holds of every row."""
    is_accepted: bool = False
    """Whether the guesses are right."""
    name: str = ""
    """Name of the mapping; empty means that of the file."""


def map_file(file: Path, terms: MapTerms) -> MapAnswer:
    """Propose a mapping for a file, read the file by it, and write it where nothing is left to be said.

    Raises
    ------
    ConfigError
        If the file cannot be opened, or a mapping of that name is there.
    ReaderError
        If it holds no table, or a person names a title that it does not hold.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"'{file}' cannot be opened: {error.strerror}.") from error
    answer = MapAnswer(file=file.name)
    if not terms.said and not terms.run:
        name = fitting_name(file.name, content, terms.mappings)
        known = _looked(answer, file, terms.words, mapping_of(terms.mappings[name], name) if name else None)
        if name or not known.error:
            return replace(known, fits=name)
    _refuse_strange(terms)
    source = Source(Path(file.name), content, terms.words)
    if source.form == "message":
        raise ReaderError(f"'{file.name}' is a message of an analyser: it has no columns to map. "
                          "What it calls analytes stands in [analytes] of words.toml.")  # fmt: skip
    proposal = propose(file, source, terms.catalogue, said=terms.said, run=terms.run)
    text = mapping_text(proposal, file=file.name)
    answer = replace(answer, proposal=proposal, mapping=text)
    if proposal.kind:
        answer = _looked(answer, file, terms.words, mapping_of(text, file.name))
    is_settled = not proposal.lacks and (terms.is_accepted or not proposal.guesses)
    if not is_settled or answer.error or not proposal.kind:
        return answer
    return replace(answer, written=str(write_mapping(terms.folder, terms.name or mapping_name(file), text)))


def _refuse_strange(terms: MapTerms) -> None:
    strange = [key for key in terms.run if key not in RUN_KEYS]
    if strange:
        raise ConfigError(f"'--set {strange[0]}=...' is not known. Known keys: {', '.join(RUN_KEYS)}.")


def _looked(answer: MapAnswer, file: Path, words: LabWords, mapping: FileMapping | None) -> MapAnswer:
    seen = look(file, words=words, mapping=mapping)
    rows: Sequence[Mapping[str, Any]] = seen["rows"] or seen["wells"]
    findings = [ReadFault(one["where"], one["sentence"], Verdict(one["verdict"])) for one in seen["findings"]]
    return replace(
        answer,
        reader=seen["reader"] or "",
        n_rows=len(rows),
        outcome=list(rows[:ROWS_SHOWN]),
        left_aside=list((seen["account"] or {}).get("words", ())),
        findings=findings,
        error=seen["error"] or "",
    )
