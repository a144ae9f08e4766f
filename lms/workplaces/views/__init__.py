"""Addresses of workplaces: for leaders, for employees, and behind secret links."""
