"""Fixed pseudonyms: what a blinded reviewer sees in place of a code.

Whoever can read the lab folder can read the facts and the secret: blinding holds in what is shown, file rights and an
encrypted disk hold against the curious.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from schemas.errors import StoreError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
SHORTEST = 5  # characters: 32**5 = 33.5 million names
SECRET_BYTES = 32
_OTHERS = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP
_LONGEST = 51  # characters of 5 bits that 256 bits give whole


def pseudonym(secret: bytes, kind: str, text: str, *, length: int = SHORTEST) -> str:
    """Return the fixed pseudonym of a code, which says nothing of the code without the secret.

    Parameters
    ----------
    kind : str
        What the code is, such as ``sample:ALS-1``; the same code of another kind has another pseudonym.
    length : int
        Characters after ``S-``, 5 to 51.

    Returns
    -------
    str
        Such as ``S-7K3QX``.

    Raises
    ------
    ValueError
        If the length is not 5 to 51.
    """
    if not SHORTEST <= length <= _LONGEST:
        raise ValueError(f"A pseudonym has {SHORTEST} to {_LONGEST} characters, not {length}.")
    kind_bytes = kind.encode("utf-8")
    said = len(kind_bytes).to_bytes(4, "big") + kind_bytes + text.encode("utf-8")
    bits = int.from_bytes(hmac.new(secret, said, hashlib.sha256).digest(), "big")
    return "S-" + "".join(ALPHABET[bits >> (256 - 5 * (place + 1)) & 31] for place in range(length))


def pseudonyms(secret: bytes, kind: str, texts: Iterable[str]) -> dict[str, str]:
    """Return a pseudonym for each of many codes, no two of them alike.

    Parameters
    ----------
    texts : iterable of str
        Codes to hide; their order does not matter.

    Returns
    -------
    dict of str to str
        By code. Codes whose short pseudonyms are alike get longer ones, all others keep the short one.
    """
    named: dict[str, str] = {}
    waiting, length = set(texts), SHORTEST
    while waiting:
        codes_by_name: dict[str, list[str]] = defaultdict(list)
        for text in waiting:
            codes_by_name[pseudonym(secret, kind, text, length=length)].append(text)
        named |= {codes[0]: name for name, codes in codes_by_name.items() if len(codes) == 1}
        waiting -= set(named)
        length += 1
    return named


def make_secret(path: Path) -> None:
    """Write a new random secret that its owner and the group of the lab may read, unless there is a file already.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    # Written whole under another name and then linked: a crash leaves no short secret behind, a race one winner.
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read_secret(path: Path) -> bytes:
    """Read the secret of a lab.

    Parameters
    ----------
    path : Path
        File of 32 random bytes.

    Raises
    ------
    StoreError
        If it is not there, is not whole, or others than its owner and its group may read it.
    """
    try:
        mode, secret = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        text = f"The secret of the pseudonyms, '{path}', cannot be read: {error.strerror}."
        raise StoreError(f"{text} Put it back from a backup; `qc init` says what else can be done.") from error
    if mode & _OTHERS:
        raise StoreError(
            f"Others than the group of the lab may read '{path}', which unblinds it: run `chmod 640 '{path}'`."
        )
    if len(secret) != SECRET_BYTES:
        raise StoreError(f"'{path}' holds {len(secret)} bytes, expected {SECRET_BYTES}: put the lab's own file back.")
    return secret
