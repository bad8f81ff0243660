"""What the columns of a table say against a result: its status, who verified it, a remark; as marks of the result."""

from __future__ import annotations

from collections.abc import Mapping

from qc.readers.text.comments import comment_mark
from qc.readers.text.remark_columns import says_something

_FINE = frozenset(
    {
        *("", "-", "f", "final", "finalised", "finalized", "ok", "okay", "valid", "validated", "approved", "complete"),
        *("completed", "released", "accepted", "pass", "passed", "reported", "done", "normal", "none", "verified", "v"),
        *("endgültig", "freigegeben", "validiert", "abgeschlossen", "fertig", "définitif", "validé", "definitivo"),
    }
)
_YES = frozenset({*_FINE, "yes", "y", "true", "1", "x", "ja", "j", "oui", "si", "sí"})
_BY_NAME = {
    "p": "preliminary",
    "preliminary": "preliminary",
    "provisional": "preliminary",
    "vorläufig": "preliminary",
    "provisoire": "preliminary",
    "ausstehend": "pending",
    "en attente": "pending",
    "pendiente": "pending",
    "nicht validiert": "not verified",
    "nicht freigegeben": "not verified",
    "non validé": "not verified",
    "nein": "not verified",
    "non": "not verified",
    "pending": "pending",
    "i": "pending",
    "partial": "partial",
    "not verified": "not verified",
    "unverified": "not verified",
    "not validated": "not verified",
    "no": "not verified",
    "n": "not verified",
    "false": "not verified",
    "0": "not verified",
}


def marks_of_columns(row: Mapping[str, str], where: str) -> str:
    """Return all marks of a result, parted by commas: its flag, status, verification and note.

    Parameters
    ----------
    row : mapping of str to str
        ``flag``, ``status``, ``verified`` and ``note`` as written.
    where : str
        Place of the row.
    """
    marks = [row["flag"], _status(row["status"]), _verified(row["verified"])]
    if says_something(row["note"]):
        marks.append(comment_mark(row["note"], where, word="note"))
    return ", ".join(dict.fromkeys(mark for mark in marks if mark))


def _plain(written: str) -> str:
    return " ".join(written.casefold().replace("_", " ").replace("-", " ").split())


def _status(written: str) -> str:
    word = _plain(written)
    return "" if word in _FINE or not word else _BY_NAME.get(word, f"status {written}".replace(",", ";"))


def _verified(written: str) -> str:
    word = _plain(written)
    return "" if word in _YES or not word else _BY_NAME.get(word, f"verified: {written}".replace(",", ";"))
