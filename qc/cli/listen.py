"""``qc listen``: listen to instruments, and keep what they send before it is acknowledged."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import click

from qc.cli.options import lab_option, open_named_lab


@click.command("listen")
@click.option("--hl7", "hl7_port", type=click.IntRange(0, 65535), metavar="PORT", help="HL7 v2 over MLLP on this port.")
@click.option("--astm", "astm_port", type=click.IntRange(0, 65535), metavar="PORT", help="ASTM E1381 on this port.")
@click.option("--serial", "devices", multiple=True, metavar="DEVICE[:BAUD]", help="ASTM on a serial line.")
@click.option("--host", metavar="ADDRESS", help="Address to listen on; [listen] host if not given.")
@lab_option
def command(
    *,
    hl7_port: int | None,
    astm_port: int | None,
    devices: tuple[str, ...],
    host: str | None,
    lab_folder: Path | None,
) -> int:
    """Listen to instruments, and put what they send into the inbox; until it is stopped.

    A message or frame is on the disk, synced, before it is acknowledged: after a kill or a power cut nothing that an
    instrument believes to have sent is lost. What is not whole goes to the inbox too, and to quarantine from there.
    'qc watch' beside it, or the next night, takes the messages in.

    Without options the ports of [listen] in qc.toml count. Neither HL7 nor ASTM knows who sends: it listens to this
    machine alone unless [listen] peers names the addresses of the instruments. Stop it with Ctrl-C or SIGTERM.
    """
    from qc.cli.output import say
    from qc.nights.live.listen import Lines, listen

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    lab = open_named_lab(lab_folder)
    own = lab.settings.listen
    if hl7_port is None and astm_port is None and not devices:
        hl7_port, astm_port, devices = own.hl7_port or None, own.astm_port or None, own.serial

    def ready(places: Sequence[str]) -> None:
        for place in places:
            say(f"Listening: {place}")

    lines = Lines(host=host or own.host, hl7_port=hl7_port, astm_port=astm_port, serial=devices)
    listen(lab, lines, stop=stop, ready=ready)
    return 0
