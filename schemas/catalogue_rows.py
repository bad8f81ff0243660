"""Parts of a catalogue file that are no limits: methods, relations, applicability and LOINC codes."""

from __future__ import annotations

from schemas.analyte import LoincCode
from schemas.catalogue_file import Tree, TreeReader
from schemas.method import Applicability, Method, method_id
from schemas.relation import Relation

METHOD_KEYS = ("name", "platform", "kit", "matrices", "source", "status")
RELATION_KEYS = ("other", "matrix", "sentence", "rule", "factor", "unit", "source", "status")


def read_methods(tree: Tree, reader: TreeReader, where: str) -> dict[str, Method]:
    """Read the methods of an analyte.

    Parameters
    ----------
    tree : mapping
        Tree of the catalogue file.
    reader : TreeReader
        Collects what is wrong.
    where : str
        Place a person can find.

    Returns
    -------
    dict of str to Method
        Method by id.
    """
    table = reader.table(tree, "methods", where)
    methods = [_method(name, reader.table(table, name, where), reader, where) for name in table]
    return {method.id: method for method in methods}


def _method(name: str, tree: Tree, reader: TreeReader, where: str) -> Method:
    place = f"{where}, method '{name}'"
    reader.keys(tree, METHOD_KEYS, place)
    if name != method_id(name):
        reader.fault(place, f"Its id must be written '{method_id(name)}'.")
    matrices = reader.texts(tree, "matrices", place)
    if not matrices:
        reader.fault(place, "Key 'matrices' is missing or empty; a list of matrices was expected.")
    return Method(
        id=method_id(name),
        name=reader.text(tree, "name", place, is_needed=True),
        platform=reader.text(tree, "platform", place, is_needed=True),
        kit=reader.text(tree, "kit", place),
        matrices=matrices,
        source=reader.text(tree, "source", place, is_needed=True),
        status=reader.status(tree, place),
    )


def read_relations(tree: Tree, reader: TreeReader, where: str) -> tuple[Relation, ...]:
    """Read the relations of an analyte to others.

    Parameters
    ----------
    tree : mapping
        Tree of the catalogue file.
    reader : TreeReader
        Collects what is wrong.
    where : str
        Place a person can find.

    Returns
    -------
    tuple of Relation
        In the order of the file.
    """
    return tuple(_relation(row, reader, where) for row in reader.tables(tree, "relations", where))


def _relation(row: Tree, reader: TreeReader, where: str) -> Relation:
    other = reader.text(row, "other", where, is_needed=True)
    place = f"{where}, relation to '{other}'"
    reader.keys(row, RELATION_KEYS, place)
    factor = reader.number(row, "factor", place)
    return Relation(
        other=other,
        matrix=reader.text(row, "matrix", place),
        sentence=reader.text(row, "sentence", place, is_needed=True),
        rule=reader.text(row, "rule", place),
        factor=None if factor is None else reader.limit("factor", row, factor, place),
        source=reader.text(row, "source", place, is_needed=True),
        status=reader.status(row, place),
    )


def read_applicability(tree: Tree, reader: TreeReader, where: str) -> Applicability:
    """Read which methods may be used in a matrix.

    Parameters
    ----------
    tree : mapping
        Table of the matrix.
    reader : TreeReader
        Collects what is wrong.
    where : str
        Place a person can find.

    Returns
    -------
    Applicability
        Every method, if the file says nothing.
    """
    table = reader.table(tree, "applicability", where)
    if not table:
        return Applicability()
    place = f"{where}, applicability"
    reader.keys(table, ("only", "never", "sentence", "source", "status"), place)
    return Applicability(
        only=tuple(map(method_id, reader.texts(table, "only", place))),
        never=tuple(map(method_id, reader.texts(table, "never", place))),
        sentence=reader.text(table, "sentence", place, is_needed=True),
        source=reader.text(table, "source", place, is_needed=True),
        status=reader.status(table, place),
    )


def read_loinc(row: Tree, reader: TreeReader, where: str) -> LoincCode:
    """Read one LOINC code.

    Parameters
    ----------
    row : mapping
        Row of the file.
    reader : TreeReader
        Collects what is wrong.
    where : str
        Place a person can find.

    Returns
    -------
    LoincCode
        With its own mark.
    """
    place = f"{where}, loinc"
    reader.keys(row, ("code", "source", "status"), place)
    code, source = reader.text(row, "code", place, is_needed=True), reader.text(row, "source", place, is_needed=True)
    return LoincCode(code=code, source=source, status=reader.status(row, place))
