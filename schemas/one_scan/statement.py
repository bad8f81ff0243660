"""One statement for all rules of a table model, built of expressions and never of text.

Every row of the answer is a row that fails: its key, the columns that rules read, and one flag for each rule. The row
rules take one pass with each reference joined once; equal keys are found by hash and then compared, or among
neighbours where the rows lie sorted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # values of a filter are of every type

from sqlglot import exp

from schemas.one_scan.forms import either, literal
from schemas.one_scan.registered import Join, row, with_alias
from schemas.one_scan.rules import ScanRule

DISORDER = "is_disordered"
"""Flag of a row that lies before the one above it; only where neighbours are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a statement asks of one table."""

    table: str
    """Table or view."""
    key: tuple[str, ...]
    """Columns that name a row."""
    only: Mapping[str, Sequence[Any]]
    """Values that a column must have, by column."""
    rules: tuple[ScanRule, ...]
    """Rules on single rows."""
    unique: tuple[tuple[str, ...], ...]
    """Keys that must not repeat."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the answer, each once: key, then what rules and unique keys read."""
        read = [*self.key, *(name for rule in self.rules for name in rule.reads)]
        return tuple(dict.fromkeys([*read, *(name for names in self.unique for name in names)]))

    @property
    def joins(self) -> dict[Join, str]:
        """Alias of each reference, each once."""
        joins = dict.fromkeys(rule.join for rule in self.rules if rule.join is not None)
        return {join: f"j{number}" for number, join in enumerate(joins)}


def flag(kind: str, number: int) -> str:
    """Return the name of a flag of the answer.

    Parameters
    ----------
    kind : str
        ``rule`` or ``unique``.
    number : int
        Number of the rule or of the unique key, from 0.

    Returns
    -------
    str
        Name.
    """
    return f"fails {kind} {number}"


def column_alias(name: str) -> str:
    """Return the name under which the answer gives a column.

    Parameters
    ----------
    name : str
        Column of the table.

    Returns
    -------
    str
        Name that no flag has.
    """
    return f"row {name}"


def grouping_statement(question: Question, *, hash_function: str = "") -> exp.Query:
    """Return the statement that finds equal keys wherever they lie.

    Parameters
    ----------
    question : Question
        What to ask.
    hash_function : str
        Function of the engine that hashes any number of values; keys are then grouped by hash and compared after.
        Empty groups by the keys themselves.

    Returns
    -------
    Query
        One statement.
    """
    parts: list[exp.Query] = [_row_part(question)] if question.rules or not question.unique else []
    for number, names in enumerate(question.unique):
        parts.append(_unique_part(question, number, names, hash_function))
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False, copy=False)


def neighbour_statement(question: Question, *, most_rows: int) -> exp.Query:
    """Return the statement that looks for equal keys among neighbours, and flags every row that is out of order.

    Parameters
    ----------
    question : Question
        What to ask; it has exactly one unique key.
    most_rows : int
        Rows of an answer that is still read; the statement stops at one more.

    Returns
    -------
    Query
        One statement; its answer holds only if it has no more rows than that, and none with the flag
        :data:`DISORDER`. A key with a null counts as out of order.
    """
    names = question.unique[0]
    is_double = exp.or_(_is_same_row(exp.Lag, names), _is_same_row(exp.Lead, names))
    inner = _of_table(question, *(row(name) for name in question.columns)).select(
        exp.alias_(exp.func("COALESCE", is_double, exp.false()), "is_double", quoted=True, copy=False),
        exp.alias_(exp.func("COALESCE", _falls(names), exp.true()), DISORDER, quoted=True, copy=False),
        copy=False,
    )
    flags = {flag("unique", 0): row("is_double"), DISORDER: row(DISORDER)}
    query = _judged(question, flags, inner.subquery("r", copy=False), extra=[row("is_double"), row(DISORDER)])
    return query.limit(most_rows + 1, copy=False)


def _row_part(question: Question) -> exp.Select:
    return _filtered(_judged(question, {}, _table(question.table)), question)


def _judged(
    question: Question,
    flags: Mapping[str, exp.Expr],
    rows: exp.Expr,
    *,
    extra: Sequence[exp.Expr] = (),
) -> exp.Select:
    aliases = question.joins
    fails = [with_alias(rule.condition, aliases[rule.join]) if rule.join else rule.condition for rule in question.rules]
    own_flags: dict[str, exp.Expr] = {
        flag("rule", number): exp.func("COALESCE", fail.copy(), exp.false()) for number, fail in enumerate(fails)
    }
    own_flags |= {flag("unique", number): exp.false() for number in range(len(question.unique))}
    query = _answer(question, own_flags | dict(flags)).from_(rows, copy=False)
    for join, alias in aliases.items():
        on = exp.and_(*(_is_equal(row(name), exp.column(name, table=alias, quoted=True)) for name in join.on))
        query = query.join(_table(join.table, alias), on=on, join_type="left", copy=False)
    return query.where(either([fail.copy() for fail in (*fails, *extra)]), copy=False)


def _unique_part(question: Question, number: int, names: Sequence[str], hash_function: str) -> exp.Select:
    keys = [row(name) for name in names]
    by = [exp.Anonymous(this=hash_function, expressions=keys)] if hash_function else keys
    sought = [exp.alias_(part.copy(), f"k{place}", copy=False) for place, part in enumerate(by)]
    doubled = _of_table(question, *sought).group_by(*(part.copy() for part in by), copy=False)
    doubled = doubled.having(exp.GT(this=exp.Count(this=exp.Star()), expression=literal(1)), copy=False)
    same = [_is_same(part.copy(), exp.column(f"k{place}", table="d")) for place, part in enumerate(by)]
    flags: dict[str, exp.Expr] = {flag("rule", place): exp.false() for place in range(len(question.rules))}
    flags |= {flag("unique", place): exp.Boolean(this=place == number) for place in range(len(question.unique))}
    suspects, on = doubled.subquery("d", copy=False), exp.and_(*same)
    if not hash_function:
        rows = _answer(question, flags).from_(_table(question.table), copy=False)
        return _filtered(rows.join(suspects, on=on, copy=False), question)
    # Different keys may share a hash: those that look the same are counted once more by themselves.
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[key.copy() for key in keys])
    columns = (*(row(name) for name in question.columns), exp.alias_(count, "n_same", quoted=True, copy=False))
    counted = _of_table(question, *columns).join(suspects, on=on, copy=False).subquery("r", copy=False)
    is_double = exp.GT(this=row("n_same"), expression=literal(1))
    return _answer(question, flags).from_(counted, copy=False).where(is_double, copy=False)


def _answer(question: Question, flags: Mapping[str, exp.Expr]) -> exp.Select:
    columns = [exp.alias_(row(name), column_alias(name), quoted=True, copy=False) for name in question.columns]
    return exp.select(
        *columns, *(exp.alias_(condition, name, quoted=True, copy=False) for name, condition in flags.items())
    )


def _of_table(question: Question, *columns: exp.Expr) -> exp.Select:
    return _filtered(exp.select(*columns).from_(_table(question.table), copy=False), question)


def _filtered(query: exp.Select, question: Question) -> exp.Select:
    for name, values in question.only.items():
        meant = [literal(value) for value in values]
        query = query.where(exp.In(this=row(name), expressions=meant) if meant else exp.false(), copy=False)
    return query


def _table(name: str, alias: str = "r") -> exp.Table:
    return exp.Table(this=_quoted(name), alias=exp.TableAlias(this=exp.to_identifier(alias)))


def _quoted(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)


def _is_equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=left, expression=right)


def _is_same(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.NullSafeEQ(this=left, expression=right)


def _beside(direction: type[exp.AggFunc], name: str) -> exp.Window:
    return exp.Window(this=direction(this=row(name)))


def _is_same_row(direction: type[exp.AggFunc], names: Sequence[str]) -> exp.Expr:
    # From the last part on: it differs most often, and what is behind a false WHEN is not compared.
    same: exp.Expr = exp.true()
    for name in names:
        same = exp.case().when(_is_equal(_beside(direction, name), row(name)), same).else_(exp.false())
    return same


def _falls(names: Sequence[str]) -> exp.Expr:
    # Lexicographic: the first part falls, or it is the same and the rest falls. Nothing lies above the first row.
    falls: exp.Expr = exp.false()
    for name in reversed(names):
        above = _beside(exp.Lag, name)
        same, rises = _is_equal(above, row(name)), exp.LT(this=above.copy(), expression=row(name))
        falls = exp.case().when(same, falls).when(rises, exp.false()).else_(exp.true())
    is_first = exp.Is(this=exp.Window(this=exp.Lag(this=exp.true())), expression=exp.null())
    return exp.case().when(is_first, exp.false()).else_(falls)
