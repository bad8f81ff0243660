"""The screens. They own no SQL, no rule and no limit: everything goes through ``qc``."""
