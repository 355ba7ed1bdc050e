"""Who does the long work of a backtest: this process, one piece after the other, or processes of their own, side by side.

Those of their own give way to the till (they are the least urgent), hear no Ctrl+C, and end when whoever waits for them is gone.
What is raised while waiting, by `told` too, ends them.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias

from pos_loyalty.domain.message import N_, Message, Refused

Told: TypeAlias = Callable[[str, int, int], None]
"""Given a stage, how much of it is done, and of how much."""
OFTEN = 0.2
"""Seconds after which `told` is told again even if nothing is new, so that it can break off."""
LEAST_URGENT = 10
SELDOM = 100_000
"""Objects between two collections of garbage: a process that ends soon has little, and a tenth of the time is saved."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: a function of a module, given `args` and `told`; its answer must be plain values."""

    stage: str
    function: Callable[..., Any]
    args: tuple[Any, ...]


Hands: TypeAlias = Callable[[Sequence[Task], Told], list[Any]]
"""Does all tasks, and hands back their answers in their order. Refused where one of them is."""


def here(tasks: Sequence[Task], told: Told) -> list[Any]:
    """In this process."""
    return [task.function(*task.args, told) for task in tasks]


def apart(tasks: Sequence[Task], told: Told) -> list[Any]:
    """Each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answers: dict[int, Any] = {}
    progress = {task.stage: (0, 0) for task in tasks}
    pipes: dict[Any, int] = {}
    workers = []
    try:
        for number, task in enumerate(tasks):
            ours, theirs = context.Pipe(duplex=False)
            worker = context.Process(target=_work, args=(task, theirs), daemon=True)
            with _no_interrupt():
                worker.start()
            theirs.close()
            workers.append(worker)
            pipes[ours] = number
        while len(answers) < len(tasks):
            for pipe in wait([one for one, n in pipes.items() if n not in answers], OFTEN):
                kind, what = _heard(pipe)
                if kind == "told":
                    progress[what[0]] = what[1:]
                elif kind == "refused":
                    raise what
                else:
                    answers[pipes[pipe]] = what
            for stage, (done, total) in progress.items():
                told(stage, done, total)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()
            worker.close()
        for pipe in pipes:
            pipe.close()
    return [answers[number] for number in range(len(tasks))]


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Around the start of a process: it inherits that Ctrl+C is held back, and so does not fall over it before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _heard(pipe: Any) -> tuple[str, Any]:
    try:
        kind, what = pipe.recv()
    except EOFError:
        raise Refused(
            "backtest-ended",
            Message(N_("The part of the program that replays the sales was ended from outside: try again.")),
        ) from None
    return kind, what


def _work(task: Task, pipe: Connection) -> None:
    """What a process of its own does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(LEAST_URGENT)
    gc.freeze()
    gc.set_threshold(SELDOM)
    with suppress(BrokenPipeError):  # whoever waited is gone
        try:
            answer = task.function(*task.args, lambda *what: pipe.send(("told", what)))
        except Refused as refused:
            pipe.send(("refused", refused))
        else:
            pipe.send(("answer", answer))
        pipe.close()
