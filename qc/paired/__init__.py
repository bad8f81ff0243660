"""Paired tests on released data: plan, tests and their families."""
