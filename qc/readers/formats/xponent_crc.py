"""The CRC in the footer of an xPONENT export: of every byte before the line ``-- CRC --``, line ends as CR LF."""

from __future__ import annotations

import re
import zlib

from schemas.file_seal import FileSeal, SealState

_FOOTER = re.compile(rb"^-- CRC --[^\r\n]*\r?\n?(?P<line>[^\r\n]*)", re.MULTILINE)
_STATED = re.compile(rb"CRC32:\s*([0-9A-Fa-f]{1,8})\b")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_KIND = "CRC-32"


def crc_seal(data: bytes) -> FileSeal:
    """Recompute the CRC of an export.

    Parameters
    ----------
    data : bytes
        Every byte of the file.

    Returns
    -------
    FileSeal
        ``intact`` or ``broken``; ``unreadable`` where the footer is lacking or states no CRC, since xPONENT always
        writes one: then nobody can tell whether the file is whole.
    """
    footer = _FOOTER.search(data)
    stated = _STATED.match(footer["line"].strip(b'"')) if footer else None
    if footer is None or stated is None:
        text = "xPONENT ends its exports with a CRC, and this file has none: it was cut, or saved by another program."
        return FileSeal(_KIND, SealState.UNREADABLE, text)
    stated_crc, line = int(stated[1], 16), len(_LINE_END.findall(data[: footer.start()])) + 2
    # A transfer as text may have turned CR LF into LF: the bytes that xPONENT wrote are told by either.
    found = {zlib.crc32(form) for form in (data[: footer.start()], _LINE_END.sub(b"\r\n", data[: footer.start()]))}
    if stated_crc in found:
        return FileSeal(
            _KIND, SealState.INTACT, f"The seal of the instrument holds: CRC32 {stated_crc:08X} of line {line}."
        )
    text = f"Line {line}: changed after the instrument wrote it: CRC32 says {stated_crc:08X}, the bytes give "
    return FileSeal(_KIND, SealState.BROKEN, f"{text}{zlib.crc32(data[: footer.start()]):08X}.")
