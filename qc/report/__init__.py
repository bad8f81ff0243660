"""Reports that open offline: self-contained HTML, JSON and text."""
