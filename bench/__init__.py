"""Benchmarks: one command, alternatives in the same run, ratios printed. Timings are never asserted."""
