"""Kept rows that numbers are counted from in a large installation: one per enrolment, and sums of them."""
