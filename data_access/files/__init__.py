"""Files of data brought by a user: read into a table (`load`), and a semantic model drafted for it (`draft`)."""
