from __future__ import annotations

import threading

from activities.standing import StandingDuty
from pdflow.records.errors import RecordsUnavailable


class Counted:
    """A duty that fails in its first times, and says when it has been done often enough."""

    def __init__(self, enough: int, *faults: Exception) -> None:
        self.times = 0
        self.enough = enough
        self.faults = list(faults)
        self.done = threading.Event()

    def __call__(self) -> None:
        self.times += 1
        if self.times >= self.enough:
            self.done.set()
        if self.faults:
            raise self.faults.pop(0)


def test_a_duty_begins_at_once_and_a_hurried_one_does_not_wait_for_its_pause() -> None:
    first, second = Counted(1), Counted(2)
    duties = [StandingDuty("first", first, 3600), StandingDuty("second", second, 3600)]
    for duty in duties:
        duty.start()

    assert first.done.wait(20)
    while not second.done.is_set():
        duties[1].hurry()
    for duty in duties:
        duty.close()
    assert first.times == 1


def test_a_duty_that_fails_is_due_again() -> None:
    counted = Counted(3, RecordsUnavailable("away"), ZeroDivisionError())
    duty = StandingDuty("restless", counted, 0.01)
    duty.start()

    assert counted.done.wait(20)
    duty.close()


def test_what_a_failed_duty_says_is_not_logged(capsys) -> None:
    counted = Counted(2, ValueError("Maria Ejemplo, 1 Example Road"))
    duty = StandingDuty("deliver-messages", counted, 0.01)
    duty.start()
    counted.done.wait(20)
    duty.close()

    printed = capsys.readouterr()
    logged = printed.out + printed.err
    assert "Ejemplo" not in logged
    assert "deliver-messages" in logged and "ValueError" in logged
