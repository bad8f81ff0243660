"""What an HL7 file carries to prove that it is whole: the ends of its messages, and the numbers of its trailers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.file_seal import FileSeal, SealState
from schemas.messages.hl7_segments import FRAMING, written_segments

END = "end of the message"
"""Name of the seal that an end block or the end of the last segment is."""
COUNT = "number of messages"
"""Name of the seal that the trailers of batch and file are."""


def seals_of_messages(text: str) -> tuple[FileSeal, ...]:
    """Compare the ends and the trailers of a file with what it holds.

    Parameters
    ----------
    text : str
        Text of the file.
    """
    lines = written_segments(text)
    return _end(text, is_ended=not lines or lines[-1][2]), _count([line for _, line, _ in lines])


def _end(text: str, *, is_ended: bool) -> FileSeal:
    if FRAMING[1] in text:
        return FileSeal(END, SealState.INTACT, "Every message has its end block (MLLP).")
    if is_ended:
        return FileSeal(END, SealState.ABSENT, "No end block (MLLP) shows that a message is whole.")
    sentence = "The last segment has no carriage return, with which HL7 ends each: the file may have been cut off."
    return FileSeal(END, SealState.UNREADABLE, sentence)


def _count(lines: Sequence[str]) -> FileSeal:
    wrong = [*_wrong(lines, "MSH", "BHS", "BTS"), *_wrong(lines, "BHS", "FHS", "FTS")]
    if wrong:
        return FileSeal(COUNT, SealState.BROKEN, " ".join(wrong))
    if not any(line.startswith(("BHS", "FHS", "BTS", "FTS")) for line in lines):
        return FileSeal(COUNT, SealState.ABSENT, "No trailer says how many messages there are.")
    return FileSeal(COUNT, SealState.INTACT, "The numbers of the trailers (BTS, FTS) are those of the file.")


def _wrong(lines: Sequence[str], counted: str, header: str, trailer: str) -> Iterator[str]:
    n, is_open = 0, False
    for line in lines:
        if line.startswith(header):
            n, is_open = 0, True
        n += line.startswith(counted)
        if line.startswith(trailer):
            said = (line[4:].split("|")[0] if len(line) > 3 else "").strip()
            if said.isdecimal() and int(said) != n:
                yield f"The file changed after it was written: {trailer} says {said}, the file holds {n} ({counted})."
            n, is_open = 0, False
    if is_open:
        yield f"{header} begins and no {trailer} ends it: the file was cut off."
