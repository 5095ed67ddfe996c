"""Bundled sample coverage: a small archive of our own words, served over HTTP and polled like any other feed."""
