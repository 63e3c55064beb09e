"""The same site as ../../site, as Pelican makes it."""

SITENAME = "Ville de Valbourg"
SITEURL = ""
FEED_DOMAIN = "https://www.valbourg.example"
DEFAULT_LANG = "fr"
TIMEZONE = "Europe/Paris"
PATH = "content"
ARTICLE_PATHS = ["posts"]
PAGE_PATHS = []
STATIC_PATHS = []
THEME = "theme"
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["neighbours"]
DELETE_OUTPUT_DIRECTORY = False
DEFAULT_DATE_FORMAT = "%d/%m/%Y"  # formatted once an article, not once a list that shows it
FORMATTED_FIELDS = []  # summaries are plain text: no Markdown is run on them

# The cache, which a cold build does without: the quickest kind that outlives a fresh checkout.
CONTENT_CACHING_LAYER = "generator"
CHECK_MODIFIED_METHOD = "md5"
GZIP_CACHE = False

MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False},
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
        "markdown.extensions.toc": {},  # headings get ids, as those of crosspost and Hugo do
    },
    "output_format": "html5",
}

ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
ARTICLE_LANG_SAVE_AS = ARTICLE_SAVE_AS
CATEGORY_URL = "categories/{slug}/"
CATEGORY_SAVE_AS = CATEGORY_URL + "index.html"
TAG_URL = "tags/{slug}/"
TAG_SAVE_AS = TAG_URL + "index.html"
YEAR_ARCHIVE_URL = "{date:%Y}/"
YEAR_ARCHIVE_SAVE_AS = YEAR_ARCHIVE_URL + "index.html"
INDEX_URL = ""
ARCHIVES_URL = "archives/"
ARCHIVES_SAVE_AS = "archives/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_SAVE_AS = "robots.txt"
AUTHOR_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "archives", "404", "sitemap", "robots"]

DEFAULT_PAGINATION = 10
PAGINATED_TEMPLATES = dict.fromkeys(["index", "archives", "category", "tag", "period_archives"])
PAGINATION_PATTERNS = (
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)

FEED_RSS = "rss.xml"
CATEGORY_FEED_RSS = "categories/{slug}/rss.xml"
TAG_FEED_RSS = "tags/{slug}/rss.xml"
RSS_FEED_SUMMARY_ONLY = False
FEED_MAX_ITEMS = 20
FEED_ATOM = FEED_ALL_ATOM = FEED_ALL_RSS = None
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
