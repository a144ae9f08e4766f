"""Pages of groups, a file for each activity."""
