"""Card holders, goods and sales taken over from elsewhere as CSV, and everything handed out again in open formats."""
