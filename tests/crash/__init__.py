"""Crash tests: real processes, killed and stopped at random instants and at named places."""
