"""Every error as an exit code and words that a person can act on, without patient data."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from qc.cli.exit_codes import ExitCode
from qc.lab.fault_log import log_fault
from qc.store.disk_full import is_disk_full
from schemas.errors import ConfigError, ConflictError, GateError, QcError, ReaderError, RightsError, StoreError

_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = "The disk is full. What was acknowledged is kept; free some space and repeat the command."
_CODES: tuple[tuple[type[QcError], ExitCode], ...] = (
    (ConfigError, ExitCode.USAGE),
    (ReaderError, ExitCode.REFUSED),
    (GateError, ExitCode.WAITS),
    (ConflictError, ExitCode.WAITS),
    (RightsError, ExitCode.USAGE),
    (StoreError, ExitCode.BUSY),
)


def code_and_words(error: Exception) -> tuple[ExitCode, str]:
    """Return the exit code and the words for an error.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    tuple of ExitCode and str
        For our own errors their sentence; for anything else exit code 5, a short message and a log file.
    """
    if is_disk_full(error):
        return ExitCode.BUSY, _FULL
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        return ExitCode.BUSY, f"'{error.filename}' cannot be written ({error.strerror}): nothing was changed there."
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code, str(error)
    log = _log(error)
    log_sentence = f" The log is '{log}'; it holds no patient data." if log else ""
    return ExitCode.FAULT, f"A fault of ours stopped the command ({type(error).__name__}).{log_sentence}"


def _log(error: Exception) -> Path | None:
    # The message of a foreign error may quote a value of a patient: only its type and its place are written.
    frames = traceback.extract_tb(error.__traceback__)
    code_lines = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    return log_fault(type(error).__name__, code_lines)
