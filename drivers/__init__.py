"""Devices that know nothing of loyalty: scanners and receipt printers.

Bytes and keystrokes go in, frozen events come out. The parts that decide (framing, wedge, presets) are
pure and take the time as an argument; the parts that touch a port or a socket are thin and run in a thread
of their own. Nothing here imports anything of ours.
"""
