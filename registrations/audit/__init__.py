"""What the audit file of a class says: read from the rows, then set as pages, tables and a ZIP."""
