"""The sweep of hostile inputs: there are enough of them, it notices what should not be, and what it tries is refused."""

import os
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.faults import hostile
from benchmarks.faults.hostile_inputs import Input, Place
from benchmarks.faults.hostile_machines import WRITERS, all_inputs

LOADED = 20.0
"""A machine that runs all tests at once: how long an input takes is not judged here."""


def test_there_are_enough_inputs_and_each_has_a_name_of_its_own() -> None:
    every = [(one.group, one.name) for one in all_inputs()]
    assert len(every) > 200
    assert [name for name, count in Counter(every).items() if count > 1] == []


@pytest.mark.parametrize("group", ["settings", "cameras"])
def test_one_of_each_kind_is_refused_as_it_should_be(group: str) -> None:
    one = next(one for one in all_inputs() if one.group == group)
    assert hostile._tried(one, LOADED).wrong == []


def _litter(place: Place) -> None:
    place.data.mkdir()
    (place.data / "settings.toml").write_text("voice = false\n", encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="a shell is the fault here")
def test_what_should_not_be_is_noticed() -> None:
    changes = 'echo more >> ../data/settings.toml; echo new > left; echo "Traceback (most recent call last)" >&2; kill -SEGV $$'
    bad = Input("files", "bad", WRITERS["new"], "never said", (0,), _litter, wrapper=["bash", "-c", changes])
    wrong = " ".join(hostile._tried(bad, LOADED).wrong)
    for fault in ("exit code -11", "a signal", "a traceback", "untrue words", "changed: data/settings.toml", "left: work/left"):
        assert fault in wrong
    slow = replace(bad, wrapper=["bash", "-c", "sleep 0.2"], words="", prepare=lambda _place: None)
    assert hostile._tried(slow, 0.01).wrong[0].endswith(" s")
