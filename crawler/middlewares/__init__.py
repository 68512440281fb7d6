"""What happens to every request and response: one file per behaviour."""
