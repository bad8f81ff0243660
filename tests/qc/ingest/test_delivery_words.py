"""Words of a laboratory are kept with what was read by them."""

from __future__ import annotations

# SYNTHETIC: not a measurement.
EXPORT = "sample,analyte,matrix,unit,Outcome,Remark\n{},iron,serum,ug/dL,80,x\n"


def test_a_delivery_is_read_again_by_the_words_of_its_day_and_a_change_of_words_is_named(fresh_lab, tmp_path):
    def hand_in(name, words):
        fresh_lab.paths.words.write_text(words)
        path = tmp_path / f"{name}.csv"
        path.write_text(EXPORT.format(name))
        (outcome,) = fresh_lab.ingest(path)
        return outcome

    first = hand_in("A1", '[columns]\n"Outcome" = "value"\n')
    same = hand_in("A2", '[columns]\n"Outcome" = "value"\n')
    other = hand_in("A3", '[columns]\n"Outcome" = "value"\n"Remark" = "note"\n')
    fresh_lab.paths.words.write_text('[columns]\n"Remark" = "value"\n')

    assert [len(one.notes) for one in (first, same, other)] == [0, 0, 1]
    assert other.notes[0].startswith("words.toml is otherwise than for the delivery before this one")
    (changed,) = fresh_lab.verify(reads_again=True)
    assert (changed.where, "changed since" in changed.text) == ("words.toml", True)
    with fresh_lab.facts.reading() as con:
        parts = con.execute("SELECT part, count(DISTINCT sha256) FROM sources GROUP BY part ORDER BY part").fetchall()
    assert parts == [("main", 3), ("words", 2)]
