"""The screens at the till: they draw and ask, and decide nothing."""
