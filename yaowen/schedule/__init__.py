"""The schedule: the crawls of the plan, each at its time and in a process of its own."""
