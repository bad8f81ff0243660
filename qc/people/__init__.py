"""Who may do what: accounts in the ledger, rights in qc.toml, sessions and signatures."""
