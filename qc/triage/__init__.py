"""Triage: what the screens read, page by page: the queue with its filters, the evidence, the morning, the log."""
