"""Who opens a link: a person with any telephone there is, or a program that was ahead of them."""

import pytest

from ivr.web.customer.rules import is_program

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WEBKIT} Chrome/138.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) {WEBKIT} Version/26.1 Mobile/15E148 Safari/604.1",
        f"Mozilla/5.0 (Linux; Android 10; K) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 9; CUBOT_X19) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 8.1.0; CUBOT) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 5.1; CUBOT NOTE S Build/LMY47I) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 12; CUBOT KINGKONG (8)) {CHROME}",
        f"Mozilla/5.0 (Linux; U; Android 11; en-us; RugGear SCAN Build/RP1A) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 7.0; Fetch Spider) {CHROME}",
        "Mozilla/5.0 (Mobile; LYF/F90M/000JB/bot; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
        "Opera/9.80 (Android; Opera Mini/36.2/191.256; U; en) Presto/2.12.423 Version/12.16",
    ],
)
def test_a_person_is_a_person_whatever_their_telephone_is_called(agent: str) -> None:
    assert not is_program("GET", {"User-Agent": agent})


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.14.1",
        "python-requests/2.32",
        "Go-http-client/2.0",
        "okhttp/4.12",
        "WhatsApp/2.23.20.0 A",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "facebookexternalhit/1.1",
        "TelegramBot (like TwitterBot)",
        "Dalvik/2.1.0 (Linux; U; Android 9; CUBOT_X19)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) {WEBKIT} Version/9.0.1 Safari/601.2.4 Facebot Twitterbot/1.0",
        f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) {CHROME} (compatible; Googlebot/2.1; +http://www.google.com/bot)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/138.0.0.0 Safari/537.36 BingPreview/1.0b",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/138.0.0.0 Safari/537.36",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Barracuda Sentinel)",
    ],
)
def test_a_program_is_a_program_whatever_it_pretends(agent: str) -> None:
    assert is_program("GET", {"User-Agent": agent})
