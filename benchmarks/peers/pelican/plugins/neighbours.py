"""Gives each article the one before and the one after it, which Pelican does not do by itself."""

from pelican import signals


def link(generator):
    """Set `older` and `newer` on every article; they come newest first."""
    articles = generator.articles
    for number, article in enumerate(articles):
        article.newer = articles[number - 1] if number else None
        article.older = articles[number + 1] if number + 1 < len(articles) else None


def register():
    """Be called by Pelican."""
    signals.article_generator_finalized.connect(link)
