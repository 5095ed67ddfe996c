"""Other programs that poll feeds, each driven by a script of its own, in a Python where that program is installed."""
