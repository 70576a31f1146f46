"""HTTP requests to the dashboard."""
