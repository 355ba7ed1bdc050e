"""The rules of loyalty as pure functions over values.

Nothing here knows a database, a screen, a wire, a clock, a setting or chance: time and facts are handed in, results and
reasons are handed back. Whatever a bill comes to can therefore be worked out again, years later, from what was stored.
"""
