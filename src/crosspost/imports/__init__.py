"""Moving in: what another program wrote becomes crosspost's own files, and what cannot is named.

An importer is a module with `read(source, wishes, watch, stack)`, which returns a `Harvest`:
documents, media, losses. Everything behind that is the same for all of them (`writing.py`): uids,
addresses, links, files, the report. Nothing is downloaded, and no source is changed.
"""
