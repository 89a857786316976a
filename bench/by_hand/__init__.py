"""The case of :mod:`bench.plan` as a Temporal developer writes it."""
