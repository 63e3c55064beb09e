"""The gates, one file each; `crosspost.check.registry` lists them."""
