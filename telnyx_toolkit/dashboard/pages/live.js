// Looks at this page again every two seconds while somebody sees it, and swaps what changed.
"use strict";
(() => {
  const PAUSE_MS = 2000;
  const lost = document.getElementById("lost");
  let shown = document.getElementById("live").innerHTML;

  const openDetails = (part) => new Set([...part.querySelectorAll("details[open][id]")].map((d) => d.id));

  const pathTo = (element, part) => {
    const path = [];
    for (let at = element; at !== part; at = at.parentElement) {
      path.unshift([...at.parentElement.children].indexOf(at));
    }
    return path;
  };

  const swap = (part, fresh) => {
    const open = openDetails(part);
    const focused = document.activeElement;
    const path = part.contains(focused) && focused !== part ? pathTo(focused, part) : null;
    const same = path && (focused.id || focused.getAttribute("href"));
    const [x, y] = [window.scrollX, window.scrollY];
    part.replaceChildren(...document.importNode(fresh, true).childNodes);
    for (const details of part.querySelectorAll("details[id]")) {
      details.open = open.has(details.id);
    }
    if (path) {
      let found = path.reduce((at, n) => at && at.children[n], part);
      if (same && (!found || (found.id || found.getAttribute("href")) !== same)) {
        found = [...part.querySelectorAll("[id],[href]")].find((e) => (e.id || e.getAttribute("href")) === same);
      }
      if (found) found.focus({ preventScroll: true });
    }
    window.scrollTo(x, y);
  };

  const say = (text) => {
    if (lost.textContent !== text) lost.textContent = text;
    lost.hidden = !text;
  };

  const look = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store", redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!answer.ok || !fresh) {
      say(answer.status === 403
        ? "This page is of an earlier run. Open the address that telnyx-toolkit serve printed last."
        : "What you see may be old. " + page.querySelector("main").textContent.replace(/\s+/g, " ").trim());
      return;
    }
    say("");
    const part = document.getElementById("live");
    if (fresh.dataset.whole !== part.dataset.whole) {
      location.replace(location.pathname);
    } else if (fresh.innerHTML !== shown) {
      shown = fresh.innerHTML;
      swap(part, fresh);
    }
  };

  const again = async () => {
    if (document.visibilityState === "visible") {
      try {
        await look();
      } catch {
        say("The dashboard does not answer: has it been stopped? What you see may be old.");
      }
    }
    setTimeout(again, PAUSE_MS);
  };

  document.getElementById("looks-itself").hidden = false;
  setTimeout(again, PAUSE_MS);
})();
