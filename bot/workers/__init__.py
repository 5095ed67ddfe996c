"""Workers: what says "poll", "deliver" and "housekeep". They hold no state of their own."""
