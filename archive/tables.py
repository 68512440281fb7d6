"""The tables as they were first made; the migrations that came after stand in migrations.py."""

OBSERVATIONS = (
    """
    CREATE TABLE crawls (
        id INTEGER PRIMARY KEY,
        spider TEXT NOT NULL,
        arguments TEXT NOT NULL DEFAULT '{}',
        started_at TEXT NOT NULL,
        finished_at TEXT,
        finish_reason TEXT,
        exit_code INTEGER,
        stats TEXT NOT NULL DEFAULT '{}',
        parser_version TEXT
    )
    """,
    """
    CREATE TABLE contents (
        sha256 TEXT PRIMARY KEY,
        codec TEXT NOT NULL,
        dictionary_id INTEGER,
        size INTEGER NOT NULL,
        body BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE articles (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        site TEXT NOT NULL DEFAULT '',
        title TEXT DEFAULT '',
        body TEXT DEFAULT '',
        summary TEXT,
        category TEXT,
        source TEXT,
        authors TEXT NOT NULL DEFAULT '[]',
        language TEXT,
        published_at TEXT,
        published_precision TEXT,
        published_raw TEXT,
        timezone_assumed TEXT,
        utc_offset INTEGER,
        modified_at TEXT,
        image TEXT,
        views INTEGER,
        first_seen_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
        last_seen_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
        changed_at TEXT,
        state TEXT NOT NULL DEFAULT 'live',
        cluster_id INTEGER
    )
    """,
    """
    CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        final_url TEXT NOT NULL,
        crawl_id INTEGER REFERENCES crawls(id),
        fetched_at TEXT NOT NULL,
        status INTEGER,
        headers TEXT NOT NULL DEFAULT '{}',
        content_hash TEXT REFERENCES contents(sha256),
        outcome TEXT NOT NULL,
        reason TEXT,
        tries INTEGER NOT NULL DEFAULT 1,
        article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX captures_by_url ON captures(url, id)",
    "CREATE INDEX captures_by_crawl ON captures(crawl_id, outcome)",
    "CREATE INDEX captures_by_article ON captures(article_id)",
    "CREATE INDEX captures_by_content ON captures(content_hash)",
    """
    CREATE TABLE sections (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        level INTEGER NOT NULL DEFAULT 0,
        heading TEXT,
        text TEXT NOT NULL DEFAULT '',
        UNIQUE (article_id, position)
    )
    """,
    """
    CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        capture_id INTEGER REFERENCES captures(id),
        observed_at TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        reading TEXT NOT NULL,
        changed_fields TEXT NOT NULL DEFAULT '[]'
    )
    """,
    "CREATE INDEX revisions_by_article ON revisions(article_id, id)",
    """
    CREATE TABLE view_counts (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        observed_at TEXT NOT NULL,
        value INTEGER NOT NULL,
        raw TEXT,
        capture_id INTEGER REFERENCES captures(id)
    )
    """,
    "CREATE INDEX view_counts_by_article ON view_counts(article_id, observed_at)",
    """
    CREATE TABLE listings (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        kind TEXT NOT NULL,
        label TEXT,
        article_id INTEGER REFERENCES articles(id) ON DELETE CASCADE,
        observed_at TEXT NOT NULL,
        capture_id INTEGER REFERENCES captures(id)
    )
    """,
    "CREATE INDEX listings_by_url ON listings(url, observed_at)",
    "CREATE INDEX listings_by_article ON listings(article_id, observed_at)",
    """
    CREATE TABLE links (
        id INTEGER PRIMARY KEY,
        listing_id INTEGER NOT NULL REFERENCES listings(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        url TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '',
        summary TEXT,
        source TEXT,
        image TEXT,
        article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
        UNIQUE (listing_id, position)
    )
    """,
    "CREATE INDEX links_by_url ON links(url)",
    "CREATE INDEX links_by_article ON links(article_id)",
    """
    CREATE TABLE frontier (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        crawl_id INTEGER REFERENCES crawls(id),
        site TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL DEFAULT 'auto',
        state TEXT NOT NULL DEFAULT 'ready',
        depth INTEGER NOT NULL DEFAULT 0,
        priority INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        lease_until TEXT,
        due_at TEXT,
        etag TEXT,
        last_modified TEXT,
        interval INTEGER
    )
    """,
    "CREATE INDEX frontier_queue ON frontier(crawl_id, state, site, priority DESC, id)",
    "CREATE INDEX frontier_by_site ON frontier(site, kind)",
)

MARKS = (
    """
    CREATE TABLE tags (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        tagged_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
        PRIMARY KEY (article_id, tag)
    )
    """,
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        noted_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    )
    """,
    "CREATE INDEX notes_by_article ON notes(article_id)",
)

WATCHES = (
    """
    CREATE TABLE watches (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        query TEXT NOT NULL,
        added_at TEXT NOT NULL,
        run_at TEXT
    )
    """,
    """
    CREATE TABLE watch_hits (
        watch_id INTEGER NOT NULL REFERENCES watches(id) ON DELETE CASCADE,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        found_at TEXT NOT NULL,
        PRIMARY KEY (watch_id, article_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX watch_hits_by_article ON watch_hits(article_id)",
)

DRIFT = (
    """
    CREATE TABLE site_runs (
        crawl_id INTEGER NOT NULL REFERENCES crawls(id),
        site TEXT NOT NULL,
        kind TEXT NOT NULL,
        pages INTEGER NOT NULL,
        figures TEXT NOT NULL,
        PRIMARY KEY (site, kind, crawl_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE alarms (
        id INTEGER PRIMARY KEY,
        crawl_id INTEGER NOT NULL REFERENCES crawls(id),
        site TEXT NOT NULL,
        kind TEXT NOT NULL,
        figure TEXT NOT NULL,
        was REAL NOT NULL,
        now REAL NOT NULL,
        score REAL NOT NULL,
        pages INTEGER NOT NULL,
        runs INTEGER NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        raised_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX alarms_by_crawl ON alarms(crawl_id, site, kind)",
)
