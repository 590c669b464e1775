"""A line of stages: parts go from one to the next in order, and one fault ends them all."""

import threading
from functools import partial

import pytest

from flows.engine.working.line import Line, StoppedError, run_in_line, run_in_threads

PARTS = ["0001-00001", "0001-00002", "0001-00003"]
STAGES = ["cut", "encode", "judge"]


def work_through(line, stage, done):
    for part in line.parts(stage, PARTS):
        done.append((stage, part))


def test_run_in_threads_hands_each_part_from_one_stage_to_the_next():
    line, done = Line(STAGES), []
    run_in_threads(line, [partial(work_through, line, stage, done) for stage in STAGES])
    assert sorted(done) == sorted((stage, part) for stage in STAGES for part in PARTS)
    for part in PARTS:
        assert [stage for stage, of in done if of == part] == STAGES


def test_a_stage_starts_on_a_part_while_the_one_before_is_at_the_next():
    line, met = Line(STAGES[:2]), threading.Barrier(2, timeout=30)

    def cut():
        for part in line.parts("cut", PARTS[:2]):
            if part == PARTS[1]:
                met.wait()

    def encode():
        for part in line.parts("encode", PARTS[:2]):
            if part == PARTS[0]:
                met.wait()

    run_in_threads(line, [cut, encode])
    assert not met.broken


def test_parts_come_at_once_outside_a_line():
    assert list(Line().parts("cut", PARTS)) == PARTS


def test_one_fault_stops_every_stage_and_is_the_one_raised():
    line, done = Line(STAGES), []

    def encode():
        for _ in line.parts("encode", PARTS):
            raise OSError("the disk is full")

    stages = [partial(work_through, line, "cut", done), encode, partial(work_through, line, "judge", done)]
    with pytest.raises(OSError, match="the disk is full"):
        run_in_threads(line, stages)
    assert "judge" not in dict(done)


def test_a_stopped_line_gives_out_no_part():
    line = Line(STAGES)
    line.stop()
    with pytest.raises(StoppedError, match="stage 'judge' was stopped"):
        next(line.parts("judge", PARTS))


def test_waited_counts_only_the_time_without_a_part():
    line, begun = Line(STAGES[:2]), threading.Event()

    def cut():
        begun.wait(30)
        work_through(line, "cut", [])

    def encode():
        begun.set()
        work_through(line, "encode", [])

    run_in_threads(line, [cut, encode])
    assert line.waited("encode") > 0
    assert line.waited("report") == 0.0


def test_an_interruption_stops_the_line():
    line = Line(STAGES)

    def begun():
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        run_in_line(line, begun())
    with pytest.raises(StoppedError):
        next(line.parts("cut", PARTS))
