"""The forms of a page, as a browser reads them."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """What a browser would send of each form, but for what is pressed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self._area = ""  # the text area that is open
        self.found: list[tuple[str, dict[str, str]]] = []

    @classmethod
    def on(cls, text: str, action: str, page: str, *names: str) -> dict[str, str]:
        """Of several to one address, the one with most of these names."""
        parser = cls(page)
        parser.feed(text)
        fitting = [fields for to, fields in parser.found if to.partition("?")[0] == action]
        assert fitting, f"no form leads to {action}: {[to for to, _ in parser.found]}"
        return max(fitting, key=lambda fields: len(fields.keys() & {*names}))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1][1][self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.found.append((has.get("action") or self._page, {}))
        name, value = has.get("name"), has.get("value") or ""
        if tag == "textarea" and name and self.found:
            self.found[-1][1][name] = ""
            self._area = name
        if tag != "input" or not name or not self.found:
            return
        if has.get("type") not in {"checkbox", "radio", "file"} or "checked" in has:
            self.found[-1][1][name] = value
