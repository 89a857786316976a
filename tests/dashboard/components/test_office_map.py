from __future__ import annotations

import csv
import json
from types import SimpleNamespace

import pytest

from dashboard.components.assets import BUNDLES
from dashboard.components.office_map import CLASSES, TOO_FEW, OfficeFigure, clicked_office, office_map
from pdflow.records import seed

TOPOLOGY = json.loads((BUNDLES / "offices.topo.json").read_text(encoding="utf-8"))
OFFICES = TOPOLOGY["objects"]["offices"]["geometries"]


def _codes() -> list[str]:
    path = seed.files("pdflow.records.seed").joinpath("field_offices.csv")
    return [row["code"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def test_every_field_office_is_on_the_map() -> None:
    assert {office["properties"]["code"] for office in OFFICES} == set(_codes())
    assert all(office["arcs"] for office in OFFICES)


def test_territories_outside_the_projection_are_squares_of_their_offices() -> None:
    squares = [office["properties"]["code"] for office in OFFICES[len(_codes()) :]]
    labels = [label["properties"]["label"] for label in TOPOLOGY["objects"]["labels"]["geometries"]]
    assert dict(zip(labels, squares, strict=True)) == {"PR VI": "MIA", "GU MP": "SFR"}


def test_the_map_stays_small_enough_to_be_sent_with_each_page() -> None:
    assert (BUNDLES / "offices.topo.json").stat().st_size < 80_000


@pytest.mark.parametrize(
    ("due", "late", "late_class", "words"),
    [
        (0, 0, TOO_FEW, "nothing due"),
        (9, 9, TOO_FEW, "9 of 9 late; too few for a share"),
        (10, 0, "under 5 %", "0 of 10 late (0 %)"),
        (20, 1, "5 to 10 %", "1 of 20 late (5 %)"),
        (10, 1, "10 to 20 %", "1 of 10 late (10 %)"),
        (60, 18, "20 to 40 %", "18 of 60 late (30 %)"),
        (10, 4, "40 % or more", "4 of 10 late (40 %)"),
        (10, 10, "40 % or more", "10 of 10 late (100 %)"),
    ],
)
def test_a_figure_falls_in_a_class_and_is_said_in_words(
    due: int, late: int, late_class: str, words: str
) -> None:
    figure = OfficeFigure("HOU", "Houston", due, late)
    assert (figure.late_class, figure.words) == (late_class, words)


def test_a_small_office_gives_no_share_to_the_browser() -> None:
    chart = office_map([OfficeFigure("BUF", "Buffalo", 4, 1)], key="office").to_dict()
    lookup = next(
        transform["from"]["data"]["values"]
        for transform in chart["layer"][0]["transform"]
        if "lookup" in transform
    )
    assert lookup == [{"code": "BUF", "words": "1 of 4 late; too few for a share", "share_late": TOO_FEW}]


def test_every_class_has_its_own_colour_in_the_legend() -> None:
    chart = office_map([], key="office").to_dict()
    scale = chart["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == list(CLASSES)
    assert len(set(scale["range"])) == len(CLASSES)


def test_the_page_reads_the_clicked_office() -> None:
    clicked = SimpleNamespace(selection={"office": [{"code": "HOU"}]})
    nothing = SimpleNamespace(selection={"office": {}})
    assert clicked_office(clicked, "office") == "HOU"
    assert clicked_office(nothing, "office") is None
