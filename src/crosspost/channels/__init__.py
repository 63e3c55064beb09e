"""Channels: where a post is spoken of, and in which words."""
