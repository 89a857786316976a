"""The map of the field offices, coloured by the share of duties that are late.

Beside it a page always shows the same figures as a table: small offices are hard to hit on a map, and a screen
reader needs it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.components.assets import asset_url

FEWEST_FOR_A_SHARE = 10
"""With fewer duties a share says little about an office and much about a person; only counts are shown."""

TOO_FEW = "fewer than 10 due"
CLASSES: dict[str, str] = {
    "under 5 %": "#f1e5cd",
    "5 to 10 %": "#fdb8ae",
    "10 to 20 %": "#fb5a47",
    "20 to 40 %": "#b50909",
    "40 % or more": "#5c1111",
    TOO_FEW: "#c6cace",
}
"""Classes of the share late and their USWDS colours; fixed, so that two periods can be compared by eye."""

_UPPER_BOUNDS = (0.05, 0.1, 0.2, 0.4)


DESCRIPTION = "Map of the field offices by share of duties late; the table on this page has the same figures."


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
    def late_class(self) -> str:
        """The key of `CLASSES` that the office falls in; a bound belongs to the class above it."""
        if self.share is None:
            return TOO_FEW
        return list(CLASSES)[bisect_right(_UPPER_BOUNDS, self.share)]

    @property
    def words(self) -> str:
        """What the tooltip says: "18 of 60 late (30 %)"."""
        if self.due == 0:
            return "nothing due"
        if self.share is None:
            return f"{self.late} of {self.due} late; too few for a share"
        return f"{self.late} of {self.due} late ({self.share:.0%})".replace("%", " %")


def office_map(
    rows: Sequence[OfficeFigure], *, key: str, height: int = 420, selected: str | None = None
) -> alt.LayerChart:
    """Draw the offices; the page reads the clicked one with `clicked_office`.

    Args:
        rows: one an office; an office without a row is drawn as one with nothing due.
        key: name of the selection, to be read from what `st.altair_chart(chart, on_select="rerun")` returns.
        height: in CSS pixels.
        selected: code of the office that is outlined at first.
    """
    first: Any = [{"code": selected}] if selected else alt.Undefined
    chosen = alt.selection_point(name=key, fields=["code"], on="click", empty=False, value=first)
    figures = alt.Data(values=[{"code": r.code, "words": r.words, "share_late": r.late_class} for r in rows])
    offices = (
        alt.Chart(_layer("offices"))
        .transform_calculate(code="datum.properties.code", office="datum.properties.name")
        .transform_lookup("code", alt.LookupData(figures, "code", ["words", "share_late"]))
        .transform_calculate(
            words="datum.words || 'nothing due'", share_late=f"datum.share_late || '{TOO_FEW}'"
        )
    )
    tooltip = [alt.Tooltip("office:N", title="Office"), alt.Tooltip("words:N", title="Duties")]
    areas = offices.mark_geoshape().encode(
        color=alt.Color(
            "share_late:N",
            scale=alt.Scale(domain=list(CLASSES), range=list(CLASSES.values())),
            legend=alt.Legend(title="Late", orient="bottom", columns=3, symbolType="square", symbolSize=200),
        ),
        stroke=alt.condition(chosen, alt.value("#2491ff"), alt.value("#ffffff")),
        strokeWidth=alt.condition(chosen, alt.value(4), alt.value(1)),
        tooltip=tooltip,
    )
    # Vega has no pattern fill: dashes around a grey area tell "too few" from "none late" without colour.
    few = (
        offices.transform_filter(f"datum.share_late == '{TOO_FEW}'")
        .mark_geoshape(filled=False, stroke="#3d4551", strokeWidth=1, strokeDash=[3, 3], aria=False)
        .encode(tooltip=tooltip)
    )
    states = alt.Chart(_layer("states")).mark_geoshape(
        filled=False, stroke="#ffffff", strokeWidth=0.3, aria=False
    )
    labels = alt.Chart(_layer("labels")).encode(
        longitude=alt.Longitude("geometry.coordinates[0]:Q"),
        latitude=alt.Latitude("geometry.coordinates[1]:Q"),
        text="properties.label:N",
    )
    # The white edge keeps the letters readable on the dark page, whose colour a chart cannot know.
    edge = labels.mark_text(
        font="Public Sans", baseline="top", dy=2, stroke="#ffffff", strokeWidth=3, aria=False
    )
    squares = labels.mark_text(font="Public Sans", baseline="top", dy=2, color="#1b1b1b")
    return (
        alt.layer(areas.add_params(chosen), states, few, edge, squares)
        .project(type="identity")
        .properties(
            height=height,
            description=DESCRIPTION,
            title=alt.Title("Share of duties late, by office", fontSize=14),
        )
        .configure_view(stroke=None)
    )


def clicked_office(event: Any, key: str) -> str | None:
    """Return the code of the office clicked on a chart of `office_map`, None while none is chosen.

    Args:
        event: what `st.altair_chart(..., on_select="rerun")` returned.
        key: the key given to `office_map`.
    """
    points = event.selection.get(key) or []
    # A click beside every office is a point without a code.
    code = points[0].get("code") if points else None
    return str(code) if code else None


def _layer(feature: str) -> alt.UrlData:
    """One feature collection of the committed map; the browser fetches the file once and keeps it."""
    return alt.UrlData(
        asset_url("offices.topo.json"), format=alt.TopoDataFormat(feature=feature, type="topojson")
    )
