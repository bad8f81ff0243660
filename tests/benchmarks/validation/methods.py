"""Ways to find the rows that fail the six rules; each returns one row a failure: key, rule, value.

``by_hand`` is the statement that a careful person writes for this very task, and what the others are held against.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

import schemas.one_scan.backend  # noqa: F401 - registers the backend
from schemas.one_scan.registered import references_in_force
from schemas.one_scan.stored_rows import StoredRows
from schemas.tables.table import Table

KEY = ["run_id", "sample_id", "analyte", "replicate"]
FAILURE = [*KEY, "rule", "value"]
COLUMNS = [*KEY, "matrix", "unit", "value"]


class Results(Table):
    """The contract of the task."""

    run_id: pl.String = pa.Field(nullable=True)
    sample_id: pl.String = pa.Field(nullable=True)
    analyte: pl.String = pa.Field(nullable=True)
    replicate: pl.Int32 = pa.Field(nullable=True)
    matrix: pl.String = pa.Field(nullable=True)
    unit: pl.String = pa.Field(nullable=True)
    value: pl.Float64 = pa.Field(ge=0)

    class Config(Table.Config):
        unique = KEY
        kind_in_catalogue = {"catalogue": "kinds", "error": "unknown_kind"}
        unit_as_catalogued = {"catalogue": "kinds", "error": "wrong_unit"}
        value_in_catalogue_range = {"catalogue": "kinds", "error": "out_of_range"}


NAMES = {
    "not_nullable": "null_value",
    "greater_than_or_equal_to(0)": "negative",
    "multiple_fields_uniqueness": "duplicate_key",
}
_BY_HAND = """
WITH doubled AS (SELECT run_id, sample_id, analyte, replicate FROM {table} GROUP BY ALL HAVING count(*) > 1)
SELECT run_id, sample_id, analyte, replicate, unnest(list_filter([
        CASE WHEN value IS NULL THEN 'null_value' END,
        CASE WHEN l.unit IS NULL THEN 'unknown_kind' END,
        CASE WHEN r.unit <> l.unit THEN 'wrong_unit' END,
        CASE WHEN value < low OR value > high THEN 'out_of_range' END,
        CASE WHEN value < 0 THEN 'negative' END], lambda rule: rule IS NOT NULL)) AS rule, value
FROM {table} r LEFT JOIN limits l USING (analyte, matrix)
WHERE value IS NULL OR l.unit IS NULL OR r.unit <> l.unit OR value < low OR value > high OR value < 0
UNION ALL SELECT r.run_id, r.sample_id, r.analyte, r.replicate, 'duplicate_key', r.value
FROM {table} r SEMI JOIN doubled USING (run_id, sample_id, analyte, replicate)
"""


def by_hand(con, table="results"):
    return pl.from_arrow(con.sql(_BY_HAND.format(table=table)).to_arrow_table())


def one_scan(con, table="results", *, is_sorted=False, only=None):
    kinds = _table(con, "limits")
    rows = StoredRows(
        connection=con,
        table=table,
        key=(*KEY, "value"),
        only=only or {},
        references={"kinds": kinds},
        is_sorted=is_sorted,
    )
    try:
        Results.to_schema().validate(rows, lazy=True)
    except SchemaErrors as errors:
        named = errors.failure_cases.rename(lambda name: name.removeprefix("key."))
        return named.with_columns(pl.col("check").replace(NAMES).alias("rule")).select(FAILURE)
    return pl.DataFrame(schema=FAILURE)


def one_scan_sorted(con):
    return one_scan(con, "sorted_results", is_sorted=True)


def one_run(con):
    return one_scan(con, "sorted_results", only={"run_id": ["R000000"]})


def pandera_polars(con):
    frame = _frame(con)
    try:
        with references_in_force({"kinds": _table(con, "limits")}):
            Results.to_schema().validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select(pl.col("check").replace(NAMES).alias("rule"), "index")
        return frame.with_row_index("index").cast({"index": pl.Int32}).join(cases, on="index").select(FAILURE)
    return pl.DataFrame(schema=FAILURE)


def dataframely(con):
    import dataframely as dy

    class Contract(dy.Schema):
        run_id = dy.String(nullable=True)
        sample_id = dy.String(nullable=True)
        analyte = dy.String(nullable=True)
        replicate = dy.Int32(nullable=True)
        matrix = dy.String(nullable=True)
        unit = dy.String(nullable=True)
        value = dy.Float64(nullable=False)
        limit_unit = dy.String(nullable=True)
        low = dy.Float64(nullable=True)
        high = dy.Float64(nullable=True)

        @dy.rule()
        def unknown_kind(cls):  # noqa: N805
            return cls.limit_unit.col.is_not_null()

        @dy.rule()
        def wrong_unit(cls):  # noqa: N805
            return (cls.unit.col == cls.limit_unit.col).fill_null(True)

        @dy.rule()
        def out_of_range(cls):  # noqa: N805
            return cls.value.col.is_between(cls.low.col, cls.high.col).fill_null(True)

        @dy.rule()
        def negative(cls):  # noqa: N805
            return (cls.value.col >= 0).fill_null(True)

        @dy.rule()
        def duplicate_key(cls):  # noqa: N805
            return pl.struct(cls.run_id.col, cls.sample_id.col, cls.analyte.col, cls.replicate.col).is_unique()

    details = Contract.filter(_joined(con)).failure.details()
    rules = {"value|nullability": "null_value", **dict.fromkeys(("unknown_kind", "wrong_unit"))}
    rules |= dict.fromkeys(("out_of_range", "negative", "duplicate_key"))
    return pl.concat(
        details.filter(pl.col(column) == "invalid").select(*KEY, pl.lit(rule or column).alias("rule"), "value")
        for column, rule in rules.items()
    )


def pointblank(con):
    import pointblank as pb

    joined = _joined(con)
    unique = pl.struct(KEY).is_unique()
    steps = (
        pb.Validate(joined.with_columns(is_single=unique))
        .col_vals_not_null("value")
        .col_vals_not_null("limit_unit")
        .col_vals_expr((pl.col("unit") == pl.col("limit_unit")).fill_null(True))
        .col_vals_expr(pl.col("value").is_between(pl.col("low"), pl.col("high")).fill_null(True))
        .col_vals_ge("value", 0, na_pass=True)
        .col_vals_expr(pl.col("is_single"))
        .interrogate(extract_limit=joined.height)
    )
    rules = ["null_value", "unknown_kind", "wrong_unit", "out_of_range", "negative", "duplicate_key"]
    parts = []
    for number, rule in enumerate(rules, start=1):
        found = steps.get_data_extracts(i=number, frame=True)
        if found is not None and found.height:
            parts.append(found.select(*KEY, pl.lit(rule).alias("rule"), "value"))
    return pl.concat(parts)


def pandera_ibis(con):
    import ibis
    import pandera.ibis as pi

    backend = ibis.duckdb.from_connection(con)
    limits = backend.table("limits").rename(limit_unit="unit")
    rows = backend.table("results").select(*COLUMNS)
    joined = rows.left_join(limits, ["analyte", "matrix"])
    counts = ibis.window(group_by=KEY)
    # A window function inside a check fails, and the built-in rules on nulls and keys return no rows: they are columns.
    table = joined.mutate(n=ibis._.count().over(counts), has_value=ibis._.value.notnull()).order_by(*KEY, "value")
    schema = pi.DataFrameSchema(
        {
            "has_value": pi.Column(bool, pi.Check.eq(True, error="null_value")),
            "value": pi.Column(float, pi.Check.ge(0, error="negative"), nullable=True),
            "n": pi.Column(int, pi.Check.le(1, error="duplicate_key")),
        },
        checks=[
            pi.Check(lambda d: d.table.limit_unit.notnull(), error="unknown_kind"),
            pi.Check(lambda d: (d.table.unit == d.table.limit_unit).fill_null(True), error="wrong_unit"),
            pi.Check(lambda d: d.table.value.between(d.table.low, d.table.high).fill_null(True), error="out_of_range"),
        ],
    )
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        cases = pl.from_pandas(cases.to_pandas() if hasattr(cases, "to_pandas") else cases)
        frame = (
            pl.from_arrow(table.select(*KEY, "value").to_pyarrow()).with_row_index("index").cast({"index": pl.Int64})
        )
        named = cases.select(pl.col("check").alias("rule"), pl.col("index").cast(pl.Int64))
        return frame.join(named, on="index").select(FAILURE)
    return pl.DataFrame(schema=FAILURE)


def _frame(con):
    return pl.from_arrow(con.sql(f"SELECT {', '.join(COLUMNS)} FROM results").to_arrow_table()).cast(
        {"replicate": pl.Int32}
    )


def _joined(con):
    limits = _table(con, "limits").rename({"unit": "limit_unit"})
    return _frame(con).join(limits, on=["analyte", "matrix"], how="left", maintain_order="left")


def _table(con, name):
    return pl.from_arrow(con.table(name).to_arrow_table())


def gx_pandas(con):
    import great_expectations as gx
    from great_expectations import expectations as gxe

    frame = _joined(con).with_row_index("place")
    context = gx.get_context(mode="ephemeral")
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    expectations = {
        "null_value": [gxe.ExpectColumnValuesToNotBeNull(column="value")],
        "unknown_kind": [gxe.ExpectColumnValuesToNotBeNull(column="limit_unit")],
        "wrong_unit": [_pair(gxe.ExpectColumnPairValuesToBeEqual, "unit", "limit_unit")],
        "out_of_range": [
            _pair(gxe.ExpectColumnPairValuesAToBeGreaterThanB, "value", "low", or_equal=True),
            _pair(gxe.ExpectColumnPairValuesAToBeGreaterThanB, "high", "value", or_equal=True),
        ],
        "negative": [gxe.ExpectColumnValuesToBeBetween(column="value", min_value=0)],
        "duplicate_key": [gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY)],
    }
    suite = gx.ExpectationSuite(name="s", expectations=[one for own in expectations.values() for one in own])
    definition = gx.ValidationDefinition(name="v", data=batch, suite=suite)
    context.suites.add(suite)
    context.validation_definitions.add(definition)
    result = definition.run(
        batch_parameters={"dataframe": frame.to_pandas()},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["place"]},
    )
    rules = [rule for rule, own in expectations.items() for _ in own]
    found = {(one.expectation_config.type, *_columns_of(one)): one.result for one in result.results}
    cases = []
    for rule, one in zip(rules, [one for own in expectations.values() for one in own], strict=True):
        told = found[(one.expectation_type, *_columns_of(one))]
        places = {row["place"] for row in told.get("unexpected_index_list") or []}
        cases.append(pl.DataFrame({"place": list(places)}, schema={"place": pl.UInt32}).with_columns(rule=pl.lit(rule)))
    return frame.join(pl.concat(cases), on="place").select(FAILURE)


def _pair(kind, a, b, **options):
    return kind(column_A=a, column_B=b, ignore_row_if="either_value_is_missing", **options)


def _columns_of(one):
    said = one.expectation_config.kwargs if hasattr(one, "expectation_config") else one.configuration.kwargs
    return tuple(str(said.get(name)) for name in ("column", "column_A", "column_B", "column_list"))


METHODS = {
    "one scan": one_scan,
    "one scan, sorted by key": one_scan_sorted,
    "one run of all": one_run,
    "pandera on polars": pandera_polars,
    "Great Expectations on pandas": gx_pandas,
    "dataframely": dataframely,
    "pointblank": pointblank,
    "pandera on Ibis": pandera_ibis,
}
