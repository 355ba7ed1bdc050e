"""The demo shop: made up from a seed by the till's own functions, and the same for the same seed."""
