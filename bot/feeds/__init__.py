"""Feeds: fetching them safely, parsing them, telling their entries apart. The only place that speaks HTTP to outlets."""
