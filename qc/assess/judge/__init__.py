"""Judge: rules and suites asked, their findings gathered."""
