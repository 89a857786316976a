"""Temporal activities: what touches the world. Each is a thin, idempotent wrapper of one library function."""
