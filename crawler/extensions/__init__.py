"""What accompanies a crawl: the ledger, the progress line."""
