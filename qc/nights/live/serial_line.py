"""Serial lines to instruments that speak ASTM: a thread for each, by pyserial."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Any

from qc.nights.live.astm_receiver import SILENCE_S, AstmReceiver
from qc.nights.night_log import Tell
from schemas.errors import ConfigError

_DEVICE = re.compile(r"(?P<device>.+?)(?::(?P<baud>[0-9]{3,7}))?\Z")
_BAUD = 9600
"""Bits a second where a line names none: what LIS1-A asks every instrument to know."""
Port = Any  # pyserial is not typed


@dataclass(slots=True)
class SerialLines:
    """The serial lines of one process."""

    devices: Sequence[str]
    """Devices with their speed: ``/dev/ttyUSB0:9600``."""
    receiver: Callable[[str], AstmReceiver]
    """Makes the receiving end of a line."""
    tell: Tell
    """Writes the log."""
    _stop: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        """Whether every line is still read."""
        return all(thread.is_alive() for thread in self._threads)

    def __enter__(self) -> SerialLines:
        """Open every line.

        Raises
        ------
        ConfigError
            If a line cannot be opened, or pyserial is not installed.
        """
        ports = [(device, _opened(device)) for device in self.devices]
        for device, port in ports:
            self._threads.append(Thread(target=self._read, args=(device, port), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def _read(self, device: str, port: Port) -> None:
        receiver, heard = self.receiver(device), monotonic()
        try:
            while not self._stop.is_set():
                data = port.read(max(1, port.in_waiting))
                if data:
                    heard = monotonic()
                    port.write(receiver.feed(data))
                elif receiver.is_within and monotonic() - heard > SILENCE_S:
                    receiver.close()
        except OSError as error:
            self.tell("line lost", device=device, fault=type(error).__name__)
        finally:
            receiver.close()
            port.close()


def _opened(device: str) -> Port:
    try:
        import serial
    except ImportError as error:
        raise ConfigError("Serial lines need pyserial: pip install 'assaygate[live]'.") from error
    named = _DEVICE.match(device)
    name, baud = (named["device"], int(named["baud"] or _BAUD)) if named else (device, _BAUD)
    try:
        return serial.serial_for_url(name, baudrate=baud, timeout=0.2)
    except (OSError, ValueError) as error:
        raise ConfigError(f"The serial line '{name}' cannot be opened: {error}.") from error
