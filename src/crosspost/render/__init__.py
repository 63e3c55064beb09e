"""From the site index to bytes: pages, feeds, newsletter, sitemap, pictures."""
