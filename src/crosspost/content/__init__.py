"""Documents: front matter, Markdown, typography."""
