"""The journal on disk, and how it gets to the dashboard. README.md lists the guarantees."""
