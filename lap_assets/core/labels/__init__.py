"""Label files in LAP's own format, and the lists that lie beside them."""
