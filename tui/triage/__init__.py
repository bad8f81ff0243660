"""The parts of triage: its filter, its dossier, its marks and its verbs."""
