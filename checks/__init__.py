"""The judges: laboratory rules, expectation suites and the statistics of quality.

Pure: tables in, findings out. No clock, no file of a lab, no database, no setting.
"""
