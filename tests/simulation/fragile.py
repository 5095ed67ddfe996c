"""A store behind a disk that fills up and in a process that dies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from tests.simulation.chats import Killed

if TYPE_CHECKING:
    from random import Random

    from bot.model import IngestPlan
    from bot.store.port import IngestUnit, Store


class Witness(Protocol):
    """Who sees what the process does, and what it died of."""

    def did(self, name: str, args: tuple[Any, ...]) -> None:
        """A call of the store has taken effect."""
        ...

    def died_in(self, name: str, args: tuple[Any, ...]) -> None:
        """The process died before or after this call of the store."""
        ...

    def planned(self, plan: IngestPlan) -> None:
        """A plan is about to be stored."""
        ...


class FragileStore:
    """The store, behind a disk that fills up and a process that dies: before a call, or after it took effect."""

    _SAFE: Final = frozenset({"close", "is_away", "topics_version", "watched_topics", "topic_changes", "all_concepts"})

    def __init__(self, store: Store, random: Random, *, faults: float, kills: float, witness: Witness) -> None:
        self._store = store
        self.witness = witness
        self._random = random
        self._faults = faults
        self._kills = kills
        self.failing = True

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        method = getattr(self._store, name)
        if name in self._SAFE or not self.failing:
            return method
        if name == "ingest":
            return lambda **kwargs: FragileUnit(self, method(**kwargs))

        async def fragile(*args: Any, **kwargs: object) -> object:  # noqa: ANN401 - whatever the store takes
            try:
                self.before()
                found = await method(*args, **kwargs)
                self.witness.did(name, args)
                self.after()
            except Killed:
                self.witness.died_in(name, args)
                raise
            return found

        return fragile

    def before(self) -> None:
        """The moment before something is written."""
        if self._random.random() < self._faults:
            raise OSError("disk is full")
        self.after()

    def after(self) -> None:
        """The moment after it was."""
        if self._random.random() < self._kills:
            raise Killed


class FragileUnit:
    """An ingest transaction of a fragile store."""

    def __init__(self, store: FragileStore, unit: Any) -> None:  # noqa: ANN401 - an async context manager
        self._store = store
        self._unit = unit

    async def __aenter__(self) -> IngestUnit:
        self._store.before()
        unit = await self._unit.__aenter__()
        return cast("IngestUnit", _WatchedUnit(unit, self._store.witness))

    async def __aexit__(self, *why: object) -> None:
        if why[0] is None:
            try:
                self._store.before()
            except BaseException as error:
                await self._unit.__aexit__(type(error), error, None)
                raise
        await self._unit.__aexit__(*why)
        if why[0] is None:
            self._store.after()


class _WatchedUnit:
    """A unit whose plans are seen."""

    def __init__(self, unit: IngestUnit, witness: Witness) -> None:
        self._unit = unit
        self._witness = witness

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a unit has
        return getattr(self._unit, name)

    async def apply(self, *plans: IngestPlan) -> None:
        for plan in plans:
            self._witness.planned(plan)
        await self._unit.apply(*plans)
