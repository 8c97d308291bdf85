"""The report of a mission: one document, and the page, text and table made of it.

To show a report in a page of your own: put `report_css()` where your page takes its styles from,
and `report_body(document)` into the page, below a heading of level 1 of yours or not. Or give
`report_page` a `Frame`. The body's parts have the ids `#recommendation`, `#comparison`, `#offers`,
`#timeline`, `#transcripts`, `#cost`, `#approvals` and `#audit`; a part without anything to show is
left out. Neither style attributes nor scripts are in it.
"""

from telnyx_toolkit.report.document import REPORT_VERSION, report_document
from telnyx_toolkit.report.html import Frame, report_body, report_css, report_page

__all__ = [
    "REPORT_VERSION",
    "Frame",
    "report_body",
    "report_css",
    "report_document",
    "report_page",
]
