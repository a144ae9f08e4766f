"""Courses as files: reading a folder into pages and writing pages to a folder. `courses/README.md` is the format."""
