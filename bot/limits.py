"""Every cap, named, with its unit last. A cap that a person may want to change is a setting instead."""

from __future__ import annotations

from typing import Final

# Fetching
FETCH_TOTAL_TIMEOUT_S: Final = 30.0
FETCH_CONNECT_TIMEOUT_S: Final = 10.0
LOOKUPS: Final = 100  # of names at once, a thread each: twice the polls, as one that was given up may go on for as long
LOOKUPS_PER_SITE: Final = 4
FEED_BODY_BYTES: Final = 10 * 1024 * 1024
PAGE_BODY_BYTES: Final = 5 * 1024 * 1024
HEADER_BYTES: Final = 32 * 1024  # of one header: sites' security policies and lists of what to load first pass 8 KiB
ANSWER_WIRE_BYTES: Final = 16 * 1024 * 1024  # of an answer with all that frames it: no body needs as much
ANSWER_HEADS: Final = 20  # the answer, and what may come before it ("103 Early Hints")
REDIRECTS: Final = 5
CONNECTIONS_PER_HOST: Final = 2
POLLS_AT_ONCE: Final = 50
POLLS_CLAIMED: Final = 100  # under way or about to be; with those at once, all done well within their lease
POLLS_CLAIM: Final = 40  # unless nothing is under way, no fewer are claimed in one transaction
RECORD_PAUSE_S: Final = 0.005  # how long a poll that is over waits for others, to be written down with them
URLS_KEPT: Final = 1024  # addresses whose plain form is remembered: each entry's is asked for several times on its way
DOCUMENTS_TOGETHER: Final = 8  # documents of a burst that are prepared in one go, some 50 ms each
GIVE_BACK_AFTER: Final = 100  # documents taken in: then memory that is free goes back, once no poll is under way
PLANS_TOGETHER: Final = 20  # feeds whose new entries, if nobody follows them, are stored in one transaction
RETRY_AFTER_CAP_S: Final = 7 * 24 * 3600
BACKOFF_CAP_S: Final = 24 * 3600
POLL_INTERVAL_MIN_S: Final = 300
POLL_INTERVAL_MAX_S: Final = 3600
TICK_S: Final = 1.0

# Parsing and cleaning
ENTRIES_PER_FEED: Final = 2000
TITLE_CHARS: Final = 500
TEXT_CHARS: Final = 100_000
TEXT_LINES: Final = 5_000  # an article's paragraphs are fewer; what follows is cut off, as it is beyond TEXT_CHARS
URL_CHARS: Final = 2000
GUID_CHARS: Final = 500

# Lists of feeds, and pages that name feeds
OPML_BYTES: Final = 2 * 1024 * 1024
OPML_FEEDS: Final = 500
FEEDS_ON_PAGE: Final = 6
TOPICS_FILE_BYTES: Final = 256 * 1024

# Parsing in processes of its own: see bot/feeds/parsers.py
PLAIN_HERE_BYTES: Final = 512 * 1024  # up to this a plain document is read in a thread; the worst takes 0.2 s
PARSE_HERE_BYTES: Final = 32 * 1024  # a body up to this is read in a thread; the worst that is known takes 0.3 s
PARSERS: Final = 2
PARSE_TIMEOUT_S: Final = 15.0
PARSE_CPU_S: Final = 10.0
PARSER_MEMORY_BYTES: Final = 768 * 1024 * 1024  # of address space
PARSER_KEPT_BYTES: Final = 160 * 1024 * 1024  # one that grew beyond this is replaced
PARSER_IDLE_S: Final = 300.0

# Reading only what is new of a document: see bot/feeds/delta.py
REDUCTIONS: Final = 50  # polls after which a document is read whole once more, for what a change elsewhere would mean

# Article pages behind short entries
ARTICLE_SHORT_CHARS: Final = 600  # an entry's text below this is short
ARTICLE_PAGES_PER_POLL: Final = 10
ARTICLE_PAGE_S: Final = 6.0  # for one page, its wait for its turn included; all pages of a poll wait together
ARTICLE_MISSES: Final = 3  # pages of a host in a row that gave nothing; then it is left alone for a while
ARTICLE_SHUNNED_S: Final = 600.0
ARTICLE_LIKE_SHARE: Final = 0.3  # of an entry's own terms that its page must have, or it is another page
ARTICLE_HOST_DELAY_S: Final = 1.0  # between two pages of a host
ARTICLE_CRAWL_DELAY_CAP_S: Final = 10.0
ROBOTS_S: Final = 4.0
ROBOTS_BYTES: Final = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB
ROBOTS_KEPT_S: Final = 24 * 3600  # RFC 9309, 2.4
ROBOTS_RETRY_S: Final = 600  # where none could be had
ROBOTS_HOSTS: Final = 1000
ROBOTS_CHARS: Final = 2 * 1024 * 1024  # of all files that are kept, up to 100 bytes each; usual ones have some 2,000

# Re-issued feeds: more new entries in one poll than this (and than half of the feed) is a flood, told once
FLOOD_ENTRIES: Final = 10
FLOOD_SHARE: Final = 0.5

# Queries and topics
QUERY_CHARS: Final = 2000
QUERY_DEPTH: Final = 20
QUERY_TERMS: Final = 100
QUERY_NEAR_WORDS: Final = 100
QUERY_REGEXES: Final = 5
QUERY_REGEX_CHARS: Final = 200
REGEX_MEMORY_BYTES: Final = 256 * 1024  # of one compiled pattern
REGEX_FINDS: Final = 100  # of one pattern in one entry
REGEXES_KEPT: Final = 1000  # compiled patterns kept at a time
TOPIC_NAME_CHARS: Final = 80
TOPICS_PER_CHAT: Final = 50
FEEDS_PER_CHAT: Final = 100
PROPOSALS_PER_CHAT: Final = 20  # the oldest goes
CONCEPTS_PER_CHAT: Final = 30
CONCEPT_ALIASES: Final = 40
ALIAS_CHARS: Final = 80

# Backtests
BACKTEST_DAYS: Final = 30
BACKTEST_ENTRIES: Final = 5000  # the newest of the span

# Searches of the archive
SEARCH_PAGE: Final = 5
SEARCH_WORDS: Final = 12
SEARCH_CHARS: Final = 300
SEARCH_BEST: Final = 60  # ranked best first; "newest" shows all
SEARCH_READ: Final = 400  # entries read for what the index cannot tell: phrases, sources
SEARCHES_PER_CHAT: Final = 200  # kept for their buttons; the oldest goes

# Stories
CANDIDATE_TERMS: Final = 12
CANDIDATES: Final = 60
RARE_TERM_ROWS: Final = 10_000  # entries that the rarest terms of a search may stand in together; others only rank
RECENT_CANDIDATES: Final = 40
STORY_WINDOW_DAYS: Final = 5
MEMBERS_FIRST: Final = 8  # of a story that outlets tell by the hundred, a new entry is compared with these
MEMBERS_NEWEST: Final = 40  # and these: what was said between them has been said again
BACKSTORY_LINKS: Final = 4
WHY_WORDS: Final = 3
SUMMARY_SENTENCES: Final = 3
SUMMARY_CHARS: Final = 700
NEW_SHOWN: Final = 5  # facts below "New:", where corrections have come to an alert
FINGERPRINT_SENTENCES: Final = 16

# Upkeep
KEEP_ENTRIES_DAYS: Final = 730  # a setting; nothing is deleted before KEEP_LEAST_DAYS
KEEP_SEEN_DAYS: Final = 180  # a setting: how long the keys of entries that are gone are known
KEEP_LEAST_DAYS: Final = 90
KEPT_PER_FEED: Final = 500  # the newest entries of a feed stay whatever their age: its document may still hold them
UPKEEP_BATCH: Final = 50  # entries deleted in one transaction
UPKEEP_PAUSE_S: Final = 0.2  # between two of them, for whoever waits to ingest
UPKEEP_FIRST_S: Final = 60.0
UPKEEP_EVERY_S: Final = 6 * 3600.0

# Figures
LAG_SPAN_S: Final = 24 * 3600.0  # what the lags are measured over
LAG_SAMPLES: Final = 10_000  # the newest deliveries of that span
READY_CACHE_S: Final = 30.0  # how long a chat platform's answer about our connection counts
TICK_LATE_S: Final = 30.0  # a tick that is later than this does not run
CLOCK_STEP_S: Final = 2.0  # a wall clock that moves this much more or less than the steady one was set

# What one person may ask of the bot in one chat: a setting
COMMANDS_PER_MIN: Final = 20
UNANSWERED: Final = 200  # of a bot's or workspace's chats together; what comes beyond that waits at the platform

# Notices
NOTICES_AT_ONCE: Final = 5
NOTICE_TICK_S: Final = 5.0
COVERAGE_EVERY_S: Final = 3600.0
COVERAGE_PAUSE_S: Final = 0.02  # between two chats, for whoever else wants the database

# Several workers on one PostgreSQL
FLEET_QUEUE: Final = 200  # feeds, and chats, that wait for a worker at most: what is due beyond that waits in the store
FLEET_TICK_S: Final = 1
FLEET_HEARTBEAT_S: Final = 5.0
FLEET_STALLED_S: Final = 20.0  # a worker that was not heard of for this long is gone, and its jobs are anybody's
FLEET_REAP_S: Final = 10
FLEET_CONNECTIONS: Final = 8
SEAT_CHECK_S: Final = 1.0  # a command waits for the next that speaks, and Slack waits three seconds
SEAT_IDLE_S: Final = 15.0  # a sender that was not heard of for this long gives way to another
SEAT_WAIT_S: Final = 40.0  # a bot alone waits so long for the one before it: that drains, or was not heard of any more
TRANSACTION_IDLE_S: Final = 30.0  # a transaction whose process was not heard of for this long ends, with its locks

# Delivery
LEASE_S: Final = 60.0
HEARD_KEPT_DAYS: Final = 3  # Telegram keeps what was not taken for a day, Slack tells a late event for a day
CLAIM_BATCH: Final = 50
DIGEST_CHATS: Final = 5  # bundled at a time: who else is due is asked again for each such few
DIGEST_READ: Final = 120  # stories that a chat has held are read for the next part; more than any part takes (80)
EDIT_DELAY_S: Final = 20.0
CORRECTION_PAUSE_S: Final = 600.0  # between two edits of a message: an outlet may edit its entry every minute
CORRECTED_FOR_DAYS: Final = 2.0  # from an entry's date: nobody scrolls back further, nor are old messages editable
SEND_TIMEOUT_S: Final = 30.0
REPEATS_AT_ONCE: Final = 3  # marked repeats on their way: a crash among them leaves them in doubt for good
DRAIN_S: Final = 20.0
RETRY_DELAY_S: Final = 5.0
RETRY_DELAY_CAP_S: Final = 3600.0
EDIT_ATTEMPTS: Final = 10  # some 85 minutes; what is new of its story waits behind it

# Telegram (Bot API 9): counted in UTF-16 units after entity parsing
TELEGRAM_TEXT_UNITS: Final = 4096
TELEGRAM_CAPTION_UNITS: Final = 1024
TELEGRAM_ENTITIES: Final = 100
TELEGRAM_CALLBACK_BYTES: Final = 64
TELEGRAM_ANSWER_CHARS: Final = 200
TELEGRAM_BUTTONS_PER_ROW: Final = 8
TELEGRAM_PER_CHAT_S: Final = 1.0
TELEGRAM_PER_GROUP_S: Final = 3.0
TELEGRAM_OVERALL_PER_S: Final = 30.0

# Slack (Block Kit)
SLACK_BLOCKS: Final = 50
SLACK_SECTION_CHARS: Final = 3000
SLACK_HEADER_CHARS: Final = 150
SLACK_CONTEXT_ELEMENTS: Final = 10
SLACK_ACTIONS: Final = 25
SLACK_BUTTON_CHARS: Final = 75
SLACK_VALUE_CHARS: Final = 2000
SLACK_URL_CHARS: Final = 3000
SLACK_ID_CHARS: Final = 255
SLACK_TOTAL_CHARS: Final = 12_000
SLACK_TEXT_CHARS: Final = 4000
SLACK_ALT_CHARS: Final = 1000
SLACK_BLOCKS_OF_VIEW: Final = 100
SLACK_TITLE_CHARS: Final = 24
SLACK_OPTION_CHARS: Final = 75
SLACK_HINT_CHARS: Final = 2000
SLACK_PER_CHAT_S: Final = 1.0
SLACK_EDITS_PER_MIN: Final = 50
OAUTH_STATE_S: Final = 600  # how long an installation that was begun may take
