"""Reads routine files, checks them, compiles them to arrays, and writes the template of a new one."""
