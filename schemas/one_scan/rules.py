"""From a table model to the rules of one scan; what has no SQL form is refused here, when the model is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # a schema of pandera is not typed

import polars as pl
from pandera.api.checks import Check
from pandera.api.polars.container import DataFrameSchema
from pandera.errors import SchemaErrorReason
from sqlglot import exp

from schemas.errors import SchemaDefinitionError
from schemas.one_scan.forms import COLUMN_FORMS
from schemas.one_scan.registered import ROW_FORMS, Join, row, said
from schemas.one_scan.sql_types import sql_types_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRule:
    """One rule of a table model, as pandera names it, with its SQL form."""

    column: str
    """Column that it judges; the name of the model for a rule on whole rows."""
    check: Check | str
    """Check of pandera, or the name of a built-in rule such as ``not_nullable``."""
    number: int | None
    """Number of the check within its column or model, from 0."""
    is_on_rows: bool
    """Whether it judges whole rows."""
    reason: SchemaErrorReason
    """Reason code of a failure."""
    reads: tuple[str, ...]
    """Columns that it reads."""
    fails: exp.Expr
    """True for a row that fails; null if there is nothing to judge."""
    null_fails: bool
    """Whether a row with nothing to judge fails."""
    join: Join | None = None
    """Reference that it needs."""

    @property
    def condition(self) -> exp.Expr:
        """The failure as a condition: true, or something that selects no row."""
        return exp.func("COALESCE", self.fails, exp.true()) if self.null_fails else self.fails

    @property
    def name(self) -> str:
        """Name of the check in failure cases."""
        if isinstance(self.check, str):
            return self.check
        return str(self.check.error or self.check.name)


def rules_of(schema: DataFrameSchema) -> tuple[ScanRule, ...]:
    """Return the rules of a table model; uniqueness apart, see :func:`unique_keys`.

    Parameters
    ----------
    schema : DataFrameSchema
        Schema of a table model.

    Returns
    -------
    tuple of ScanRule
        Rules in the order in which pandera asks them.

    Raises
    ------
    SchemaDefinitionError
        If the schema asks for something that has no SQL form: it names every such part.
    """
    refusals: list[str] = list(_refused_settings(schema))
    rules: list[ScanRule] = []
    for makers in (*(_column_rules(column) for column in schema.columns.values()), _row_rules(schema)):
        rules += _collected(makers, refusals)
    if refusals:
        raise SchemaDefinitionError(f"Model '{schema.name}' cannot run where the rows lie: {' '.join(refusals)}")
    return tuple(rules)


def unique_keys(schema: DataFrameSchema) -> tuple[tuple[str, ...], ...]:
    """Return the sets of columns that must not repeat: of single columns first, then of the whole model.

    Parameters
    ----------
    schema : DataFrameSchema
        Schema of a table model.

    Returns
    -------
    tuple of tuple of str
        Keys; empty if nothing must be unique.
    """
    single = [(name,) for name, column in schema.columns.items() if column.unique]
    together = list(schema.unique or [])
    if together and all(isinstance(name, str) for name in together):
        together = [together]
    return (*single, *(tuple(names) for names in together))


def _collected(makers: Iterator[ScanRule | str], refusals: list[str]) -> Iterator[ScanRule]:
    for made in makers:
        if isinstance(made, str):
            refusals.append(made)
        else:
            yield made


_OFF: dict[str, object] = {
    "coerce": False,
    "drop_invalid_rows": False,
    "add_missing_columns": False,
    "ordered": False,
    "parsers": [],
}


def _refused_settings(schema: DataFrameSchema) -> Iterator[str]:
    for name, off in _OFF.items():
        if (getattr(schema, name, off) or off) != off:
            yield f"Setting '{name}' changes or orders a table; one scan only judges it."
    if schema.strict not in (True, False):
        yield f"Setting 'strict' is '{schema.strict}'; expected true or false."
    if schema.dtype is not None:
        yield "A type for all columns is set; each column needs its own."


def _column_rules(column: Any) -> Iterator[ScanRule | str]:  # Any: columns of pandera are not typed
    name = str(column.name)
    where = f"column '{name}'"
    if column.regex or column.coerce or column.drop_invalid_rows or column.default is not None or column.parsers:
        yield f"The settings of {where} change the table or name many columns; one scan only judges one."
    if not sql_types_of(column.dtype.type if column.dtype else None):
        yield f"The type of {where} has no SQL type."
        return
    if not column.nullable:
        yield _not_nullable(name, is_float=column.dtype.type in (pl.Float64, pl.Float32))
    for number, check in enumerate(column.checks):
        yield _column_rule(name, number, check)


def _not_nullable(name: str, *, is_float: bool) -> ScanRule:
    fails: exp.Expr = exp.Is(this=row(name), expression=exp.null())
    if is_float:
        # pandera takes NaN for a null
        fails = exp.or_(fails, exp.func("ISNAN", row(name)))
    return ScanRule(
        column=name,
        check="not_nullable",
        number=None,
        is_on_rows=False,
        reason=SchemaErrorReason.SERIES_CONTAINS_NULLS,
        reads=(name,),
        fails=fails,
        null_fails=False,
    )


def _column_rule(name: str, number: int, check: Check) -> ScanRule | str:
    registry_name, where = check.registry_name, f"Check '{check.name}' of column '{name}'"
    if registry_name is None or registry_name not in COLUMN_FORMS:
        return f"{where} has no SQL form."
    if is_partial := _partial(check):
        return f"{where} {is_partial}."
    try:
        fails = COLUMN_FORMS[registry_name](row(name), said(check))
    except SchemaDefinitionError as error:
        return f"{where}: {error}"
    return ScanRule(
        column=name,
        check=check,
        number=number,
        is_on_rows=False,
        reason=SchemaErrorReason.DATAFRAME_CHECK,
        reads=(name,),
        fails=fails,
        null_fails=not check.ignore_na,
    )


def _row_rules(schema: DataFrameSchema) -> Iterator[ScanRule | str]:
    for number, check in enumerate(schema.checks):
        registry_name, where = check.registry_name, f"Check '{check.name}' on whole rows"
        if registry_name not in ROW_FORMS:
            yield f"{where} has no SQL form."
            continue
        if is_partial := _partial(check):
            yield f"{where} {is_partial}."
            continue
        form = ROW_FORMS[registry_name](**said(check))
        unknown = sorted(set(form.reads) - set(schema.columns))
        if unknown:
            yield f"{where} reads column '{unknown[0]}', which the model does not have."
            continue
        yield ScanRule(
            column=str(schema.name),
            check=check,
            number=number,
            is_on_rows=True,
            reason=SchemaErrorReason.DATAFRAME_CHECK,
            reads=form.reads,
            fails=form.fails,
            null_fails=not check.ignore_na,
            join=form.join,
        )


def _partial(check: Check) -> str:
    if check.element_wise or check.groupby is not None:
        return "runs row by row or group by group"
    if check.raise_warning:
        return "only warns"
    return "tells only some of its failures" if check.n_failure_cases is not None else ""
