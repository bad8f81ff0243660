"""Anchors: the head of the ledger and of the facts, written down to be kept elsewhere, and stamped by a third party."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.archive import write_whole
from qc.store.seals import seals_root
from schemas.canonical import canonical_json, utc_text
from schemas.errors import ConfigError, Fault
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class Anchor(JsonModel):
    """What stood at the end of ledger and facts at one moment."""

    lab: str
    """Name of the lab."""
    written_at: str
    """When, in UTC."""
    seq: int
    """Number of the newest entry of the ledger."""
    hash: str
    """Its hash."""
    n_seals: int
    """Seals of the facts."""
    facts_sha256: str
    """Hash over them."""


def write_anchor(lab: LabFolder, path: Path, *, request: Path | None = None) -> Anchor:
    """Write an anchor, and a request for a time stamp (RFC 3161) over its bytes.

    Parameters
    ----------
    path : Path
        Where; keep the file where nobody who can write the lab can write.
    request : Path, optional
        Where to write the request that a time-stamping authority answers; None for none.
    """
    anchor = anchor_of(lab)
    content = f"{canonical_json(anchor.as_json())}\n".encode()
    write_whole(path.absolute(), content)
    if request is not None:
        write_whole(request.absolute(), stamp_request(content))
    return anchor


def anchor_of(lab: LabFolder) -> Anchor:
    """Return the heads of ledger and facts of now."""
    seq, head = lab.ledger.head()
    with lab.facts.reading() as con:
        n_seals, root = seals_root(con)
    name = lab.name
    return Anchor(name, utc_text(datetime.now(UTC)), seq, head, n_seals, root)


def stamp_request(content: bytes) -> bytes:
    """Return the request for a time stamp over some bytes.

    Parameters
    ----------
    content : bytes
        What is to be stamped; only its SHA-512 goes into the request.

    Returns
    -------
    bytes
        A TimeStampReq of RFC 3161, DER, that asks for the authority's certificate.

    References
    ----------
    .. [1] RFC 3161, Internet X.509 Public Key Infrastructure Time-Stamp Protocol, 2001, section 2.4.1.
    """
    from rfc3161_client import TimestampRequestBuilder

    return TimestampRequestBuilder().data(content).cert_request(cert_request=True).nonce(nonce=True).build().as_bytes()


def read_anchor(path: Path) -> Anchor:
    """Read an anchor.

    Parameters
    ----------
    path : Path
        File that :func:`write_anchor` wrote.

    Raises
    ------
    ConfigError
        If it cannot be read or is no anchor.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return Anchor(
            str(written["lab"]),
            str(written["written_at"]),
            int(written["seq"]),
            str(written["hash"]),
            int(written["n_seals"]),
            str(written["facts_sha256"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"'{path}' is not an anchor that 'qc audit anchor' wrote.") from error


def stamp_faults(anchor: Path, response: Path, roots: Path) -> list[Fault]:
    """Verify the time stamp of an anchor.

    Parameters
    ----------
    response : Path
        What the authority answered: a TimeStampResp of RFC 3161, DER.

    Returns
    -------
    list of Fault
        Why the stamp does not prove that the anchor was there; empty if it does.
    """
    from cryptography import x509
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        builder = VerifierBuilder()
        for certificate in x509.load_pem_x509_certificates(roots.read_bytes()):
            builder = builder.add_root_certificate(certificate)
        stamp = decode_timestamp_response(response.read_bytes())
        builder.build().verify_message(stamp, anchor.read_bytes())
    except (OSError, ValueError, VerificationError) as error:
        return [Fault(f"time stamp '{response.name}'", f"It does not prove the anchor: {error}.")]
    return []


def anchor_faults(lab: LabFolder, anchor: Anchor) -> list[Fault]:
    """Compare the facts with an anchor; the ledger is compared while its chain is verified.

    Returns
    -------
    list of Fault
        One if the seals of then are not the first seals of now.
    """
    with lab.facts.reading() as con:
        n_seals, root = seals_root(con, anchor.n_seals)
    if n_seals < anchor.n_seals:
        return [Fault("facts", f"The anchor names {anchor.n_seals} seals; {n_seals} of them are there still.")]
    if root != anchor.facts_sha256:
        return [Fault("facts", "The seals are not those of the anchor: the facts were written anew.")]
    return []
