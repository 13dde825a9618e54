"""The files of the analysis that is added belong to a copy of the project; here nothing could import them."""

collect_ignore = ["tree"]
