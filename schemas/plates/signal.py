"""Which block of a plate is the signal, and which is subtracted: said in the run sheet, or the one all are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.errors import Fault, ReaderError
from schemas.plates.plate import Block, Plate, flag_of
from schemas.plates.primary_signal import primary_block, primary_measurement
from schemas.text_tables.numerals import number_of


@dataclass(frozen=True, slots=True)
class Signal:
    """Signal of one well."""

    value: float | None
    """Number; None if there is none."""
    text: str
    """As written; with a reference, ``2.4447 - 0.0724``."""
    flag: str
    """Empty, ``masked``, ``overflow``, ``not_measured``, ``not_a_number`` or ``reference_missing``."""
    line: int
    """Line of the file."""
    n_beads: int | None = None
    """Beads that were counted; None where none are."""
    n_beads_asked: int | None = None
    """Beads that the file asks for; None where it asks for none."""
    remark: str = ""
    """What the instrument says of the well; empty for nothing."""


def signals(plate: Plate, signal: str, reference_signal: str) -> Mapping[str, Signal]:
    """Return the signal of each well of a plate.

    Parameters
    ----------
    plate : Plate
        Plate as it was read.
    signal : str
        Name, or part of the name, of the block of the signal; may be empty where there is one block, or one of which
        the others are computed.
    reference_signal : str
        Name, or part of the name, of the block to subtract well by well; empty for none.

    Returns
    -------
    mapping of str to Signal
        Signal by well. A masked well keeps its number and carries the flag ``masked``.

    Raises
    ------
    ReaderError
        If the blocks cannot be told from what is said, or a decimal mark is not clear.
    """
    block, reference = _blocks(plate, signal, reference_signal)
    for chosen in (block, reference):
        if chosen is not None and chosen.mark == "?":
            text = f"The decimal mark of block '{chosen.name}' is not clear: write every number with a decimal point."
            raise ReaderError("The signal cannot be read.", [Fault(f"plate '{plate.name}'", text)])
    return {well: _signal(plate, well, block, reference) for well in block.readings}


def analyte_signals(plate: Plate, signal: str) -> Mapping[str, Mapping[str, Signal]]:
    """Return the signals of a plate that measures several analytes in each well.

    Parameters
    ----------
    plate : Plate
        Plate as it was read.
    signal : str
        Name of the measurement, such as ``Net MFI``; may be empty where the plate has one, or the median or FI of beads
        with what is made of it.

    Returns
    -------
    mapping of str to mapping of str to Signal
        Signal by well, by analyte as the file writes it; empty where the blocks name no analyte.

    Raises
    ------
    ReaderError
        If the measurement cannot be told from what is said, or a decimal mark is not clear.
    """
    own = [block for block in plate.blocks if block.analyte]
    if not own:
        return {}
    kinds = measurements(plate)
    signal = signal or primary_measurement(kinds)
    wanted = [kind for kind in kinds if kind.casefold() == signal.casefold()] if signal else kinds
    if len(wanted) != 1:
        shown = ", ".join(f"'{kind}'" for kind in kinds)
        text = f"The plate has the measurements {shown}; "
        text += f"'{signal}' is none of them." if signal else "set signal in the table [plate] of the run sheet to one."
        raise ReaderError("The signal is not told.", [Fault(f"plate '{plate.name}'", text)])
    chosen = [block for block in own if block.name == f"{wanted[0]} {block.analyte}"]
    return {block.analyte: signals(replace(plate, blocks=(block,)), "", "") for block in chosen}


def taken_signal(plate: Plate) -> tuple[str, tuple[str, ...]]:
    """Tell which of several blocks is the signal where nobody says it.

    Parameters
    ----------
    plate : Plate
        Plate as it was read.

    Returns
    -------
    tuple of str and tuple of str
        Its name, and those of the others; empty where the plate has one, or somebody has to say it.
    """
    names = signal_names(plate)
    taken = primary_measurement(names) if measurements(plate) else primary_block(names)
    return (taken, tuple(name for name in names if name != taken)) if taken and len(names) > 1 else ("", ())


def signal_names(plate: Plate) -> list[str]:
    """Return the names of which one says what the signal is: measurements, or blocks where no analyte is named.

    Parameters
    ----------
    plate : Plate
        Plate as it was read.
    """
    return measurements(plate) or list(dict.fromkeys(block.name for block in plate.blocks))


def measurements(plate: Plate) -> list[str]:
    """Return what was measured of each analyte of a plate of several: ``Median``, ``Count``.

    Parameters
    ----------
    plate : Plate
        Plate as it was read.
    """
    own = [block for block in plate.blocks if block.analyte]
    return list(dict.fromkeys(block.name.removesuffix(block.analyte).strip() for block in own))


def _blocks(plate: Plate, signal: str, reference_signal: str) -> tuple[Block, Block | None]:
    if signal:
        block = _named(plate, signal, "signal")
    elif not reference_signal and (primary := primary_block([block.name for block in plate.blocks])):
        block = _named(plate, primary, "signal")
    elif len(plate.blocks) == 1 and not reference_signal:
        block = plate.blocks[0]
    else:
        names = _quoted(plate.blocks)
        text = f"The plate has {len(plate.blocks)} blocks: {names}. Nothing says which is the signal."
        hint = " Set signal (and reference_signal, if one is to be subtracted) in the table [plate] of the run sheet."
        raise ReaderError("The signal is not told.", [Fault(f"plate '{plate.name}'", text + hint)])
    reference = _named(plate, reference_signal, "reference_signal") if reference_signal else None
    if reference is block:
        text = f"signal and reference_signal both mean block '{block.name}'."
        raise ReaderError("The signal cannot be its own reference.", [Fault(f"plate '{plate.name}'", text)])
    return block, reference


def _named(plate: Plate, name: str, key: str) -> Block:
    word = name.casefold()
    exact = [block for block in plate.blocks if block.name.casefold() == word]
    found = exact or [block for block in plate.blocks if word in block.name.casefold()]
    if len(found) == 1:
        return found[0]
    what = "is in none of the blocks" if not found else f"is in more than one block ({_quoted(found)})"
    text = f"{key} '{name}' {what}; the plate has {_quoted(plate.blocks)}."
    raise ReaderError("A block of the plate is not found.", [Fault(f"plate '{plate.name}'", text)])


def _quoted(blocks: Sequence[Block]) -> str:
    return ", ".join(f"'{block.name}'" for block in blocks)


def _signal(plate: Plate, well: str, block: Block, reference: Block | None) -> Signal:
    reading = block.readings[well]
    value = number_of(reading.text, block.mark)
    text, flag = reading.text, "" if value is not None else flag_of(reading.text)
    if flag == "masked":
        value = number_of(reading.text.strip("*"), block.mark)
    if reference is not None and value is not None:
        other = reference.readings.get(well)
        subtrahend = number_of(other.text, reference.mark) if other else None
        text = f"{text} - {other.text if other else ''}".strip()
        flag = flag if subtrahend is not None else "reference_missing"
        value = None if subtrahend is None else float(Decimal(repr(value)) - Decimal(repr(subtrahend)))
    return Signal(
        value,
        text,
        "masked" if well in plate.masked else flag,
        reading.line,
        n_beads=plate.words.n_beads_of(block.analyte, well),
        n_beads_asked=plate.words.n_beads_asked_of(block.analyte),
        remark=plate.words.remark_of(block.analyte, well),
    )
