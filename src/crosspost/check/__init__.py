"""Every gate in one command: what would trouble a reader, at the line where it is mended."""
