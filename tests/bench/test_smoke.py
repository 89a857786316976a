"""The benchmarks run, at sizes that tell nothing about time."""

from bench import engine, models, stock
from bench.engine import Sizes, Subject, TimeOver, time_limit
from bench.table import figure

TINY = Sizes(ages=(1, 3), rounds=5, blocks=2, items=3, chain=4, limit=5)


def cells(report, row):
    line = next(line for line in report.splitlines() if line.startswith(f"| {row} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_engine_part_counts_every_step_and_reaches_every_age():
    report = engine.report(TINY)
    assert cells(report, "loop of 5 rounds")[1] == "12"  # start, 5 scripts, 5 gateways, end
    assert cells(report, "2 parallel blocks")[1] == "10"
    assert cells(report, "multi-instance of 3 items")[1] == "6"  # start, 3 items, the task as a whole, end
    assert cells(report, "chain of 4")[1] == "6"
    assert [len(cells(report, age)) for age in ("1", "3")] == [7, 7]
    assert "not ended" not in report and "not reached" not in report


def test_an_instance_goes_on_from_its_text():
    subject = Subject(models.chain(2))
    subject.complete()
    subject.restore(subject.save())
    assert not subject.ended
    subject.complete()
    assert subject.ended


def test_stock_spiffworkflow_is_stopped_where_it_does_not_end():
    ran_out = False
    try:
        with time_limit(0.2):
            stock.run_to_end(stock.workflow(models.loop(feel=False), {"n": 0, "limit": 10**9}))
    except TimeOver:
        ran_out = True
    assert ran_out


def test_figures_have_three_digits():
    assert [figure(value) for value in (0.0123, 1.234, 12.34, 1234.5)] == ["0.012", "1.23", "12.3", "1,234"]
