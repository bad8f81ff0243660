"""Named sets of control rules, as TOML files."""
