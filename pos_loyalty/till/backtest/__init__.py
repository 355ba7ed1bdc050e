"""A draft programme tried on the shop's own past sales, in a store that is thrown away; the shop's own is only read."""

from pos_loyalty.till.backtest.outcome import Backtest, Figures, HolderChange, PurseFigures, Refusals
from pos_loyalty.till.backtest.running import Request, backtest

__all__ = ["Backtest", "Figures", "HolderChange", "PurseFigures", "Refusals", "Request", "backtest"]
