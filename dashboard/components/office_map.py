"""The map of the field offices, coloured by the share of duties that are late.

Beside it a page always shows the same figures as a table: small offices are hard to hit on a map, and a screen
reader needs it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from dashboard.components.assets import BUNDLES

FEWEST_FOR_A_SHARE = 10
"""With fewer duties a share says little about an office and much about a person; only counts are shown."""

LATE_SHARES = (0.05, 0.1, 0.2, 0.4)
"""Where the classes of the colour scale meet; fixed, so that two periods can be compared by eye."""

LATE_COLOURS = ("#f1e5cd", "#fdb8ae", "#ff8d7b", "#e52207", "#8b0a03")
FEW_COLOUR = "#dfe1e2"
LINE_COLOUR = "#565c65"


@dataclass(frozen=True)
class OfficeFigure:
    """The duties of one field office that were due in the chosen period.

    Attributes:
        code: of the office, as in `field_offices.csv`.
        name: of the office.
        due: how many duties were due.
        late: how many of these were not done by their due instant, open ones included.
    """

    code: str
    name: str
    due: int
    late: int

    @property
    def share(self) -> float | None:
        """Share late between 0 and 1, None where the duties are too few to say."""
        return self.late / self.due if self.due >= FEWEST_FOR_A_SHARE else None

    @property
    def words(self) -> str:
        """What the tooltip says: "18 of 60 late (30 %)"."""
        if self.due == 0:
            return "nothing due"
        if self.share is None:
            return f"{self.late} of {self.due} late; too few for a share"
        return f"{self.late} of {self.due} late ({self.share:.0%})".replace("%", " %")


def office_map(rows: Sequence[OfficeFigure], *, key: str, height: int = 420) -> alt.LayerChart:
    """Draw the offices; the page reads the clicked one with `clicked_office`.

    Args:
        rows: one an office; an office without a row is drawn as one with nothing due.
        key: name of the selection, to be read from what `st.altair_chart(chart, on_select="rerun")` returns.
        height: in CSS pixels.
    """
    chosen = alt.selection_point(name=key, fields=["properties.code"], on="click", empty=False)
    figures = alt.Data(
        values=[
            {"code": row.code, "words": row.words, "share": row.share, "few": row.share is None}
            for row in rows
        ]
    )
    offices = (
        alt.Chart(_layer("offices"))
        .transform_lookup("properties.code", alt.LookupData(figures, "code", ["words", "share"]))
        .transform_calculate(said="datum.words || 'nothing due'", office="datum.properties.name")
    )
    areas = offices.mark_geoshape().encode(
        color=alt.condition(
            "isValid(datum.share)",
            alt.Color(
                "share:Q",
                scale=alt.Scale(type="threshold", domain=list(LATE_SHARES), range=list(LATE_COLOURS)),
                legend=alt.Legend(title="Share late", format=".0%", orient="bottom", direction="horizontal"),
            ),
            alt.value(FEW_COLOUR),
        ),
        stroke=alt.condition(chosen, alt.value("#2491ff"), alt.value("#ffffff")),
        strokeWidth=alt.condition(chosen, alt.value(4), alt.value(0.8)),
        tooltip=[alt.Tooltip("office:N", title="Office"), alt.Tooltip("said:N", title="Late")],
    )
    # Vega has no pattern fill: dashes around a grey area tell "too few" from "none late" without colour.
    few = (
        offices.transform_filter("!isValid(datum.share)")
        .mark_geoshape(filled=False, stroke=LINE_COLOUR, strokeWidth=1, strokeDash=[3, 3])
        .encode(tooltip=[alt.Tooltip("office:N", title="Office"), alt.Tooltip("said:N", title="Late")])
    )
    states = alt.Chart(_layer("states")).mark_geoshape(filled=False, stroke="#ffffff", strokeWidth=0.3)
    squares = (
        alt.Chart(_layer("labels"))
        .mark_text(font="Public Sans", fontSize=10, fontWeight=600, color="#1b1b1b")
        .encode(
            longitude=alt.Longitude("geometry.coordinates[0]:Q"),
            latitude=alt.Latitude("geometry.coordinates[1]:Q"),
            text="properties.label:N",
        )
    )
    return (
        alt.layer(areas.add_params(chosen), states, few, squares)
        .project(type="identity")
        .properties(height=height, title=alt.Title("Share of duties late, by office", fontSize=14))
        .configure_view(stroke=None)
    )


def clicked_office(event: Any, key: str) -> str | None:
    """Return the code of the office clicked on a chart of `office_map`, None while none is chosen.

    Args:
        event: what `st.altair_chart(..., on_select="rerun")` returned.
        key: the key given to `office_map`.
    """
    points = event.selection.get(key) or []
    return points[0].get("properties.code") if points else None


@cache
def _layer(feature: str) -> alt.InlineData:
    """One feature collection of the committed map, in the coordinates of the projection."""
    topology = json.loads((BUNDLES / "offices.topo.json").read_text(encoding="utf-8"))
    wanted = {**topology, "objects": {feature: topology["objects"][feature]}}
    return alt.InlineData(values=wanted, format=alt.TopoDataFormat(feature=feature, type="topojson"))
