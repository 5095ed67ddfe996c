"""Stories: which entries tell one event, what it continues, what is new, and how to say it in three sentences. Pure."""
