"""What becomes of findings: corrections, which of them is said now, and in which words."""
