"""Moving in: what another program wrote becomes crosspost's own files, and what cannot is named.

An importer reads its source into a `Harvest` (documents, media, losses); everything behind that is
the same for all of them: links, addresses, files, the report. Nothing is downloaded.
"""
