"""The stores: facts in DuckDB, decisions in an append-only ledger."""
