"""Asked once: after the statement. Asked twice: the statement too."""

import threading

from runner.execution.stop import Stop


def test_asked_once_nothing_is_cancelled():
    cancelled = threading.Event()
    stop = Stop(cancel=cancelled.set)
    stop.ask()
    assert stop.requested.is_set()
    assert not cancelled.is_set()


def test_asked_twice_the_statement_is_cancelled():
    cancelled = threading.Event()
    stop = Stop(cancel=cancelled.set)
    stop.ask()
    stop.ask()
    assert cancelled.wait(10)


def test_asked_twice_between_statements_there_is_nothing_to_cancel():
    stop = Stop()
    stop.ask()
    stop.ask()
    assert stop.requested.is_set()
