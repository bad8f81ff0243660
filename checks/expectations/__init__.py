"""Great Expectations suites, judged on run summaries."""
