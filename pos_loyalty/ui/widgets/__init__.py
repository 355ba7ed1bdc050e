"""The parts that screens are drawn with; each paints a few lines, and repaints only what has changed."""
