"""The run sheet: what an export does not say of its run, as TOML beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Literal  # Any: fields of a run

from annotated_types import Ge, MinLen

from schemas.curve_names import CurveModel, CurveWeight
from schemas.errors import ReaderError
from schemas.file_mapping import FileMapping
from schemas.lab_words import LabWords, WideColumn
from schemas.run import Run
from schemas.toml_file import read_toml, toml_tree
from schemas.toml_table import DATE, Checked, Label, Says, Taken, Text, TomlTable, Tree, Wording
from schemas.written_time import last_day_of, time_of

_FIRST_YEAR = 1980  # as in the table of samples: no sample is older than this
_NO_TABLE = "'{value}' is a value; expected a table [{key}]."
_WORDING = Wording(
    unknown="'{key}' is not a key of the run sheet.{near} Known keys: {known}.",
    top="key '{key}'",
    sentences={"dataclass_type": _NO_TABLE, "dict_type": _NO_TABLE},
)


def _time(written: Any) -> datetime | None:
    return _read_as(time_of, written)


def _last_day(written: Any) -> datetime | None:
    return _read_as(last_day_of, written)


def _read_as(form: Callable[[str], tuple[datetime | None, str]], written: Any) -> datetime | None:
    if written is None:
        return None
    text = written[DATE] if isinstance(written, Mapping) and DATE in written else written
    time, sentence = form(str(text).strip())
    if sentence:
        raise ValueError(sentence)
    return time


def _once_clocks_were_set(time: datetime | None, before: Tree) -> datetime | None:
    # A clock that was never set says 1970: such a run has no time, so that no rule on the order of runs judges by it.
    return None if time is None or time.year < _FIRST_YEAR else time


def _stripped(written: Any) -> Any:
    return written.strip() if isinstance(written, str) else written


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable(Run, TomlTable):
    """The table ``[run]``."""

    run: Annotated[
        Label, MinLen(1), Says("'{value}' is no name of a run; leave the key out or give a name in quotes.")
    ] = "name of the file"
    """Name of the run."""
    started_at: Annotated[datetime | None, Checked(_once_clocks_were_set), Taken(_time)] = None
    """When the run began."""
    reagent_expires_on: Annotated[datetime | None, Taken(_last_day)] = None
    """Last day on which kit and reagents may be used; a month means its last day."""
    model: Annotated[CurveModel | Literal[""], Taken(_stripped)] = ""
    """Curve."""
    weight: Annotated[CurveWeight | Literal[""], Taken(_stripped)] = ""
    """Weight of the squared residual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateTable(TomlTable):
    """The table ``[plate]``; empty text where it is silent."""

    export: Label = ""
    """File name of the plate export."""
    map: Label = ""
    """File name of the plate map."""
    signal: Label = ""
    """Name, or part of the name, of the block that holds the signal."""
    reference_signal: Label = ""
    """Name, or part of the name, of the block to subtract well by well."""
    plate: Label = ""
    """Name of the plate, where the export gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedControl(TomlTable):
    """What a name stands for by which an export or a plate map calls a control."""

    material: Text
    """Control material, as the control sheet calls it."""
    level: Label = ""
    """Level."""
    lot: Label = ""
    """Lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunSheetFile(TomlTable):
    run: RunTable = RunTable()
    plate: PlateTable = PlateTable()
    standards: Mapping[
        str, Annotated[float, Ge(0), Says("'{value}' is not a concentration; expected a number, 0 or more.")]
    ] = field(default_factory=dict)
    analytes: Mapping[str, Label] = field(default_factory=dict)
    controls: Mapping[str, NamedControl] = field(default_factory=dict)
    columns: Mapping[str, Text] = field(default_factory=dict)
    wide: Mapping[str, Text | WideColumn] = field(default_factory=dict)
    words: Mapping[str, Text] = field(default_factory=dict)
    blanks: Mapping[str, Literal["as above"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheet(PlateTable):
    """What stands in a run sheet."""

    run: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the run that are given."""
    standards: Mapping[str, float] = field(default_factory=dict)
    """Concentration by calibrator name, for a grid map."""
    analytes: Mapping[str, str] = field(default_factory=dict)
    """Analyte by what the export calls it, such as ``R25``; where any is given, all that are not are left out."""
    mapped_analytes: Mapping[str, str] = field(default_factory=dict)
    """Analyte by what tables of this shape call it; a table need not hold all of them."""
    controls: Mapping[str, NamedControl] = field(default_factory=dict)
    """Material, level and lot by the name of a control."""
    own_words: LabWords = field(default_factory=LabWords)
    """What the file calls columns, analytes that have a column each, and roles."""

    def with_mapping(self, mapping: FileMapping) -> RunSheet:
        """Return the sheet laid over what a mapping says of every file of its shape.

        Parameters
        ----------
        mapping : FileMapping
            Mapping that fits the file.
        """
        return replace(
            self,
            run={**mapping.run.given, **self.run},
            mapped_analytes=mapping.analytes,
            own_words=self.own_words.over(mapping.own_words),
        )

    def run_for(self, stem: str) -> Run:
        """Return the run that the sheet describes.

        Parameters
        ----------
        stem : str
            Name of the run where the sheet gives none: stem of the file.
        """
        return replace(Run(run=stem, reference_signal=self.reference_signal), **self.run)


def read_run_sheet(text: str) -> RunSheet:
    """Read a run sheet.

    Raises
    ------
    ReaderError
        If it is not TOML, or with every key that is not known and every value of a wrong type.
    """
    file = read_toml(text, _RunSheetFile, "The run sheet", wording=_WORDING, error=ReaderError)
    run = {key: getattr(file.run, key) for key in toml_tree(text, "The run sheet").get("run", {})}
    plate = asdict(file.plate)
    if "reference_signal" in run:
        # Either table may name it; where both do, the plate's own word counts.
        run["reference_signal"] = plate["reference_signal"] = plate["reference_signal"] or run["reference_signal"]
    own_words = LabWords(columns=file.columns, wide=file.wide, words=file.words, blanks=file.blanks)
    return RunSheet(
        run=run,
        standards=file.standards,
        analytes=file.analytes,
        controls=file.controls,
        own_words=own_words,
        **plate,
    )
