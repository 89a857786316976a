"""What the staff of the demo write fits the form, for every form of the life-cycle and many cases."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pdflow.casework.demo import intake
from pdflow.casework.demo.answers import ANSWERS, Situation, answer
from pdflow.casework.demo.story import SPAN, generator, tell

FORMS = Path(__file__).parents[2] / "bpmn" / "forms"
ONE_MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ITEMS = {"evidence": ["e1", "e2"], "factors": ["f1"], "groups": ["g1", "g2"], "domains": ["family", "health"]}


#: Forms that bring something in from outside; nobody on the staff completes a task with them.
INTAKE = {
    "request": lambda n: intake.request(tell(7, n, NOW)),
    "evidence": lambda n: intake.evidence("support_letter", generator(7, n, "evidence")),
    "appeal": lambda n: intake.appeal(generator(7, n, "appeal")),
    "liaison-request": lambda n: intake.liaison_request(tell(7, n, NOW), "K7Q-4MX", "HOU", "status"),
}


def _validator(form: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FORMS / f"{form}.json").read_text()))


def test_the_staff_know_every_form():
    assert set(ANSWERS) | set(INTAKE) == {path.stem for path in FORMS.glob("*.json")}


@pytest.mark.parametrize("form", sorted(INTAKE))
def test_what_comes_in_fits_the_form(form):
    for number in range(60):
        assert not [error.message for error in _validator(form).iter_errors(INTAKE[form](number))]


@pytest.mark.parametrize("form", sorted(ANSWERS))
def test_what_they_write_fits_the_form(form):
    validator = _validator(form)
    for number in range(60):
        situation = Situation(tell(7, number, NOW), generator(7, number, form), ITEMS, number % 2)
        assert not [error.message for error in validator.iter_errors(answer(form, situation))]


def test_a_story_depends_on_nothing_but_seed_number_and_now():
    assert [tell(7, n, NOW) for n in (3, 1, 2)] == [tell(7, n, NOW) for n in (3, 1, 2)]
    assert tell(7, 3, NOW) != tell(8, 3, NOW)


def test_requests_arrive_within_the_last_two_months_and_five_offices_have_half_of_them():
    stories = [tell(1, number, NOW) for number in range(1000)]
    assert all(NOW - SPAN - ONE_MINUTE <= story.arrives < NOW for story in stories)
    busy = sum(story.office in {"HOU", "MIA", "LOS", "NYC", "SNA"} for story in stories)
    assert 450 <= busy <= 550
    assert len({story.office for story in stories}) == 25
