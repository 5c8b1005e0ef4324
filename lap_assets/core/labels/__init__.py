"""Label files in LAP's own format, and the lists beside them."""
