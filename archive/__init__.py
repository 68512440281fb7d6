"""What we keep: captures, articles, revisions, counters, recommendations, and the search over them."""
