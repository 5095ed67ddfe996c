"""Text: cleaning, languages, sentences, tokens, addresses. Pure functions of their arguments."""
