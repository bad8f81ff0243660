"""The one DuckDB of a process: what it attaches it lets go, whoever else reads, writes or fails meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import duckdb
import pytest

from qc.store.instance import Instance


@pytest.fixture
def instance():
    return Instance()


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / "a" / "facts.duckdb", tmp_path / "b's" / "facts.duckdb"]
    for number, path in enumerate(paths):
        path.parent.mkdir()
        with duckdb.connect(str(path)) as con:
            con.execute("CREATE TABLE numbers AS SELECT ? AS number", [number])
    return paths


def _number(con):
    return con.execute("SELECT number FROM numbers").fetchall()[0][0]


def _attached(instance):
    with instance._lock:  # the connection refuses two at once
        names = instance._main.execute("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall()
    return {name for (name,) in names} - {"memory"}


def test_readers_at_once_share_a_file_and_the_last_lets_it_go(instance, files):
    both = Barrier(2)

    def read(_):
        with instance.attached(files[0], writes=False) as con:
            both.wait(10)
            seen = _number(con), len(_attached(instance))
            both.wait(10)
            return seen

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(read, range(2))) == [(0, 1), (0, 1)]
    assert not _attached(instance)


def test_threads_that_come_and_go_never_meet_a_busy_connection(instance, files):
    def look(at):
        with instance.attached(files[at % 2], writes=False) as con:
            return _number(con)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, range(400))) == [0, 1] * 200
    assert not _attached(instance)


def test_two_labs_are_open_side_by_side(instance, files):
    with instance.attached(files[0], writes=True) as one, instance.attached(files[1], writes=False) as other:
        assert (_number(one), _number(other)) == (0, 1)
    assert not _attached(instance)


def test_what_was_written_is_in_the_file_itself_once_it_is_let_go(instance, files):
    with instance.attached(files[0], writes=True) as con:
        con.execute("UPDATE numbers SET number = 7")

    assert [path.name for path in files[0].parent.iterdir()] == ["facts.duckdb"]
    with duckdb.connect(str(files[0]), read_only=True) as con:
        assert _number(con) == 7


def test_a_reader_cannot_write(instance, files):
    with (
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
        instance.attached(files[0], writes=False) as con,
    ):
        con.execute("UPDATE numbers SET number = 7")
    assert not _attached(instance)


def test_temporary_tables_of_one_visit_are_not_seen_by_the_next(instance, files):
    for _ in range(2):
        with instance.attached(files[0], writes=False) as con:
            con.execute("CREATE TEMP TABLE marks AS SELECT 1 AS mark")


def test_an_instance_that_died_is_made_anew(instance, files):
    with instance.attached(files[0], writes=False):
        instance._main.close()  # as a fatal error leaves it: every statement is refused

    with instance.attached(files[0], writes=False) as con:
        assert _number(con) == 0


def test_a_fork_makes_its_own_and_leaves_that_of_its_parent_alone(instance, files):
    with instance.attached(files[0], writes=False):
        parent = instance._main
    instance._process -= 1  # as a fork sees it

    with instance.attached(files[0], writes=False) as con:
        assert _number(con) == 0
        assert instance._main is not parent

    assert parent.execute("SELECT 1").fetchall() == [(1,)]


def test_a_file_that_is_no_store_leaves_nothing_attached(instance, files):
    files[0].write_bytes(b"not a store" * 1000)
    with pytest.raises(duckdb.Error), instance.attached(files[0], writes=False):
        pass
    with instance.attached(files[1], writes=False) as con:
        assert _number(con) == 1
