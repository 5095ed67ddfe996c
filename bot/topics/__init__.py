"""Topics: the lexicon, the query language, matching with evidence, and queries from a name alone. Pure."""
