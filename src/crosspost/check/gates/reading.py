"""What reading and building find themselves: `build` says it too, and its errors stop it."""

from __future__ import annotations

from crosspost.check.rule import Gate, Rule, error, warning

_FRONT = "A value that is not understood is not guessed: a misspelt `draft` would publish a draft."
_TWO = "One of them would hide the other."
_SHOWN = "Nothing is put on line as long as a page is not whole."


def _firm(code: str, what: str, why: str, mend: str, criterion: str = "") -> Rule:
    return error(code, what, why, mend, criterion, firm=True)


GATE = Gate(
    "reading",
    "Settings, front matter and files",
    (
        _firm(
            "unknown-key",
            "A key that does not exist.",
            _FRONT,
            "Write the key that the message suggests.",
        ),
        _firm("missing-key", "A key that must be there is not.", _FRONT, "Write it."),
        _firm("duplicate-key", "A key is written twice.", _TWO, "Keep one."),
        _firm(
            "wrong-type",
            "A list where a text is expected, or the like.",
            _FRONT,
            "Write it as the message shows.",
        ),
        _firm("wrong-value", "A value that cannot be.", _FRONT, "Write it as the message shows."),
        _firm(
            "yaml-syntax",
            "The settings or the front matter are not valid YAML.",
            "Nothing in them can be read.",
            "Put texts that hold `: ` or `#` in quotes, and indent with spaces.",
        ),
        _firm(
            "json-syntax",
            "Front matter in JSON, as Hugo takes it, is not valid.",
            "Nothing in it can be read.",
            "Mend it, or write it as YAML.",
        ),
        _firm(
            "yaml-too-large",
            "YAML whose aliases (`*name`) unfold beyond reason.",
            "It would fill the memory.",
            "Write the values themselves.",
        ),
        _firm(
            "toml-syntax",
            "The front matter between `+++` lines is not valid TOML (with `compat: hugo`).",
            "Nothing in it can be read.",
            "Mend the line.",
        ),
        _firm(
            "no-front-matter",
            "A document does not begin with front matter.",
            "It would have neither a title nor a date.",
            "Begin it with `---`, `title: …`, `date: …` and `---`.",
        ),
        _firm(
            "unclosed-front-matter",
            "The front matter is not closed.",
            "The whole text would be read as keys.",
            "Put a line with `---` after the last key.",
        ),
        _firm(
            "not-utf8",
            "A file is not UTF-8.",
            "Accents would come out as other signs.",
            "Save it as UTF-8.",
        ),
        _firm("not-text", "A document is no text.", _SHOWN, "Move it, or save it as text."),
        _firm("unreadable", "A file cannot be read.", _SHOWN, "Change its permissions."),
        _firm("missing-file", "A file or a folder that is named is not there.", _SHOWN, "Add it."),
        _firm(
            "not-a-folder", "A file stands where a folder must be.", _SHOWN, "Move the file away."
        ),
        _firm(
            "file-name",
            "A file's name cannot be part of an address.",
            "Its name is not UTF-8, or holds a control character.",
            "Rename it.",
        ),
        _firm(
            "symlink",
            "A link leaves the site, leads nowhere, or runs in a circle.",
            "What is outside of the site is not published by accident.",
            "Put the file itself there.",
        ),
        _firm(
            "changed-meanwhile",
            "A file was changed while the site was being read.",
            "Half of the old text and half of the new one would be published.",
            "Run the command again.",
        ),
        _firm(
            "too-deep",
            "A text is nested, or left open, beyond reason.",
            "No engine gets through it.",
            "Make it flatter.",
        ),
        _firm(
            "duplicate-url",
            "Two documents or files have one address.",
            _TWO,
            "Give one of them another `slug`, or remove the alias.",
        ),
        _firm(
            "duplicate-uid",
            "Two documents have one `uid`.",
            "Channels and readers would take one for the other: most often a post was copied.",
            "Remove the line from the copy.",
        ),
        _firm(
            "unknown-category",
            "A category that the settings do not name.",
            "A slip would make a category of its own.",
            "Write the one that is meant, or add it to the settings.",
        ),
        _firm(
            "same-account",
            "Two channels are one account.",
            "It would say every post twice.",
            "Make one channel of them.",
        ),
        _firm(
            "unknown-layout",
            "`layout` names a template that is not there.",
            "The page cannot be made.",
            "Write the name of a file of `templates/`, without `.html`.",
        ),
        _firm(
            "unknown-post",
            "An edition names a post that is not there.",
            "It would be missing in the mail.",
            "Write its path below `content/`, or its uid.",
        ),
        _firm("unknown-theme", "The theme is not there.", "No page can be made.", "Mend the name."),
        _firm(
            "template-syntax", "A template cannot be read.", "Its pages cannot be made.", "Mend it."
        ),
        _firm(
            "template-error",
            "A template fails while it makes a page.",
            "The page cannot be made.",
            "Mend the line that the message names.",
        ),
        _firm(
            "template-loop",
            "Templates extend or include each other in a circle.",
            "Their pages cannot be made.",
            "Let one of them stand alone.",
        ),
        _firm(
            "not-ours",
            "A file that crosspost did not make is in the way in `output/`.",
            "It is not overwritten without being asked.",
            "Move it, or `crosspost build --clean`.",
        ),
        _firm(
            "worker-lost",
            "A process of the build was ended from outside.",
            "Most often there was too little memory.",
            "`crosspost build --jobs 1`.",
        ),
        _firm("internal-error", "The program itself failed.", "That is our fault.", "Report it."),
        warning(
            "hidden-link",
            "A link leads to a document that is not on the site now.",
            "It is a draft, is not due yet, has expired or is gone: the words are shown without a "
            "link.",
            "Take the link away, or wait.",
        ),
        error(
            "not-a-picture",
            "A file with the name of a picture is none.",
            "Browsers show a broken sign.",
            "Save it again from the program that made it.",
            firm=True,
        ),
        warning(
            "misplaced",
            "A document stands where it becomes no page.",
            "It is copied as it is, with its front matter for all to read.",
            "Move it to `posts/`, `pages/` or `newsletters/`.",
        ),
        warning(
            "left-out",
            "Files were left out as the generator named by `compat` would.",
            "So that you know.",
            "Nothing, if that is meant.",
        ),
        warning(
            "liquid",
            "Liquid stands in a text (with `compat: jekyll`).",
            "It is not carried out: readers see it as it is.",
            "Write the text that it stood for.",
        ),
        warning(
            "redirect-to",
            "`redirect_to` is not carried out (with `compat: jekyll`).",
            "The page stays where it is.",
            "Put the address under `redirects: {moved: …}` in the settings.",
        ),
        warning(
            "hidden-post",
            "An edition names a post that is not on the site now.",
            "It is left out of the mail.",
            "Wait, or take it out.",
        ),
        warning(
            "empty-edition",
            "An edition has no post.",
            "The mail would be empty.",
            "Look at its `period`, or name its `posts`.",
        ),
        warning(
            "large-mail",
            "The mail of an edition has more than 80 kB.",
            "From 102 kB Gmail hides the end, the unsubscribe link included.",
            "Name fewer posts.",
        ),
    ),
)
