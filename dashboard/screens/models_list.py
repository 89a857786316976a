"""The processes in plain names, with their live version, open cases and drafts."""

from collections.abc import Sequence

from dashboard.components.row_table import Cell, Column, TableRow, row_table
from pdflow.services.model_board import ProcessRow

COLUMNS = (Column("Process"),)


def draw_processes(rows: Sequence[ProcessRow], chosen: ProcessRow) -> str | None:
    """Draw the list; return the process chosen since the last run."""
    return row_table(
        COLUMNS,
        [_row(row) for row in rows],
        key="models-processes",
        caption="Processes",
        selected=chosen.id,
    )


def _row(row: ProcessRow) -> TableRow:
    said = [f"v{row.live.version} live" if row.live else "not live", f"{row.open} open"]
    if row.drafts:
        said.append("1 draft" if len(row.drafts) == 1 else f"{len(row.drafts)} drafts")
    said += [f"v{version.version} proposed" for version in row.proposed]
    return TableRow(id=row.id, cells=(Cell(row.name, detail=" · ".join(said), tooltip=row.id),))
