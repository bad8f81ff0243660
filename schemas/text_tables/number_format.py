"""Number formats of a spreadsheet that say more than the number: ``0%``, ``"<"0.0``, ``0.0" ng/mL"``."""

from __future__ import annotations

import operator
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|[_*].|(?P<plain>.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\Z")
_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
              "<>": operator.ne}  # fmt: skip
_DIGITS = "0#?.,"
_SAYS_NOTHING = re.compile(r"[\s+\-()/*@$€£¥]*\Z")
_ZEROS = re.compile(r"0{2,}\Z")
_DATE = frozenset("ymdhsYMDHS")


def shown_text(code: str, number: str) -> str:
    """Return what a spreadsheet shows of a number, as far as its format says more than the number.

    Parameters
    ----------
    code : str
        Number format, as the workbook writes it.
    number : str
        The number as stored.

    Returns
    -------
    str
        The number with the words and signs around it, with all of its digits; empty where the format only rounds
        or colours it, and for formats of dates.

    Examples
    --------
    >>> shown_text("0.0%", "0.235"), shown_text('"<"0.0', "0.5"), shown_text('[<1]"ND";0.0', "0.2")
    ('23.5%', '<0.5', 'ND')
    >>> shown_text("0000", "12"), shown_text('"S-"000', "12")
    ('0012', 'S-012')
    >>> shown_text("0.00", "0.235"), shown_text("yyyy-mm-dd", "45000")
    ('', '')
    """
    if not _may_speak(code):
        return ""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return ""
    before, inner, after = _parts(_section(code, value))
    if any(letter in _DATE for letter in inner) or not value.is_finite():
        return ""
    if not any(letter in _DIGITS or letter == "G" for letter in inner):
        return before.strip() if not _SAYS_NOTHING.match(before) else ""
    if "%" in after or "%" in before:
        value *= 100
    elif _SAYS_NOTHING.match(before) and _SAYS_NOTHING.match(after) and not _ZEROS.match(inner):
        return ""
    plain = f"{value.normalize():f}"
    plain = plain.zfill(len(inner)) if _ZEROS.match(inner) and plain.isdecimal() else plain
    return f"{_said(before)}{plain}{_said(after)}".strip()


@lru_cache(256)
def _may_speak(code: str) -> bool:
    parts = [_parts(section) for section in _split(code)]
    return any(
        "%" in before + after or _ZEROS.match(inner) or not (_SAYS_NOTHING.match(before) and _SAYS_NOTHING.match(after))
        for before, inner, after in parts
    )


def _said(literal: str) -> str:
    return "" if _SAYS_NOTHING.match(literal) else literal


def _section(code: str, value: Decimal) -> str:
    """Return the part of a format that counts for a number: by its condition, else by its sign."""
    sections = _split(code)
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        fitting = (one for one, condition in zip(sections, conditions, strict=True) if _holds(condition, value))
        return next(fitting, sections[-1])
    at = 1 if value < 0 else 2 if value == 0 else 0
    return sections[at] if at < min(len(sections), 3) else sections[0]


@lru_cache(256)
def _split(code: str) -> list[str]:
    sections = [""]
    for token in _TOKEN.finditer(code):
        if token["plain"] == ";":
            sections.append("")
        else:
            sections[-1] += token[0]
    return sections


@lru_cache(256)
def _condition(section: str) -> tuple[str, str] | None:
    brackets = [token["bracket"] for token in _TOKEN.finditer(section) if token["bracket"]]
    return next(((match[1], match[2]) for one in brackets if (match := _CONDITION.match(one))), None)


def _holds(condition: tuple[str, str] | None, value: Decimal) -> bool:
    return condition is None or _OPERATORS[condition[0]](value, Decimal(condition[1]))


@lru_cache(256)
def _parts(section: str) -> tuple[str, str, str]:
    """Return what stands before the digits, the digits with what is no literal, and what stands behind them."""
    before, inner, after = "", "", ""
    for token in _TOKEN.finditer(section.replace("General", "G")):
        literal = token["quoted"] or token["escaped"] or ""
        plain = token["plain"] or ""
        if plain and (plain in _DIGITS or plain in "GE" or plain in _DATE):
            inner += plain
        elif inner:
            after += literal or plain
        else:
            before += literal or plain
    return before, inner, after
