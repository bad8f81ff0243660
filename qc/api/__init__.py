"""The facade: ``Lab`` and its verbs, the night, the demo lab and the notebook."""
