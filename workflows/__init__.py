"""Temporal workflow definitions: they adapt :mod:`pdflow.runtime` to Temporal and hold no rule of their own."""
