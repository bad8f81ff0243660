"""What an HL7 message is answered with."""

from __future__ import annotations

from datetime import UTC, datetime


def acknowledgement(message: bytes, code: str, said: str = "") -> bytes:
    """Return the answer to a message.

    Parameters
    ----------
    message : bytes
        Message as it came, without its framing.
    code : str
        ``AA`` (kept), ``AE`` (kept, and not a message that HL7 knows) or ``AR`` (not kept).
    said : str
        Why; empty for ``AA``.

    Returns
    -------
    bytes
        Message ``ACK`` that names the control id of the message; without one where there is no header to be read.
    """
    import hl7
    from hl7.exceptions import HL7Exception

    try:
        header = hl7.parse(message.decode("latin-1"))
        text = str(header.create_ack(code)) + "\r"
        return (text if not said else f"{text.rstrip()}|{said}\r").encode("latin-1")
    except (HL7Exception, LookupError, ValueError, TypeError, AttributeError):
        # Whatever an instrument sends, it gets an answer.
        now = datetime.now(UTC)
        head = f"MSH|^~\\&|||||{now:%Y%m%d%H%M%S}||ACK|{now:%Y%m%d%H%M%S%f}|P|2.5\r"
        why = said or "no HL7 header"
        return f"{head}MSA|{'AE' if code == 'AA' else code}||{why}\r".encode("latin-1")
