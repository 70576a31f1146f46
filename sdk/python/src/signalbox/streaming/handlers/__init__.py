"""What to do with messages: print them, draw them, write them, call functions, collect batches."""
