"""The version of Assaygate, on the ground floor of ``qc``: every record of who wrote it names it."""

__version__ = "0.1.0"
