"""Routine files: read, checked, compiled to arrays, and the template of a new one."""
