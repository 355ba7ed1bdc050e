"""A till's print queue in a process of its own, killed at a step: before any one thing that it does to the disk or the paper.

    python job_writer.py FOLDER PAPER STEP JOB...

puts the jobs, prints on PAPER (a file, one line a job), and says on standard output what was acknowledged ("put ID") and where it
stood at the end ("held ID state"). At STEP (0: never) it kills itself with SIGKILL.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.job_folder import JobFolder
from drivers.printer import open_printer
from drivers.queue_events import JobPrinted, JobUncertain, SpoolEvent
from drivers.spool import Spool

STEPS = ("open", "write", "fsync", "rename", "unlink")


def _counted(step: int) -> None:
    """Every call that touches the disk is a step; a write is two: half of it may be there."""
    seen = 0

    def before(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
            if name == "write" and arguments[0] > 2:
                number, data = arguments
                done = real(number, bytes(data[: len(data) // 2]))
                seen += 1
                if seen == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return done + real(number, bytes(data[len(data) // 2 :]))
            return real(*arguments, **named)

        return call

    for name in STEPS:
        setattr(os, name, before(name, getattr(os, name)))


def main() -> None:
    folder, paper, step, *jobs = sys.argv[1:]
    events: queue.Queue[SpoolEvent] = queue.Queue()
    say = os.write
    if int(step):
        _counted(int(step))
    spool = Spool(open_printer(f"file:{paper}"), events.put, retry_after=0.01, folder=JobFolder(Path(folder)))
    for job in jobs:
        spool.put(job, f"{job}\n".encode())
        say(1, f"put {job}\n".encode())
    while any(not isinstance(held, JobUncertain) for held in spool.held()[:1]):
        event = events.get(timeout=20)
        if isinstance(event, JobPrinted):
            say(1, f"printed {event.id}\n".encode())
    for held in spool.held():
        say(1, f"held {held.id} {type(held).__name__}\n".encode())
    spool.close()


if __name__ == "__main__":
    main()
