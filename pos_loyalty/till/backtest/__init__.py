"""A draft programme tried on the shop's own past sales, in a store that is thrown away; the shop's own is only read."""

from pos_loyalty.till.backtest.hands import Told, apart, here
from pos_loyalty.till.backtest.outcome import Backtest, Figures, HolderChange, PurseFigures, Refusals
from pos_loyalty.till.backtest.running import STAGES, Request, backtest

__all__ = [
    "STAGES",
    "Backtest",
    "Figures",
    "HolderChange",
    "PurseFigures",
    "Refusals",
    "Request",
    "Told",
    "apart",
    "backtest",
    "here",
]
