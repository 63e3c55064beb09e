"""A Mastodon-API server of our own: to rehearse a publication on, and to test against.

It answers on 127.0.0.1 alone, keeps everything in one directory, fetches nothing from any network
and shows its timeline as a web page. The rules (counting, limits, refusals, idempotency) are those
of the server it stands for, one `Profile` each; its faults are switched on over HTTP.
"""
