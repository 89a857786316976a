"""Letters: templates as data, one folder a language; only words that a named human has checked are ever sent (S21)."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any

from sqlmodel import Session, select

from pdflow.casework.packs import BPMN, languages
from pdflow.records.tables import Instance
from pdflow.services import definitions


@dataclass(frozen=True)
class Catalogue:
    """Templates of one deployed definition.

    Attributes:
        index: ``letters.json``: which template is checked in which language, and words for codes.
        texts: ``<language>/<letter>`` -> template.
    """

    index: Mapping[str, Any]
    texts: Mapping[str, str]

    def checked(self, letter: str, language: str) -> bool:
        """Whether a human has checked the words of a letter in a language."""
        entry = self.index["letters"].get(letter, {}).get(language)
        return bool(entry and entry["checked"]) and f"{language}/{letter}" in self.texts

    def render(self, letter: str, language: str, values: Mapping[str, str]) -> str:
        """The letter with its values filled in.

        Raises:
            KeyError: the template names a value that is not given; a template is never sent with a hole.
        """
        return Template(self.texts[f"{language}/{letter}"]).substitute(values)

    def word(self, code: str, language: str) -> str:
        """An outcome or result in a language."""
        return str(self.index["words"][language].get(code, code))


@cache
def shipped() -> Catalogue:
    """The catalogue of the checkout."""
    return read(manifest_part())


def manifest_part() -> dict[str, Any]:
    """What a manifest keeps under ``letters``."""
    folder = BPMN / "letters"
    texts = {
        f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*/*.txt"))
    }
    return {"index": json.loads((folder / "letters.json").read_text(encoding="utf-8")), "texts": texts}


def read(part: Mapping[str, Any]) -> Catalogue:
    """The catalogue in a manifest."""
    return Catalogue(part["index"], part["texts"])


def catalogue(session: Session, instance: str) -> Catalogue:
    """The catalogue that an instance pins; the checkout's for one whose definition holds no letters."""
    known: dict[str, Catalogue] = session.info.setdefault("casework.letters", {})
    if instance not in known:
        pinned = session.exec(select(Instance.definition).where(Instance.id == instance)).first()
        part = definitions.part(session, pinned, "letters") if pinned else {}
        known[instance] = read(part) if part else shipped()
    return known[instance]


def bullets(lines: list[str], none: str) -> str:
    """One line an entry, or the word for none."""
    return "\n".join(f"- {line}" for line in lines) or none


def as_html(text: str, language: str) -> str:
    """A letter as an accessible page part: language and direction marked, the first line its heading, lists as lists."""
    direction = languages().get(language, {}).get("direction", "ltr")
    parts: list[str] = []
    for number, block in enumerate(part for part in text.strip().split("\n\n") if part.strip()):
        lines = [html.escape(line) for line in block.strip().splitlines()]
        if number == 0:
            parts.append(f"<h1>{'<br>'.join(lines)}</h1>")
        elif all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>")
        else:
            parts.append(f"<p>{'<br>'.join(lines)}</p>")
    return f'<article lang="{html.escape(language)}" dir="{direction}">{"".join(parts)}</article>'
