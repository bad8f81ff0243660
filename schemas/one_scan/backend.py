"""The backend of pandera for stored rows: all rules of a model in one statement, run where the rows lie."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from pandera.api.base.error_handler import ErrorHandler
from pandera.api.polars.container import DataFrameSchema
from pandera.backends.base import BaseSchemaBackend
from pandera.errors import FailureCaseMetadata, SchemaError, SchemaErrors

from schemas.errors import SchemaDefinitionError
from schemas.one_scan.answer import answer
from schemas.one_scan.failures import cases_of, failures
from schemas.one_scan.rules import rules_of, unique_keys
from schemas.one_scan.shape import column_types, shape_errors, well_shaped
from schemas.one_scan.statement import Question
from schemas.one_scan.stored_rows import StoredRows


class OneScanBackend(BaseSchemaBackend):
    """Judge stored rows by a table model; registered for :class:`StoredRows` below."""

    def validate(
        self,
        check_obj: StoredRows,
        schema: DataFrameSchema,
        *,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> StoredRows:
        """Judge every row in one statement.

        Parameters
        ----------
        check_obj : StoredRows
            Rows to judge.
        schema : DataFrameSchema
            Table model.
        head, tail, sample, random_state : int, optional
            Parts of a table are not judged; see ``only`` of StoredRows.
        lazy : bool
            Tell all failures and not the first one.
        inplace : bool
            Without meaning: nothing is changed.

        Returns
        -------
        StoredRows
            The same object, if every row is well formed.

        Raises
        ------
        SchemaErrors
            If a row fails, with the key of each failing row; SchemaError for the first rule if not ``lazy``.
        SchemaDefinitionError
            If the model has no SQL form, or a part of the table is asked for.
        """
        if any(part is not None for part in (head, tail, sample)):
            raise SchemaDefinitionError("Stored rows are judged whole: name the rows by 'only' of StoredRows.")
        rules = rules_of(schema)
        types = column_types(check_obj)
        sound = well_shaped(schema, types)
        question = Question(
            table=check_obj.table,
            key=check_obj.key,
            only=check_obj.only,
            rules=tuple(rule for rule in rules if sound.issuperset(rule.reads)),
            unique=tuple(names for names in unique_keys(schema) if sound.issuperset(names)),
        )
        errors = shape_errors(schema, check_obj, types)
        if question.rules or question.unique:
            errors += failures(schema, check_obj, question, answer(check_obj, question))
        if errors and not lazy:
            raise errors[0]
        if errors:
            raise SchemaErrors(schema=schema, schema_errors=errors, data=check_obj)
        return check_obj

    def failure_cases_metadata(self, schema_name: str, schema_errors: Sequence[SchemaError]) -> FailureCaseMetadata:
        """Return the failure cases of all errors in one frame.

        Parameters
        ----------
        schema_name : str
            Name of the model.
        schema_errors : sequence of SchemaError
            One for each rule that fails.

        Returns
        -------
        FailureCaseMetadata
            ``failure_cases`` has pandera's columns, ``index`` null, and after them one column ``key.<name>`` for each
            column that names a row, in its own type.
        """
        handler = ErrorHandler()
        handler.collect_errors(list(schema_errors))
        counts: dict[str, int] = {}
        for error in schema_errors:
            counts[error.reason_code.name] = counts.get(error.reason_code.name, 0) + 1
        cases = pl.concat([cases_of(error) for error in schema_errors], how="diagonal_relaxed")
        return FailureCaseMetadata(cases, handler.summarize(schema_name=schema_name), counts)


DataFrameSchema.register_backend(StoredRows, OneScanBackend)
