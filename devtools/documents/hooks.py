"""What MkDocs is told beyond ``mkdocs.yml``: pages that lie outside ``docs/``, and links that lead out of it.

On GitHub all of these links work as they are written. In the built pages, one to a file that is no page is plain text.
"""

import logging
import posixpath
import re
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[2]
#: Files of the repository that are pages, too, by where they lie among the pages.
GUESTS: Final = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "packages/twilio-simulator/README.md": "simulator/README.md",
    "packages/twilio-simulator/docs/in-your-tests.md": "simulator/docs/in-your-tests.md",
}
_HOMES: Final = {page: source for source, page in GUESTS.items()}
_LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
#: GitHub draws them. Here the script that does it would be three megabytes; what they show stands in words beside them.
_MERMAID: Final = re.compile(r"^```mermaid\n.*?^```\n", re.MULTILINE | re.DOTALL)

# Below "mkdocs", so that a warning ends a strict build.
log = logging.getLogger("mkdocs.hooks.documents")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie elsewhere."""
    for source, page in GUESTS.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page into links among the pages."""
    del config, files
    here = page.file.src_uri

    def mended(link: re.Match[str]) -> str:
        mark, words, target, anchor = link.groups()
        source = path_in_repository(here, target)
        if (place := place_among_pages(source)) is not None:
            return (
                f"{mark}[{words}]({posixpath.relpath(place, posixpath.dirname(here) or '.')}{anchor or ''})"
            )
        if not (ROOT / source).exists():
            log.warning("%s leads to %s, which does not exist.", here, source)
        return words

    return _LINK.sub(mended, _MERMAID.sub("", markdown))


def path_in_repository(page: str, target: str) -> str:
    """Return the file that a link on this page means, from the repository's root."""
    home = _HOMES.get(page, f"docs/{page}")
    return posixpath.normpath(posixpath.join(posixpath.dirname(home), target))


def place_among_pages(source: str) -> str | None:
    """Return where this file of the repository lies among the pages; None when it is none of them."""
    return source.removeprefix("docs/") if source.startswith("docs/") else GUESTS.get(source)
