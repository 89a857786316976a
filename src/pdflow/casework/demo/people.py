"""People who do not exist: names, birth dates, countries and languages drawn from a case's own random numbers.

The shares of languages follow the completions of the immigration courts in fiscal year 2023 (EOIR language access
plan, appendix G), with rare languages drawn more often than there, because the rules about language need to be seen.
Contacts use the reserved example domains and numbers 555-0100 to 555-0199.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


@dataclass(frozen=True)
class Origin:
    """A language with a country where it is spoken and names usual there.

    Attributes:
        language: BCP 47 tag (RFC 5646).
        country: ISO 3166-1 alpha-2 code of citizenship.
        weight: how often it is drawn.
        reads: whether most speakers read it; else notices are read aloud (S21).
    """

    language: str
    country: str
    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    reads: bool = True


ORIGINS = (
    Origin(
        "es", "MX", 22, ("Luz", "Mateo", "Ximena", "Emilio", "Rosa"), ("Arce", "Beltran", "Luna", "Quiroz")
    ),
    Origin(
        "es", "GT", 16, ("Marta", "Oscar", "Telma", "Selvin"), ("Barrios", "Lemus", "Morales", "Sandoval")
    ),
    Origin("es", "HN", 14, ("Suyapa", "Denis", "Yolani", "Kevin"), ("Alvarado", "Mejia", "Pineda", "Zelaya")),
    Origin(
        "es", "SV", 10, ("Blanca", "Nelson", "Roxana", "Wilber"), ("Ayala", "Flores", "Portillo", "Rivas")
    ),
    Origin(
        "es", "VE", 8, ("Daniela", "Jesus", "Mariana", "Luis"), ("Blanco", "Marcano", "Rondon", "Urdaneta")
    ),
    Origin("en", "JM", 4, ("Andre", "Keisha", "Marlon", "Shanice"), ("Brown", "Campbell", "Grant", "Reid")),
    Origin("pt", "BR", 5, ("Ana", "Caio", "Livia", "Tiago"), ("Barbosa", "Moreira", "Pinto", "Teixeira")),
    Origin(
        "ht", "HT", 5, ("Fabiola", "Jude", "Mirlande", "Wilner"), ("Baptiste", "Desir", "Etienne", "Pierre")
    ),
    Origin("zh-Hans", "CN", 3, ("Fang", "Jun", "Lan", "Wei"), ("Chen", "Huang", "Lin", "Zheng")),
    Origin("pa", "IN", 3, ("Gurpreet", "Harjit", "Jasleen", "Manpreet"), ("Gill", "Sandhu", "Sidhu", "Virk")),
    Origin(
        "mam",
        "GT",
        4,
        ("Catarina", "Juan", "Micaela", "Pascual"),
        ("Matias", "Pablo", "Ramirez", "Velasquez"),
        False,
    ),
    Origin(
        "quc", "GT", 3, ("Candelaria", "Diego", "Manuela", "Tomas"), ("Chan", "Ixcoy", "Tzoc", "Us"), False
    ),
    Origin("ar", "SY", 2, ("Hala", "Omar", "Rania", "Samir"), ("Darwish", "Haddad", "Khoury", "Nasser")),
    Origin("fr", "CM", 2, ("Alain", "Clarisse", "Herve", "Solange"), ("Fotso", "Mbarga", "Ngono", "Tchoupo")),
    Origin("ti", "ER", 1, ("Abel", "Feven", "Selam", "Yonas"), ("Berhe", "Gebre", "Kidane", "Tesfay")),
)


@dataclass(frozen=True)
class SyntheticPerson:
    """One person of the demo."""

    given_name: str
    family_name: str
    birth_date: date
    country: str
    language: str
    reads: bool
    phone: str
    email: str


def person(rng: Random, today: date) -> SyntheticPerson:
    """Draw a person, aged 16 to 79 on the given day."""
    origin = rng.choices(ORIGINS, [each.weight for each in ORIGINS])[0]
    given, family = rng.choice(origin.given), rng.choice(origin.family)
    born = today - timedelta(days=rng.randint(16 * 365 + 4, 79 * 365))
    number = rng.randint(0, 99)
    return SyntheticPerson(
        given_name=given,
        family_name=family,
        birth_date=born,
        country=origin.country,
        language=origin.language,
        reads=origin.reads,
        phone=f"202-555-01{number:02d}",
        email=f"{given}.{family}{number}@example.org".lower(),
    )


def counsel(rng: Random) -> tuple[str, str]:
    """Draw a lawyer: name and e-mail address."""
    given = rng.choice(("Dana", "Elliot", "Farah", "Grace", "Ira", "Joan", "Noor", "Pilar"))
    family = rng.choice(("Adler", "Boateng", "Castellano", "Dunne", "Okafor", "Park", "Silva", "Weiss"))
    return f"{given} {family}", f"{given}.{family}@law.example.com".lower()
