"""The dialogs, one file each; each answers with a typed value."""
