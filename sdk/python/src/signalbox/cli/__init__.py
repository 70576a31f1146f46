"""The command line: the same commands, options, output and exit codes as the TypeScript package's."""
