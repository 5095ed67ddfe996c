"""Commands: one table, one grammar, one dispatcher, one file a noun. Nothing here knows a platform."""
