"""A page as a parser sees it: its elements, their attributes, and the texts within them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Without an end tag.
VOID = {"meta", "line", "rect", "circle", "br", "hr", "img", "input", "link", "path"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list["Element | str"])

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def walk(self) -> "list[Element]":
        inner = [e for c in self.children if isinstance(c, Element) for e in c.walk()]
        return [self, *inner]

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        wanted = {k.rstrip("_"): v for k, v in attributes.items()}
        return [
            one
            for one in self.walk()
            if (not tag or one.tag == tag)
            and all(v in one.attributes.get(k, "").split() for k, v in wanted.items())
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.at = self.root
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in VOID:
            self.at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> ends a {self.at.tag}"
        assert self.at.parent
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def read(html: str) -> Element:
    """The page's tree; every element must be closed where it belongs, and no comment be there."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.root, f"{reader.at.tag} is never closed"
    assert reader.comments == []
    return reader.root
