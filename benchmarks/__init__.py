"""Ratios and sizes that must not grow; run by `make bench`."""
