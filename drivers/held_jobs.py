"""A job as the spool holds it, and why it takes none."""

from dataclasses import dataclass
from typing import Literal

from drivers.job_folder import KeptJob
from drivers.queue_events import JobUncertain, JobWaiting
from drivers.reasons import Reason, because

State = Literal["new", "waiting", "uncertain"]


class SpoolRefused(Exception):
    """The spool does not take the job (`spool.full`, `spool.too_big`, `spool.closed`); `reason` has the
    code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


@dataclass(slots=True)
class HeldJob:
    """`kept` is its number in the folder, None where it is not there."""

    id: str
    data: bytes
    title: str = ""
    ends: tuple[int, ...] = ()
    kept: int | None = None
    state: State = "new"
    reason: Reason | None = None

    def described(self, ahead: str) -> JobWaiting | JobUncertain:
        """Where it stands; `ahead` is the job before it, which it waits for where nothing else is known."""
        if self.state == "uncertain" and self.reason is not None:
            return JobUncertain(self.id, self.reason, self.title)
        return JobWaiting(self.id, self.reason or because("spool.behind", ahead=ahead), self.title)


def taken_up(kept: KeptJob) -> HeldJob:
    job = HeldJob(kept.id, kept.data, kept.title, kept.ends, kept.number)
    if kept.begun:
        job.state, job.reason = "uncertain", because("spool.cut_short")
    return job
