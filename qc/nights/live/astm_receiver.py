"""The receiving end of ASTM E1381 (LIS1-A): bytes in, answers out, every frame kept before it is acknowledged.

It knows no line: a socket or a serial port hands bytes in and sends the answers back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

ENQ, ACK, NAK, EOT, STX, ETX, ETB = b"\x05", b"\x06", b"\x15", b"\x04", b"\x02", b"\x03", b"\x17"
_LONGEST_FRAME = 64_000
"""Bytes of a frame: LIS1-A allows 63,993 of text and 7 around it; E1381 had 240."""
SILENCE_S = 30.0
"""Seconds without a byte within a message after which its sender has given up (LIS1-A, receiver timeout)."""


class Kept(Protocol):
    """Where a message is kept while it comes."""

    n_bytes: int

    def add(self, frame: bytes) -> None:
        """Keep one more frame, or raise ``OSError``."""

    def end(self) -> Path | None:
        """Put it where it is read; None if it is empty."""


@dataclass(slots=True)
class AstmReceiver:
    """One line to one instrument."""

    begin: Callable[[], Kept]
    """Begins a message; raises ``OSError`` where nothing can be kept."""
    ended: Callable[[Path], None]
    """Takes each message that has ended, or was cut."""
    largest_bytes: int
    """Bytes of a message beyond which its frames are no longer acknowledged."""
    n_refused: int = 0
    """Frames that were not acknowledged."""
    _buffer: bytes = b""
    _message: Kept | None = None
    _expected: int = 1
    _last: bytes = field(default=b"")

    @property
    def is_within(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._message is not None

    def feed(self, data: bytes) -> bytes:
        """Take bytes of the line.

        Returns
        -------
        bytes
            What to answer: an acknowledgement only for what is on the disk.
        """
        self._buffer += data
        answers = b""
        while self._buffer:
            answer = self._step()
            if answer is None:
                break
            answers += answer
        return answers

    def close(self) -> None:
        """End what has begun: the line is gone or silent. Its frames were acknowledged, so they are kept."""
        if self._message is not None and (path := self._message.end()) is not None:
            self.ended(path)
        self._message, self._buffer, self._last = None, b"", b""

    def _step(self) -> bytes | None:
        """Take one control character or frame off the buffer; None where more bytes are needed."""
        first = self._buffer[:1]
        if first == ENQ:
            return self._enquiry()
        if first == EOT:
            self._buffer = self._buffer[1:]
            rest = self._buffer
            self.close()
            self._buffer = rest
            return b""
        if first != STX or self._message is None:
            # Line ends behind a frame, noise, and frames outside of a message.
            self._buffer = self._buffer[1:]
            return b""
        return self._frame()

    def _enquiry(self) -> bytes:
        rest = self._buffer[1:]
        self.close()  # who asks anew has given up what came before
        self._buffer = rest
        try:
            self._message = self.begin()
        except OSError:
            return NAK
        self._expected = 1
        return ACK

    def _frame(self) -> bytes | None:
        ends = [at for at in (self._buffer.find(ETX), self._buffer.find(ETB)) if at > 0]
        again = self._buffer.find(STX, 1)
        if ends and (again < 0 or min(ends) < again):
            return self._whole_frame(min(ends))
        if again > 0:
            # The frame was cut, and its sender begins it anew by itself: two answers would be one too many.
            self._buffer = self._buffer[again:]
            self.n_refused += 1
            return b""
        if len(self._buffer) > _LONGEST_FRAME:
            self._buffer = b""
            return self._refused()
        return self._ended_within()

    def _ended_within(self) -> bytes | None:
        """Let ENQ or EOT behind a cut frame through; else wait."""
        stops = [at for at in (self._buffer.find(ENQ), self._buffer.find(EOT)) if at > 0]
        if not stops:
            return None
        self._buffer = self._buffer[min(stops) :]
        return b""

    def _whole_frame(self, end: int) -> bytes | None:
        # Two digits of the checksum, CR and LF follow; a sender that leaves them out has begun something else.
        tail = self._buffer[end + 1 : end + 5]
        if len(tail) < 4 and not any(mark in tail for mark in (STX, ENQ, EOT)):
            return None
        raw, self._buffer = self._buffer[: end + 5], self._buffer[end + 5 :]
        body = raw[1 : end + 1]
        is_sound = tail[2:] == b"\r\n" and tail[:2].upper() == f"{sum(body) % 256:02X}".encode()
        if not is_sound or not body[:1].isdigit():
            lost = next((at for at, byte in enumerate(raw[1:], start=1) if bytes([byte]) in (STX, ENQ, EOT)), None)
            if lost is None:
                return self._refused()
            self._buffer = raw[lost:] + self._buffer  # the sender has begun something else by itself
            self.n_refused += 1
            return b""
        return self._kept(raw, int(body[:1]))

    def _kept(self, raw: bytes, number: int) -> bytes:
        if raw == self._last:
            return ACK  # the acknowledgement was lost, not the frame
        message = self._message
        if message is None or number != self._expected or message.n_bytes + len(raw) > self.largest_bytes:
            return self._refused()
        try:
            message.add(raw)
        except OSError:
            return self._refused()
        self._last, self._expected = raw, (number + 1) % 8
        return ACK

    def _refused(self) -> bytes:
        self.n_refused += 1
        return NAK
