"""The chain of the ledger: what an entry's hash is made of, and what breaks it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

START = "0" * 64
"""What the first entry names as the hash before it."""


def chained_hash(seq: int, at: str, actor: str, kind: str, obj: str, body: str, *, prev_hash: str) -> str:
    """Return the hash of one entry.

    Parameters
    ----------
    seq : int
        Number of the entry, from 1.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits, of the canonical JSON of the seven values by the names of their columns.
    """
    # Canonical JSON put together by hand, with the body as it is stored: a million entries are verified in seconds.
    head = f'{{"actor":{encode_basestring(actor)},"at":{encode_basestring(at)},"body":{body},'
    tail = f'"kind":{encode_basestring(kind)},"object":{encode_basestring(obj)},'
    tail += f'"prev_hash":{encode_basestring(prev_hash)},"seq":{seq}}}'
    return hashlib.sha256((head + tail).encode("utf-8", "surrogateescape")).hexdigest()


def linked(entries: Iterable[tuple[str, str, str, str, str]], seq: int, prev_hash: str) -> list[tuple[Any, ...]]:
    """Give numbers and hashes to entries that follow each other.

    Parameters
    ----------
    entries : iterable of tuple
        Time, actor, kind, object and body of each, as they will be stored.
    seq : int
        Number of the entry before the first.
    """
    rows = []
    for number, values in enumerate(entries, start=seq + 1):
        own_hash = chained_hash(number, *values, prev_hash=prev_hash)
        rows.append((number, *values, prev_hash, own_hash))
        prev_hash = own_hash
    return rows


def stored_hash(seq: int, at: bytes, actor: bytes, kind: bytes, obj: bytes, body: bytes, named_hash: bytes) -> bytes:
    """Return the hash of one entry from the bytes that are stored, whatever they are.

    Parameters
    ----------
    named_hash : bytes
        Hash that it names as that of the entry before.

    Returns
    -------
    bytes
        What :func:`chained_hash` returns for the same text, in ASCII.
    """
    text = b'{"actor":%b,"at":%b,"body":%b,"kind":%b,"object":%b,"prev_hash":%b,"seq":%d}' % (
        _quoted(actor),
        _quoted(at),
        body,
        _quoted(kind),
        _quoted(obj),
        _quoted(named_hash),
        seq,
    )
    return hashlib.sha256(text).hexdigest().encode()


@lru_cache(maxsize=4096)
def _quoted(stored: bytes) -> bytes:
    return encode_basestring(stored.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
