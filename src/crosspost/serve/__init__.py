"""`crosspost serve`: the site as it will be, and what each channel would say, while one writes.

    files ─ watch ─▶ LiveSite ─▶ the page that is asked for ─▶ browser      at once
                        └──────▶ a whole build in a process of its own ─▶ what is wrong elsewhere

The site stands in memory, and a page is made when it is asked for: a saved post is seen at once,
however many others there are. Behind it the build engine makes all of it, into `.crosspost/preview`
and never into `output/`: drafts are on the preview, and must not be where somebody deploys from.
"""
