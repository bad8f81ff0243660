"""One calculation on one table: what ``qc try`` does. Stores nothing, reads no lab, opens no gate."""
