"""Invented titles, genres and dates in the style of both sites. None are taken from real anime."""

import random
import re
from typing import Final

_STARTS: Final = (
    "Aka", "Ao", "Hana", "Hoshi", "Kaze", "Kage", "Tsuki", "Yuki", "Sora", "Mizu", "Haru", "Natsu", "Aki", "Fuyu",
    "Ryuu", "Kitsu", "Nami", "Mori", "Tobi", "Ume",
)  # fmt: skip
_ENDS: Final = (
    "no Uta", "no Mori", "no Kioku", "no Machi", "no Hane", "ga Oka", "monogatari", "densetsu", "shoujo", "tachi",
    "gumi", "ki", "maru", "ne",
)  # fmt: skip
_NOUNS: Final = (
    "Lantern", "Harbor", "Comet", "Orchard", "Clockwork", "Feather", "Garden", "Signal", "Meadow", "Compass",
    "Violin", "Tram", "Lighthouse", "Kite", "Teapot",
)  # fmt: skip
_ADJECTIVES: Final = (
    "Silver", "Crimson", "Hidden", "Eternal", "Silent", "Paper", "Crystal", "Wandering", "Little", "Last", "Seventh",
    "Blue",
)  # fmt: skip
_TAILS: Final = (
    "", "", "", "", " 2", " 2nd Season", " Movie", " Specials", ": Zero", " OVA", "☆Star", "½", "°", "!!",
)  # fmt: skip
_RU_ADJECTIVES: Final = (
    "Серебряный", "Тихий", "Последний", "Бумажный", "Хрустальный", "Синий", "Тайный", "Седьмой", "Вечный", "Малый",
)  # fmt: skip
_RU_NOUNS: Final = (
    "маяк", "фонарь", "трамвай", "сад", "компас", "чайник", "дракон", "город", "остров", "вокзал", "оркестр",
    "журавль",
)  # fmt: skip
_RU_TAILS: Final = (
    "", "", "", " [ТВ-1]", " [ТВ-2]", " OVA", ": Начало", " (фильм второй)",
)  # fmt: skip
_GENRES: Final = (
    "приключения", "комедия", "драма", "фэнтези", "фантастика", "романтика", "школа", "спорт", "мистика", "меха",
    "повседневность",
)  # fmt: skip


def romaji_title(chance: random.Random) -> str:
    """Return a title such as "Hoshi no Uta: Silver Lantern 2"."""
    word = f"{chance.choice(_STARTS)} {chance.choice(_ENDS)}"
    english = f"{chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)}"
    head = chance.choice((word, english, f"{word}: {english}", f"{english} & {chance.choice(_NOUNS)}", f"{word}'s Day"))
    return head + chance.choice(_TAILS)


def slug_of(title: str) -> str:
    """Return the title as MAL writes it in addresses: words joined by underscores, some marks kept."""
    return re.sub(r"[^\w☆½°!-]", "_", title, flags=re.ASCII) or "_"


def russian_title(chance: random.Random, english: str) -> str:
    """Return a World Art title: "русское [English]", sometimes with an empty English part."""
    russian = f"{chance.choice(_RU_ADJECTIVES)} {chance.choice(_RU_NOUNS)}{chance.choice(_RU_TAILS)}"
    head = english if chance.random() < 0.2 else russian
    return f"{head} [{english if chance.random() < 0.7 else ''}]"


def work_type(chance: random.Random) -> str:
    """Return a value of the field "Тип" (type of work)."""
    minutes = chance.choice((3, 10, 24, 25, 45, 90, 124))
    return chance.choice(
        (
            f"ТВ ({chance.choice((12, 13, 24, 26, 50))} эп.), 25 мин.",
            f"OVA ({chance.randint(1, 6)} эп.), {minutes} мин.",
            f"полнометражный фильм, {minutes} мин.",
            f"короткометражный фильм, {minutes} мин.",
            "полнометражный фильм",
        )
    )


def genre(chance: random.Random) -> str:
    """Return a value of the field "Жанр" (genre): one to three genres."""
    return ", ".join(chance.sample(_GENRES, chance.randint(1, 3)))


def release(chance: random.Random) -> str:
    """Return a value of the field "Премьера" (premiere): one day; or of "Выпуск" (release): "c … по …"."""
    year, month, day = chance.randint(1965, 2022), chance.randint(1, 9), chance.randint(1, 28)
    first = f"{day:02d}.{month:02d}.{year}"
    if chance.random() < 0.5:
        return first
    return f"c {first} по {chance.randint(1, 28):02d}.{month + 3:02d}.{year}"
