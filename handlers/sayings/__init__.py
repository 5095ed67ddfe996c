"""What a person can say to the bot, as one frozen dataclass a form. Nothing here does anything."""

from __future__ import annotations

from handlers.sayings.general import (
    Help,
    Missed,
    Replay,
    Start,
    Status,
)
from handlers.sayings.sources import (
    AddConcept,
    AddFeed,
    Export,
    FollowPack,
    Import,
    ListFeeds,
    ListPacks,
    OfferFeed,
    RemoveConcept,
    RemoveFeed,
    ShowConcept,
    ShowPack,
)
from handlers.sayings.stories import (
    BlameStory,
    Earlier,
    Latest,
    RateStory,
    Search,
    ShowStory,
    ShowTimeline,
    Why,
    WhyNot,
)
from handlers.sayings.timing import (
    ChooseMute,
    DigestNow,
    ListMutes,
    MuteThing,
    SetCap,
    SetDigest,
    SetLanguage,
    SetPictures,
    SetQuiet,
    SetUrgent,
    SetZone,
    ShowDigest,
    ShowQuiet,
    ShowSettings,
    Unmute,
)
from handlers.sayings.topics import (
    AddTopic,
    EditTopic,
    ListTopics,
    PauseTopic,
    PlaceTopic,
    RemoveTopic,
    RenameTopic,
    ResumeTopic,
    SaveTopic,
    SetTopic,
    ShareTopic,
    ShowTopic,
    StricterTopic,
    Subscribe,
    TakeShared,
    TestTopic,
    TopicsPage,
    TuneTopic,
    Unsubscribe,
    WiderTopic,
)

__all__ = [
    "AddConcept",
    "AddFeed",
    "AddTopic",
    "BlameStory",
    "ChooseMute",
    "Command",
    "DigestNow",
    "Earlier",
    "EditTopic",
    "Export",
    "FollowPack",
    "Help",
    "Import",
    "Latest",
    "ListFeeds",
    "ListMutes",
    "ListPacks",
    "ListTopics",
    "Missed",
    "MuteThing",
    "OfferFeed",
    "PauseTopic",
    "PlaceTopic",
    "RateStory",
    "RemoveConcept",
    "RemoveFeed",
    "RemoveTopic",
    "RenameTopic",
    "Replay",
    "ResumeTopic",
    "SaveTopic",
    "Search",
    "SetCap",
    "SetDigest",
    "SetLanguage",
    "SetPictures",
    "SetQuiet",
    "SetTopic",
    "SetUrgent",
    "SetZone",
    "ShareTopic",
    "ShowConcept",
    "ShowDigest",
    "ShowPack",
    "ShowQuiet",
    "ShowSettings",
    "ShowStory",
    "ShowTimeline",
    "ShowTopic",
    "Start",
    "Status",
    "StricterTopic",
    "Subscribe",
    "TakeShared",
    "TestTopic",
    "TopicsPage",
    "TuneTopic",
    "Unmute",
    "Unsubscribe",
    "Why",
    "WhyNot",
    "WiderTopic",
]

Command = (
    Start
    | Help
    | ListTopics
    | AddTopic
    | ShowTopic
    | RemoveTopic
    | Subscribe
    | PlaceTopic
    | Unsubscribe
    | ListFeeds
    | AddFeed
    | OfferFeed
    | RemoveFeed
    | Latest
    | Why
    | Earlier
    | ShowStory
    | ShowTimeline
    | Status
    | Missed
    | Replay
    | SaveTopic
    | StricterTopic
    | WiderTopic
    | EditTopic
    | SetTopic
    | TestTopic
    | TuneTopic
    | RateStory
    | BlameStory
    | WhyNot
    | Search
    | ShowConcept
    | AddConcept
    | RemoveConcept
    | ListPacks
    | ShowPack
    | FollowPack
    | Export
    | Import
    | ShowDigest
    | SetDigest
    | DigestNow
    | ShowQuiet
    | SetQuiet
    | ListMutes
    | ChooseMute
    | MuteThing
    | Unmute
    | ShowSettings
    | SetZone
    | SetCap
    | SetPictures
    | SetUrgent
    | SetLanguage
    | RenameTopic
    | PauseTopic
    | ResumeTopic
    | ShareTopic
    | TopicsPage
    | TakeShared
)
