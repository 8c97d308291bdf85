"""What is asked of any page of ours: each check answers with its complaints, if there are any."""

import unicodedata

from tests.browser.chromium import Browser


def key(text: str) -> str:
    """A text by its letters and figures alone, which spacing, lines and signs do not change."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def strayed(browser: Browser, *allowed: str) -> list[str]:
    """The requests that went to none of these beginnings of URLs."""
    return [url for url in browser.requests() if not url.startswith(allowed)]


def too_wide(browser: Browser) -> list[str]:
    """What makes a page scroll sideways: the elements that reach beyond the window."""
    return browser.run(
        """
        // A phone would zoom out: the page's own width is what it should be as wide as.
        const wide = document.scrollingElement.scrollWidth;
        const width = document.documentElement.clientWidth;
        if (wide <= width) return [];
        return [`${wide} of ${width}`,
          ...[...document.querySelectorAll('body *')]
            .filter(one => one.scrollWidth > width || one.getBoundingClientRect().right > width + 1)
            .map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)
            .slice(0, 10)];
        """
    )


def below_the_window(browser: Browser, *selectors: str) -> list[str]:
    """The elements that a person has to scroll to, or cannot see at all."""
    return browser.run(
        """
        const seen = one => {
          const box = one.getBoundingClientRect();
          return one.checkVisibility() && box.height > 0 && box.top >= 0 && box.left >= 0
            && box.bottom <= window.innerHeight && box.right <= window.innerWidth;
        };
        return arguments[0].filter(
          selector => ![...document.querySelectorAll(selector)].some(seen));
        """,
        selectors,
    )


def leading_nowhere(browser: Browser) -> list[str]:
    """Links to places that the page does not have, or out of it; ids that are there twice."""
    return browser.run(
        """
        const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
        const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
        const links = [...document.querySelectorAll('a')].map(a => a.getAttribute('href') || '');
        const lost = links.filter(to => !(to.startsWith('#') && ids.includes(to.slice(1))));
        return [...twice.map(id => `id ${id} is there twice`), ...lost.map(to => `leads to ${to}`)];
        """
    )


def focused_out_of_order(browser: Browser) -> list[str]:
    """What the tab key comes to before what stands above it in the page, or without showing it."""
    browser.run("window.before = null; document.activeElement.blur(); window.scrollTo(0, 0);")
    complaints: list[str] = []
    count: int = browser.run(_STOPS)
    for _ in range(count):
        browser.tab()
        complaints += browser.run(_AT_STOP)
    return complaints


_STOPS = """
return [...document.querySelectorAll('a[href], summary, button, input, select, textarea')]
  .filter(one => one.checkVisibility() && !one.disabled).length;
"""
_AT_STOP = """
const now = document.activeElement, name = `${now.tagName} ${now.textContent.trim().slice(0, 40)}`;
const style = getComputedStyle(now), box = now.getBoundingClientRect(), complaints = [];
if (now === document.body) complaints.push('nothing has the focus');
if (window.before && !(window.before.compareDocumentPosition(now) & 4))
  complaints.push(`${name} comes after ${window.before.textContent.trim().slice(0, 40)}`);
if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) === 0)
  complaints.push(`${name} has no outline`);
if (box.top < 0 || box.bottom > window.innerHeight + 1 || box.left < 0)
  complaints.push(`${name} is out of sight`);
window.before = now;
return complaints;
"""
