"""Feeds: fetching them safely, parsing them, telling their entries apart. Only here does HTTP reach outlets."""
