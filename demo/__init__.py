"""The bench panel, the twins and an embedded central, wired together for show and for tests; never imported by the product."""
