"""Faults on purpose: real processes are killed, servers taken away, and afterwards everything is counted."""
