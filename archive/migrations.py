"""The schema's diary: append, never edit. What the tables mean stands in docs/schema.md."""

from archive import reprints
from archive.database import Database, Migrations
from archive.search.index import create_index, let_index_be_written_by_hand
from archive.search.past import create_past_index
from archive.tables import DRIFT, MARKS, OBSERVATIONS, WATCHES
from archive.urls import site_of

migrations = Migrations("yaowen")


@migrations()
def m001_observations(db: Database) -> None:
    """What was fetched, what was read from it, and which addresses are known."""
    for statement in OBSERVATIONS:
        db.execute(statement)


@migrations()
def m002_search(db: Database) -> None:
    """Every word of one, two or more characters is found, also by the plain sqlite3 shell."""
    create_index(db)


@migrations()
def m003_parts(db: Database) -> None:
    """The further pages of an article are captures of their own that name the first one's."""
    db.execute("ALTER TABLE captures ADD COLUMN part_of INTEGER REFERENCES captures(id)")


@migrations()
def m004_dictionaries(db: Database) -> None:
    """The pages of a site are packed with what they have in common."""
    db.execute(
        """
        CREATE TABLE dictionaries (
            id INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            made_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
            pages INTEGER NOT NULL,
            body BLOB NOT NULL
        )
        """
    )
    db.execute("ALTER TABLE contents ADD COLUMN site TEXT NOT NULL DEFAULT ''")
    db.conn.create_function("site_of", 1, site_of, deterministic=True)
    db.execute(
        """
        UPDATE contents SET site = coalesce(
            (SELECT site_of(captures.url) FROM captures WHERE captures.content_hash = contents.sha256 LIMIT 1), ''
        )
        """
    )
    db.execute("CREATE INDEX contents_by_site ON contents(site)")


@migrations()
def m005_lists_by_capture(db: Database) -> None:
    """What one capture was read as is found without a walk through all lists."""
    db.execute("CREATE INDEX listings_by_capture ON listings(capture_id)")


@migrations()
def m006_index_by_hand(db: Database) -> None:
    """This program writes the words of the index itself, in a tenth of the time; the triggers serve all others."""
    let_index_be_written_by_hand(db)


@migrations()
def m007_contents_with_rowid(db: Database) -> None:
    """Packed pages of a kB or two stand side by side; without a rowid, each took a page of 4 kB for itself."""
    db.execute(
        """
        CREATE TABLE contents_anew (
            sha256 TEXT PRIMARY KEY NOT NULL,
            codec TEXT NOT NULL,
            dictionary_id INTEGER,
            size INTEGER NOT NULL,
            body BLOB NOT NULL,
            site TEXT NOT NULL DEFAULT ''
        )
        """
    )
    db.execute("INSERT INTO contents_anew SELECT sha256, codec, dictionary_id, size, body, site FROM contents")
    db.execute("DROP TABLE contents")
    db.execute("ALTER TABLE contents_anew RENAME TO contents")
    db.execute("CREATE INDEX contents_by_site ON contents(site)")


@migrations()
def m008_parts_by_first(db: Database) -> None:
    """The further pages of a capture are found without a walk through all captures."""
    db.execute("CREATE INDEX captures_by_first_part ON captures(part_of) WHERE part_of IS NOT NULL")


@migrations()
def m009_reprints(db: Database) -> None:
    """Articles that print one text are found while they are recorded."""
    db.execute(
        "CREATE TABLE reprint_keys (key INTEGER, article_id INTEGER, PRIMARY KEY (key, article_id)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX articles_by_cluster ON articles(cluster_id) WHERE cluster_id IS NOT NULL")
    reprints.find_all(db)


@migrations()
def m010_absences(db: Database) -> None:
    """Every look that did not find an article is kept with its time and reason."""
    db.execute("ALTER TABLE articles ADD COLUMN gone_at TEXT")
    db.execute(
        """
        CREATE TABLE absences (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL,
            article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
            capture_id INTEGER REFERENCES captures(id),
            observed_at TEXT NOT NULL,
            reason TEXT NOT NULL
        )
        """
    )
    db.execute("CREATE INDEX absences_by_article ON absences(article_id, observed_at)")
    db.execute("CREATE INDEX absences_by_capture ON absences(capture_id)")
    db.execute("CREATE INDEX absences_by_url ON absences(url)")
    db.execute(
        """
        INSERT INTO absences (url, article_id, capture_id, observed_at, reason)
        SELECT captures.url, articles.id, captures.id, fetched_at, 'the server answered ' || status
        FROM captures LEFT JOIN articles ON articles.url = captures.url AND first_seen_at <= fetched_at
        WHERE status IN (404, 410) ORDER BY captures.id
        """
    )
    db.execute(
        """
        UPDATE articles SET gone_at = (
            SELECT min(observed_at) FROM absences WHERE article_id = articles.id AND observed_at >= last_seen_at
        )
        WHERE state = 'gone'
        """
    )


@migrations()
def m011_tombstones(db: Database) -> None:
    """An article that is taken down on request leaves its addresses, the date and the reason."""
    db.execute(
        """
        CREATE TABLE tombstones (
            url TEXT PRIMARY KEY NOT NULL,
            article_id INTEGER NOT NULL,
            forgotten_at TEXT NOT NULL,
            reason TEXT NOT NULL
        )
        """
    )
    db.execute("CREATE INDEX tombstones_by_article ON tombstones(article_id)")


@migrations()
def m012_looks_in_time(db: Database) -> None:
    """The looks at an address are found in the order of their times, whenever they came in."""
    db.execute("DROP INDEX captures_by_url")
    db.execute("CREATE INDEX captures_by_url ON captures(url, fetched_at)")


@migrations()
def m013_slim(db: Database) -> None:
    """Filters, facets and orders read a narrow index instead of whole articles."""
    db.execute(
        """
        CREATE INDEX articles_slim ON articles(
            id, site, category, source, authors, published_at, utc_offset, views, cluster_id, first_seen_at, changed_at
        )
        """
    )


@migrations()
def m014_past(db: Database) -> None:
    """What was edited away is found too."""
    create_past_index(db)


@migrations()
def m015_marks(db: Database) -> None:
    """What archivists say of articles, apart from what pages say."""
    for statement in MARKS:
        db.execute(statement)


@migrations()
def m016_watches(db: Database) -> None:
    """Searches that are kept, with what they have found so far."""
    for statement in WATCHES:
        db.execute(statement)


@migrations()
def m017_merges(db: Database) -> None:
    """FTS5 merges eight pieces of the articles' index at a time, not four: a tenth more articles a second."""
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('automerge', 8)")


@migrations()
def m018_revisits(db: Database) -> None:
    """Every visit plans the next one, and says why then."""
    db.execute("ALTER TABLE frontier ADD COLUMN why TEXT")
    db.execute("CREATE INDEX frontier_by_due ON frontier(due_at)")


@migrations()
def m019_drift(db: Database) -> None:
    """What each run of a site came to, and where it came to less than usual."""
    for statement in DRIFT:
        db.execute(statement)


@migrations()
def m020_queue(db: Database) -> None:
    """The queue has what was never visited before what was, and that by its time."""
    db.execute("DROP INDEX frontier_queue")
    db.execute("CREATE INDEX frontier_queue ON frontier(crawl_id, state, site, priority DESC, due_at, id)")


@migrations()
def m021_redirects(db: Database) -> None:
    """Looks that were led to an address are found by it."""
    db.execute("CREATE INDEX captures_by_final_url ON captures(final_url, fetched_at) WHERE final_url <> url")


def known_steps() -> frozenset[str]:
    """The names of all steps that this version knows."""
    empty = Database(memory=True)
    try:
        return frozenset(step.name for step in migrations.pending(empty))
    finally:
        empty.close()
