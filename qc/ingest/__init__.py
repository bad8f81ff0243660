"""Ingest: files in, whole or not at all."""
