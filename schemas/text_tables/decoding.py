"""Text out of bytes: the encoding is found by rules that can be told, and what is not text is refused."""

from __future__ import annotations

import codecs
import re

from schemas.errors import Fault, ReaderError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAC_DEGREE = b"\xa1C"
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")
_NUL_SHARE_OF_UTF16 = 0.4
"""Share of NUL bytes at odd (or even) places above which text without a mark is taken for UTF-16; western text in
UTF-16 has nearly 1, single bytes have 0."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file with the name of its encoding.

    Parameters
    ----------
    data : bytes
        The file as it came.

    Returns
    -------
    tuple of str and str
        Text without a byte-order mark, and the encoding.

    Raises
    ------
    ReaderError
        If it holds NUL bytes or other bytes that no text has.

    Notes
    -----
    In this order: a byte-order mark, UTF-16 told by its NUL bytes, UTF-8, MacRoman where ``°C`` is written with its
    byte 0xA1 (older SoftMax Pro), Windows 1252, what charset-normalizer finds among the western sets, Latin-1.
    """
    text, encoding = _decode(data)
    _refuse_binary(text)
    return text, encoding


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding), encoding
    encoding = _utf16_by_nuls(data)
    if encoding:
        return _strictly(data, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _western(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        text = (
            f"The file says that it is {encoding.upper()} text, but byte {error.start} does not fit. Save it as UTF-8."
        )
        raise ReaderError("The file is not text in the encoding it claims.", [Fault("", text)]) from error


def _utf16_by_nuls(data: bytes) -> str:
    half = len(data) // 2
    if half < 2 or len(data) % 2:
        return ""
    if data[1::2].count(0) > _NUL_SHARE_OF_UTF16 * half and not data[0::2].count(0):
        return "utf-16-le"
    if data[0::2].count(0) > _NUL_SHARE_OF_UTF16 * half and not data[1::2].count(0):
        return "utf-16-be"
    return ""


def _western(data: bytes) -> tuple[str, str]:
    if _MAC_DEGREE in data:
        return data.decode("mac_roman"), "mac_roman"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return _by_charset_normalizer(data)


def _by_charset_normalizer(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["mac_roman", "cp1250", "cp437", "cp850"]).best()
    encoding = best.encoding if best else "latin-1"
    return data.decode(encoding, errors="strict" if best else "replace"), encoding


def _refuse_binary(text: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        where = f"line {line}"
        sentence = "The line holds a NUL byte, which no text has: the file is damaged or not a text file."
        raise ReaderError("The file holds a NUL byte.", [Fault(where, sentence)])
    odd = _CONTROL.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        sentence = f"The line holds the control character {odd.group()!r}, which no table has; expected plain text."
        raise ReaderError("The file is not a text file.", [Fault(f"line {line}", sentence)])
