"""The bench panel, the twins and an embedded central, for show and for tests; never imported by the product."""
