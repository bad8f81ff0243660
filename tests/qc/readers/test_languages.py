"""Tables as laboratories in several languages write them: titles, units in titles, remarks, sexes, matrices."""

from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC, all: not a measurement.


def rows(text, table, *columns):
    return read(Source(Path("t.csv"), text.encode())).tables[table].select(columns).rows()


@pytest.mark.parametrize(
    "titles",
    [
        "Probe;Analyt;Material;Wert;Einheit;Bemerkung",
        "Échantillon;Analyse;Matrice;Résultat;Unité;Remarque",
        "Muestra;Analito;Matriz;Resultado;Unidad;Observaciones",
        "Campione;Analita;Matrice;Risultato;Unità;Osservazioni",
        "Monster;Analiet;Matrix;Resultaat;Eenheid;Opmerking",
    ],
)
def test_a_table_of_results_is_read_with_its_remarks(titles):
    text = f"{titles}\nA1;Ferritin;Serum;12,5;ng/mL;\nA2;Ferritin;Serum;13,5;ng/mL;E7\n"

    assert rows(text, "reported", "sample", "matrix", "text", "unit", "flag") == [
        ("A1", "serum", "12,5", "ng/mL", ""),
        ("A2", "serum", "13,5", "ng/mL", "note: E7"),
    ]


@pytest.mark.parametrize(
    "titles, female, male",
    [
        ("Patient;Geschlecht;Geburtsjahr", "w", "m"),
        ("Pat.-Nr.;m/w;Geb.-Jahr", "w", "m"),
        ("Sujet;Sexe;Année de naissance", "femme", "homme"),
        ("Paciente;Sexo;Año de nacimiento", "mujer", "hombre"),
        ("Paziente;Sesso;Anno di nascita", "femmina", "maschio"),
        ("Patiënt;Geslacht;Geboortejaar", "vrouw", "man"),
    ],
)
def test_a_sheet_of_subjects_is_read(titles, female, male):
    text = f"{titles}\nM1;{female};1950\nM2;{male};1951\n"

    assert rows(text, "subjects", "subject", "sex", "birth_year") == [("M1", "female", 1950), ("M2", "male", 1951)]


def test_the_letter_of_a_man_in_one_language_and_of_a_woman_in_another_is_never_guessed():
    with pytest.raises(ReaderError, match="'H' is not known"):
        rows("Paciente;Sexo;Año de nacimiento\nM1;M;1950\nM2;H;1951\n", "subjects", "sex")


def test_material_is_the_matrix_where_another_column_names_the_control():
    sheet = "Kontrollmaterial;Stufe;Charge;Analyt;Material;Einheit;Sollwert;Standardabweichung\n"
    results = "Probe;Kontrolle;Stufe;Analyt;Material;Wert;Einheit\n;CHEM;L1;Ferritin;Serum;60,2;ng/mL\n"

    controls = rows(f"{sheet}CHEM;L1;C1;Ferritin;Serum;ng/mL;60;3,0\n", "controls", "material", "matrix")
    reported = rows(f"{results}A1;;;Ferritin;Serum;80,5;ng/mL\n", "reported", "material", "sample", "matrix")

    assert controls == [("CHEM", "serum")]
    assert reported == [("CHEM", "", "serum"), ("", "A1", "serum")]


def test_material_is_the_matrix_of_a_sheet_of_samples():
    text = "Probe;Patient;Visite;Material\nA1;M1;0;Serum\nA2;M1;3;Liquor\n"

    assert rows(text, "samples", "sample", "matrix") == [("A1", "serum"), ("A2", "liquor")]


@pytest.mark.parametrize(
    "title, unit",
    [("Wert in µmol/L", "µmol/L"), ("conc_pg_ml", "pg/ml"), ("Conc ng per mL", "ng/mL"), ("Result [ug/dL]", "ug/dL")],
)
def test_a_unit_is_read_from_the_title_of_the_values(title, unit):
    assert rows(f"sample,analyte,{title}\nA1,iron,5\n", "reported", "text", "unit") == [("5", unit)]


@pytest.mark.parametrize("code", ["2025-03-02", "02.03.2025", "#N/A", "TRUE"])
def test_a_code_that_a_spreadsheet_has_made_is_in_doubt(code):
    [(flag,)] = rows(f"sample,analyte,value,unit\n{code},iron,5,ug/dL\n", "reported", "flag")

    assert flag.startswith("in doubt: the code")


def test_a_control_sheet_with_limits_and_no_target_says_what_it_lacks():
    with pytest.raises(ReaderError) as refused:
        rows("material,level,lot,analyte,unit,low,high\nCHEM,L1,C2,iron,ug/dL,54,66\n", "controls", "sd")

    assert "control sheet and lacks target (or target_from) and sd" in str(refused.value.faults)
