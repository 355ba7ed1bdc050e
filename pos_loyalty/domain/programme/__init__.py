"""The rules as values: `rules` says what they are, `reading` makes them from a programme file."""
