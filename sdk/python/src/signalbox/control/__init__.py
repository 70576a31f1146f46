"""Commands from the dashboard, and how the training loop carries them out."""
