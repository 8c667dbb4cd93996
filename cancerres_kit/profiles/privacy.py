"""Refuse files that say whose tumour it is.

One decision: a column is judged by its name alone and before a single row is read, so that no
name, date of birth or record number ever gets into memory that could be shown. Where a name may be
meant either way the file is refused: a column is easily removed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cancerres_kit.schema.problems import DataError, Problem

# Columns that a MAF of the GDC, of VEP or of cBioPortal may have and that would be refused below;
# they hold codes, motifs and numbers of exons, and are read over and never kept.
KNOWN = frozenset({"case_id", "motif_name", "exon_number", "domains", "center", "hgnc_id"})

# English; German, Dutch, and the languages of the North; French, Spanish, Italian, Portuguese,
# Romanian; Polish, Czech, Hungarian, Turkish, and Russian and Chinese in Latin letters.
_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        patient patients pat pt person participant subject donor surname forename initials dob born
        birth birthday birthdate mrn ssn nhs nino chart passport address street city zip zipcode
        postcode postal email mail phone telephone mobile fax physician doctor hospital insurance
        maiden medical social security kin
        nachname vorname adresse anschrift strasse wohnort plz telefon arzt naam voornaam achternaam
        bsn adres straat namn fornamn efternamn navn fornavn efternavn etternavn cpr nimi etunimi
        sukunimi henkilotunnus
        nom noms prenom prenoms nir medecin dossier nombre nombres apellido apellidos dni nie curp
        direccion telefono correo nome cognome indirizzo sobrenome cpf endereco prontuario nume
        prenume cnp
        pesel imie nazwisko jmeno prijmeni rodne nev taj soyad soyadi dogum tckn familiya imya
        otchestvo xingming
        """,
    )
)
_PARTS = re.compile(
    "patient|pacient|pazient|pacjent|geburt|geboort|fodels|fodsel|naissan|nacimient|nascit|"
    "nascimen|urodzen|narozen|szulet|birthd|ofbirth|surname|forename|firstname|lastname|fullname|"
    "familyname|givenname|nachname|vorname|familienname|apellido|cognome|nazwisko|fiscale|"
    "socialsec|versicher|krankenkass|krankenhaus|personnummer|medicalrec|hospital|passport|postcode|zipcode"
)
_NUMBERED = re.compile(
    r"(?:.*_)?(?:health|clinical|case|national|identity)?_?(?:record|case|national|identity|health)"
    r"_?(?:no|nr|num|number|id)|(?:date|day|month|year|place)_of_death|death_date"
)
_NAMES = {"name", "names"}
# What may have a name in a MAF without being a person.
_THINGS = frozenset(
    re.findall(
        r"\w+",
        """
        gene motif transcript protein feature exon domain hugo symbol file center centre panel assay
        tool caller variant chromosome chrom contig region drug pathway sequencer platform reference
        database allele cluster project study cohort program sample tumor tumour normal library
        aliquot
        """,
    )
)
_LETTERS = str.maketrans({"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ø": "o", "ł": "l", "đ": "d"})


def refuse_identifying(columns: Iterable[str], *, file: str, line: int) -> None:
    """Raise if a column by its name says whose tumour it is.

    Parameters
    ----------
    columns : iterable of str
        Header of the file.
    file : str
        Name of the file, for the message.
    line : int
        Line of the header, counted from 1.

    Raises
    ------
    DataError
        If there is such a column; names every one.
    """
    problems = [
        Problem(
            file,
            line,
            column,
            None,
            "this column may say whose tumour it is, and nothing of the file was read; remove "
            "names, dates of birth, record numbers and the like, and give only the alterations",
        )
        for column in columns
        if _identifies(column)
    ]
    if problems:
        raise DataError(problems)


def _identifies(column: str) -> bool:
    """Judge a column by the words of its name, in the languages that we know words of."""
    plain = _plain(column)
    if plain in KNOWN:
        return False
    # The columns of a MAF are named in Latin letters; of others we know too few words to judge.
    if any(letter.isalpha() and not letter.isascii() for letter in plain):
        return True
    words = set(re.findall(r"[a-z]+", plain))
    if words & _NAMES and not words & _THINGS:
        return True
    joined = plain.replace("_", "")
    return bool(words & _WORDS or _PARTS.search(joined) or _NUMBERED.fullmatch(plain))


def _plain(column: str) -> str:
    """Write a name in small letters without accents, words parted by underscores."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.strip())
    bare = unicodedata.normalize("NFKD", spaced.casefold().translate(_LETTERS))
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    return re.sub(r"[\W_]+", "_", letters).strip("_")


_BARCODE = re.compile(
    r"(?:TCGA|TARGET|GENIE|CPTAC|HCMI|MMRF|ICGC|PCAWG)[-_.].*|P-\d{4,}.*"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{4,}",
    re.IGNORECASE,
)


def is_barcode(value: str, barcode: str = "") -> bool:
    """Whether a value is the barcode of its line, or has the shape of one.

    Parameters
    ----------
    value : str
        What stands in any other column.
    barcode : str
        What stands in the column of barcodes.
    """
    bare = value.strip()
    return bool(bare) and (bare == barcode.strip() or bool(_BARCODE.fullmatch(bare)))
