"""Audit: verify, the log, anchors, traces, evidence and signatures."""
