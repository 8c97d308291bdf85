"""Measures what the budgets are about; `make bench` prints it, docs/performance.md explains it."""
