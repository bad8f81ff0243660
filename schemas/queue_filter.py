"""The filter language of the queue, read into terms; :mod:`qc.triage.filter_sql` makes SQL of them.

``rule:2-2s analyte:ferritin verdict:reject run:R-12 mine new`` means all of them together; a comma means or
(``verdict:reject,broken``), a minus in front means not (``-rule:1-2s``), and a word alone is looked for everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.errors import ConfigError, Fault
from schemas.finding import Verdict
from schemas.names import did_you_mean

KEYS: Mapping[str, str] = {
    "rule": "part of a rule's name: rule:2-2s",
    "verdict": "warn, not_evaluable, reject or broken: verdict:reject,broken",
    "analyte": "part of an analyte's name: analyte:ferritin",
    "matrix": "serum or csf: matrix:csf",
    "run": "part of a run's name: run:R-12",
    "item": "an item: item:R9.5",
    "cause": "a cause: cause:K7F3QX",
    "sample": "code of a sample: sample:S-7K3QX",
    "study": "a study: study:ALS-1",
    "scope": "run, analyte or result: scope:analyte",
    "instrument": "part of an instrument's name: instrument:reader-1",
    "state": "waiting (as without it), approved, rejected, repeat or any: state:any",
    "days": "at least so many days of waiting: days:3",
}
"""What stands before a colon, with an example."""
WORDS: Mapping[str, str] = {
    "new": "judged since my last visit",
    "mine": "I have decided or commented on it before",
    "lapsed": "a decision on it has lapsed",
}
"""Words that mean something by themselves."""
_CHOICES = {
    "verdict": tuple(verdict.value for verdict in Verdict if verdict is not Verdict.PASS),
    "scope": ("run", "analyte", "result"),
    "state": ("waiting", "approved", "rejected", "repeat", "any"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    key: str
    """One of :data:`KEYS` or :data:`WORDS`; empty for a word that is looked for everywhere."""
    values: tuple[str, ...]
    """Any of these; in small letters but for codes of samples and items."""
    is_not: bool = False
    """Whether it must not hold."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody wants to see."""

    text: str
    """As it was typed."""
    terms: tuple[Term, ...]
    """All of these hold."""

    def values_of(self, key: str) -> tuple[str, ...]:
        """Return what is asked of one key.

        Parameters
        ----------
        key : str
            One of :data:`KEYS`.

        Returns
        -------
        tuple of str
            Values of its first term; empty if there is none.
        """
        return next((term.values for term in self.terms if term.key == key and not term.is_not), ())


EVERYTHING = Filter("", ())
"""No condition."""


def parse_filter(text: str) -> Filter:
    """Read a filter.

    Parameters
    ----------
    text : str
        Filter as a person types it.

    Raises
    ------
    ConfigError
        If a key or one of its values is not known; all faults are named.

    Examples
    --------
    >>> [(term.key, term.values) for term in parse_filter("rule:2-2s new iron").terms]
    [('rule', ('2-2s',)), ('new', ()), ('', ('iron',))]
    """
    faults: list[Fault] = []
    terms = [term for word in text.split() if (term := _term(word, faults)) is not None]
    if faults:
        raise ConfigError("The filter was not understood.", faults)
    return Filter(text.strip(), tuple(terms))


def _term(word: str, faults: list[Fault]) -> Term | None:
    is_not = word.startswith("-") and len(word) > 1
    bare = word[1:] if is_not else word
    key, colon, rest = bare.partition(":")
    if not colon:
        return Term(bare.lower(), (), is_not) if bare.lower() in WORDS else Term("", (bare.lower(),), is_not)
    key = key.lower()
    if key not in KEYS:
        faults.append(
            Fault(
                word, f"'{key}' is no key of the filter.{did_you_mean(key, KEYS)} Expected one of: {', '.join(KEYS)}."
            )
        )
        return None
    values = tuple(value if key in ("item", "sample") else value.lower() for value in rest.split(",") if value)
    faults += _value_faults(word, key, values)
    # A key without a value is a term that is still being typed: it asks for nothing yet.
    return Term(key, values, is_not) if values else None


def _value_faults(word: str, key: str, values: tuple[str, ...]) -> list[Fault]:
    if key == "days":
        return [Fault(word, f"'{value}' is not a number of days.") for value in values if not _is_number(value)]
    known = _CHOICES.get(key)
    if known is None:
        return []
    # While it is typed a choice may be cut: 'verdict:rej' asks for every verdict that begins like that.
    return [
        Fault(word, f"'{value}' is not known.{did_you_mean(value, known)} Expected one of: {', '.join(known)}.")
        for value in values
        if not any(choice.startswith(value) for choice in known)
    ]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def choices(key: str, values: tuple[str, ...]) -> list[str]:
    """Return the known values that begin like those that were typed.

    Parameters
    ----------
    key : str
        ``verdict``, ``scope`` or ``state``.
    values : tuple of str
        What was typed behind the key.

    Returns
    -------
    list of str
        In the order of the language.
    """
    return [choice for choice in _CHOICES[key] if any(choice.startswith(value) for value in values)]
