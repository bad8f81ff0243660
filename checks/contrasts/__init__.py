"""Planned contrasts: the plan, pairs, policies below a limit, outcomes and families. Pure: results in, numbers out."""
