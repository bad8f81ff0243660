"""Listen to instruments: HL7 over MLLP and ASTM E1381, over TCP and serial lines; the inbox is the spool."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from qc.lab.heartbeat import beat, still
from qc.nights.live.acknowledgement import acknowledgement
from qc.nights.live.astm_receiver import SILENCE_S, AstmReceiver
from qc.nights.live.peers import Peers, refuse_open_doors
from qc.nights.live.serial_line import SerialLines
from qc.nights.live.spool import OpenMessage, keep_message, recover_open, short_hash
from qc.nights.night_log import Tell, night_log
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

NAME = "listen"
Stream = Any  # hl7.mllp has streams of its own beside those of asyncio, and none of them is typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Where to listen."""

    host: str
    """Address."""
    hl7_port: int | None = None
    """Port of HL7 over MLLP; None for none, 0 for any that is free."""
    astm_port: int | None = None
    """The same of ASTM."""
    serial: tuple[str, ...] = ()
    """Serial ports with their speed: ``/dev/ttyUSB0:9600``."""


@dataclass(slots=True)
class Listener:
    """One process that listens for one lab."""

    lab: LabFolder
    """The lab."""
    tell: Tell
    """Writes its log."""
    peers: Peers
    """Who is connected."""

    @property
    def largest_bytes(self) -> int:
        """Bytes of a message beyond which it is not kept."""
        return int(self.lab.settings.listen.max_message_mb * 1_000_000)

    def receiver(self, peer: str) -> AstmReceiver:
        """Return the receiving end of one line."""
        inbox = self.lab.paths.inbox
        return AstmReceiver(
            begin=lambda: OpenMessage.begin(inbox, peer=peer, kind="astm"),
            ended=lambda path: self.kept(path, peer),
            largest_bytes=self.largest_bytes,
        )

    def kept(self, path: Path, peer: str) -> None:
        """Log a message that lies in the inbox."""
        try:
            self.tell("message", peer=peer, kind=path.suffix[1:], n_bytes=path.stat().st_size, sha256=short_hash(path))
        except OSError:
            self.tell("message", peer=peer, kind=path.suffix[1:])  # a watcher was faster

    async def hl7(self, reader: Stream, writer: Stream) -> None:
        """Keep and answer messages until the peer goes."""
        peer, idle_s = _peer_of(writer), self.lab.settings.listen.idle_s
        while True:
            try:
                message = await asyncio.wait_for(reader.readblock(), idle_s)
            except ValueError:
                await _answer(writer, acknowledgement(b"", "AR", "too large"))
                return
            answer = await asyncio.to_thread(self._kept_hl7, message, peer)
            await _answer(writer, answer)

    def _kept_hl7(self, message: bytes, peer: str) -> bytes:
        try:
            path = keep_message(self.lab.paths.inbox, message, peer=peer, kind="hl7")
        except OSError as error:
            self.tell("not kept", peer=peer, kind="hl7", fault=type(error).__name__)
            return acknowledgement(message, "AR", "not kept, send it again later")
        self.kept(path, peer)
        return acknowledgement(message, "AA")

    async def astm(self, reader: Stream, writer: Stream) -> None:
        """Keep and answer frames until the peer goes."""
        receiver = self.receiver(_peer_of(writer))
        try:
            while data := await self._some_bytes(reader, receiver):
                answer = await asyncio.to_thread(receiver.feed, data)
                if answer:
                    writer.write(answer)
                    await writer.drain()
        finally:
            receiver.close()

    async def _some_bytes(self, reader: Stream, receiver: AstmReceiver) -> bytes:
        while True:
            idle_s = SILENCE_S if receiver.is_within else self.lab.settings.listen.idle_s
            try:
                data: bytes = await asyncio.wait_for(reader.read(65_536), idle_s)
                return data
            except TimeoutError:
                if not receiver.is_within:
                    return b""
                receiver.close()

    def guarded(self, serve: Callable[[Stream, Stream], Awaitable[None]]) -> Callable[[Stream, Stream], Any]:
        """Return a door that lets in who may come, and outlives whatever a peer does."""

        async def door(reader: Stream, writer: Stream) -> None:
            peer = _peer_of(writer)
            why_not = self.peers.enter(peer)
            if why_not:
                self.tell("refused", peer=peer, why=why_not)
                writer.close()
                return
            try:
                await serve(reader, writer)
            except (OSError, EOFError, TimeoutError, _invalid_block()) as error:
                self.tell("disconnected", peer=peer, fault=type(error).__name__)
            finally:
                self.peers.leave(peer)
                writer.close()

        return door


def listen(lab: LabFolder, lines: Lines, *, stop: Event, ready: Callable[[Sequence[str]], None]) -> None:
    """Listen to instruments until somebody stops it.

    Parameters
    ----------
    stop : Event
        Set it to end.
    ready : callable
        Takes what is listened to, once it is.

    Raises
    ------
    ConfigError
        If nothing is to be listened to, a port cannot be had, the address reaches more than the peers that are named,
        or somebody listens for this lab already.
    """
    refuse_open_doors(lab.settings.listen, lines.host)
    if lines.hl7_port is None and lines.astm_port is None and not lines.serial:
        raise ConfigError("Nothing to listen to: name --hl7 PORT, --astm PORT or --serial DEVICE, or set [listen].")
    with _alone(lab.paths.root), night_log(lab.paths.root, NAME) as tell:
        for path in recover_open(lab.paths.inbox):
            tell("cut message recovered", kind=path.suffix[1:], sha256=short_hash(path))
        listener = Listener(lab, tell, Peers(lab.settings.listen))
        asyncio.run(_serve(listener, lines, stop, ready))
    still(lab.paths.root, NAME)


async def _serve(listener: Listener, lines: Lines, stop: Event, ready: Callable[[Sequence[str]], None]) -> None:
    settings = listener.lab.settings.listen
    servers = await _servers(listener, lines)
    with SerialLines(lines.serial, listener.receiver, listener.tell) as serial:
        places = [f"{name} on {server.sockets[0].getsockname()[:2]}" for name, server in servers]
        places += [f"ASTM on {device}" for device in lines.serial]
        listener.tell("listening", places=places)
        ready(places)
        while not stop.is_set():
            # A line that died is no sign of life of the others: the whole is silent then, and is told.
            if serial.is_alive:
                beat(listener.lab.paths.root, NAME, every_s=settings.beat_s)
            for _ in range(max(1, int(settings.beat_s / 0.2))):
                if stop.is_set():
                    break
                await asyncio.sleep(0.2)
    for _, server in servers:
        server.close()
    listener.tell("stopped")


async def _servers(listener: Listener, lines: Lines) -> list[tuple[str, asyncio.Server]]:
    from hl7.mllp import start_hl7_server

    servers = []
    try:
        if lines.hl7_port is not None:
            door, limit = listener.guarded(listener.hl7), listener.largest_bytes
            servers.append(("HL7", await start_hl7_server(door, lines.host, lines.hl7_port, limit=limit)))
        if lines.astm_port is not None:
            door = listener.guarded(listener.astm)
            servers.append(("ASTM", await asyncio.start_server(door, lines.host, lines.astm_port)))
    except OSError as error:
        raise ConfigError(f"A port of '{lines.host}' cannot be had: {error.strerror}.") from error
    return servers


def _peer_of(writer: Stream) -> str:
    return str((writer.get_extra_info("peername") or ("gone",))[0])


def _invalid_block() -> type[Exception]:
    from hl7.mllp.exceptions import InvalidBlockError

    found: type[Exception] = InvalidBlockError
    return found


async def _answer(writer: Stream, message: bytes) -> None:
    writer.writeblock(message)
    await writer.drain()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(root / ".listen.lock", timeout=0):
            yield
    except Timeout as error:
        raise ConfigError("Somebody listens for this lab already: 'qc status' names the process.") from error
