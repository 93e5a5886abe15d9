"""Windows of the staff at a line that runs as in production."""

from collections.abc import Callable

from playwright.sync_api import Page

from devtools.seed import PEOPLE

NUMBERS = {name.split()[0].lower(): number for name, _, number, _ in PEOPLE}
Window = Callable[..., Page]
#: What would be sounded and shown is written down: there is no loudspeaker here, and nobody to allow notifications.
HEARD = """
  window.heard = [];
  window.Notification = class {
    static permission = "granted";
    constructor(title) { heard.push(title); }
  };
  window.OscillatorNode = class extends OscillatorNode {
    start(when) { heard.push("tone"); super.start(when); }
  };
"""
