"""Synthetic casework: people who do not exist, their cases, and the staff who work on them, all from one seed."""
