"""Chats: the neutral message, the port that every platform implements, and one adapter and renderer a platform."""
