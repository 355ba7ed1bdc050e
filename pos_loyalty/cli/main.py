"""The program: reads the call, runs its verb, and turns every fault into one sentence and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING

from pos_loyalty.cli.arguments import PROGRAM, WRONG, WrongCall, read_call

if TYPE_CHECKING:
    import argparse

    from pos_loyalty.cli.call import Call

TRACE_VARIABLE = "POS_LOYALTY_TRACE"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one call; the answer is its exit status: 0 all was done, 1 something was refused, 2 the call was wrong."""
    if argv is None:
        sys.excepthook = _fault
    try:
        options = read_call(sys.argv[1:] if argv is None else argv)
    except WrongCall as wrong:
        print(f"{PROGRAM}: {wrong}", file=sys.stderr)
        return WRONG
    except SystemExit as ended:  # --help and --version have printed what they were asked for
        return int(ended.code or 0)
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    from pos_loyalty.cli.boundary import guarded  # noqa: PLC0415 - `--help` needs none of what follows

    return guarded(options, os.environ, _verb)


def _verb(call: Call) -> int:
    """Load the verb's own module, inside the boundary, and run it."""
    module, _, function = call.options.run.partition(":")
    run: Callable[[Call], int] = getattr(import_module(module), function)
    return run(call)


def _fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault of the program itself: one sentence with its place, and the whole of it for who asks."""
    if os.environ.get(TRACE_VARIABLE):
        sys.__excepthook__(kind, error, trace)
        return
    place = "?"
    while trace is not None:
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        trace = trace.tb_next
    print(
        f"{PROGRAM}: a fault of the program ({kind.__name__} at {place}); nothing of this step is stored. "
        f"Tell its makers, with what {TRACE_VARIABLE}=1 shows.",
        file=sys.stderr,
    )
