"""Who stands where, under each definition and among peers."""
