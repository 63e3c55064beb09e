"""crosspost: one Markdown source becomes a website, feeds, a newsletter and statuses."""

__version__ = "0.1.0"
