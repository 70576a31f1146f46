"""The version, for whoever names it."""

VERSION = "0.1.0"
