"""Small whole exports of plate readers, made here: SYNTHETIC, nothing was measured. One function a format."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

ROWS = "ABCDEFGH"


def xponent(
    wells: Sequence[str] = ("A1", "A2", "B1", "B2"),
    *,
    batch: str = "B1",
    low: Sequence[str] = (),
    warnings: str = "",
    least: int = 50,
    is_sealed: bool = True,
) -> str:
    """An export with the tables Median and Count; wells of ``low`` have 4 beads."""
    lines = ['"Program","xPONENT","","LX200"', '"Date","05/05/2025","09:30"', f'"Batch","{batch}"', ""]
    lines += [f'"Samples","{len(wells)}","Min Events","{least}","Per Bead"', "", '"Results"', ""]
    for kind, value in (("Median", "{n}00.5"), ("Count", "{beads}")):
        lines += [f'"DataType:","{kind}"', '"Location","Sample","alpha","Total Events"']
        for n, well in enumerate(wells, 1):
            beads = 4 if well in low else 88
            lines.append(f'"{n}(1,{well})","U{n}","{value.format(n=n, beads=beads)}","{beads}"')
        lines.append("")
    lines += ['"DataType:","Warnings/Errors"', '"Location","Status","Message"', *warnings.splitlines(), ""]
    body = "\r\n".join(lines) + "\r\n"
    return body + f"-- CRC --\r\nCRC32: {zlib.crc32(body.encode()):08X}\r\n" if is_sealed else body


def methodical(spots: Sequence[str] = ("all",), *, rows: str = "AB", per_well: int = 1, head: str = "") -> str:
    """One read for each spot, of plates of two columns."""
    text = ""
    for number, spot in enumerate(spots, 1):
        text += (
            f"FileName :\tx.txt\nBarcode1 :\t<PL1>\nType     :\t6\nWells Per Row :\t2\nWells Per Col :\t{len(rows)}\n"
        )
        text += f"{head}Version  :\tMMPR 1.0.38\nSpotID   :\t{spot}\n====Data====\n\t1\t2\n"
        for letter in rows:
            for layer in range(per_well):
                text += f"{letter if not layer else ' '}\t{number}{layer}1\t{number}{layer}2\n"
        text += "====Processing====\nRadius :\t4\n\n"
    return text


def softmax(rows: str = ROWS, *, name: str = "P1", n_blocks: int = 1, announced: int = 8, rest: str = "") -> str:
    """One plate of 96 wells in PlateFormat."""
    head = f"Plate:\t{name}\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6
    head += f"1\t450 \t1\t12\t96\t1\t{announced}\t\t\n\tTemperature(C)\t" + "\t".join(map(str, range(1, 13))) + "\t\t\n"
    lines = ["\t\t" + "\t".join(f"0.{index + 1}{column:02}0" for column in range(1, 13)) + "\t\t"
             for index in range(len(rows))]  # fmt: skip
    return f"##BLOCKS= {n_blocks}\n{head}" + "\n".join(lines) + f"\n\n~End\n{rest}"


def intelliflex(*rows: str, extra: str = "") -> str:
    """One region, called TNF by the file, with type, status and count of each well."""
    head = (
        "PLATE NAME,WELL LOCATION,WELL TYPE,WELL STATUS,SAMPLE ID,R25: RP1 ANALYTE NAME,R25: RP1 MEDIAN,R25: RP1 COUNT"
    )
    own = rows or ("PL1,A1,U,Completed,N1,TNF,901,100", "PL1,B1,U,Warning,N2,TNF,902,5")
    return "\n".join([head, *own]) + f"\n{extra}"
