// The preview's own pages: the parts of them that changed are put in place, and nothing else moves.

import { clockControl, fetchAgain, leadsTo, listen, make, nowShows, pathTo } from "./state.js";

const HOME = "/__crosspost/";
const clock = clockControl();
const lost = make("p", { role: "status", class: "lost" });
let version = null;

document.querySelector("[data-clock-here]").append(clock);
document.querySelector(".top").append(lost);

listen((state) => {
  lost.textContent = state ? state.said : "The preview does not answer: is crosspost serve still running?";
  if (!state) return;
  clock.show(state.clock);
  const onPost = document.body.dataset.page === "post";
  const address = onPost && leadsTo(state, (edited) => edited.uid && `${HOME}post/${encodeURIComponent(edited.uid)}`);
  if (address && decodeURIComponent(address) !== decodeURIComponent(location.pathname)) {
    location.assign(address);
    return;
  }
  const now = `${state.boot} ${state.version} ${state.whole} ${state.problems.length}`;
  if (version !== now) refresh();
  version = now;
});

/** Put the parts in place that differ from what is shown. */
async function refresh() {
  const again = await fetchAgain();
  if (again === null) return;
  replaceParts(again.page);
  nowShows(again.etag);
}

function replaceParts(page) {
  const count = page.querySelector("[data-problem-count]");
  document.querySelector("[data-problem-count]")?.replaceWith(count);
  const fresh = [...page.querySelectorAll("[data-part]")];
  const shown = [...document.querySelectorAll("[data-part]")];
  const names = (parts) => parts.map((part) => part.dataset.part).join();
  if (names(fresh) !== names(shown)) {
    document.getElementById("main").replaceWith(page.getElementById("main"));
    settle(document);
    return;
  }
  shown.forEach((old, number) => {
    const next = fresh[number];
    if (source(old) === source(next)) return;
    const inside = old.contains(document.activeElement) ? pathTo(document.activeElement) : "";
    const frames = [...old.querySelectorAll("iframe")];
    if (frames.length && names([...old.querySelectorAll("iframe")].map(sourced)) === names([...next.querySelectorAll("iframe")].map(sourced))) {
      // The frames stay, with where somebody scrolled to; only what they show is new.
      old.dataset.state = next.dataset.state;
      old.source = source(next);
      frames.forEach(reloadFrame);
      return;
    }
    old.replaceWith(next);
    settle(next);
    if (inside) focusAgain(inside, next);
  });
}

/** Give the focus back to what stands in the same place now, or to the part's heading. */
function focusAgain(path, part) {
  const same = document.querySelector(path);
  same?.focus({ preventScroll: true });
  if (same && document.activeElement === same) return;
  const heading = part.querySelector("h1, h2") ?? part;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

const sourced = (frame) => ({ dataset: { part: frame.getAttribute("src") } });

function source(part) {
  return part.source ?? part.outerHTML;
}

function reloadFrame(frame) {
  const inside = frame.contentWindow;
  const place = [inside.scrollX, inside.scrollY];
  frame.addEventListener("load", () => inside.scrollTo(...place), { once: true });
  inside.location.reload();
}

/** Do what style sheets cannot: focal points, frames as wide as their name says, the post in a mail. */
function settle(part) {
  for (const one of part.querySelectorAll("[data-part]")) one.source ??= one.outerHTML;
  if (part.dataset?.part) part.source ??= part.outerHTML;
  for (const image of part.querySelectorAll("img[data-x]")) {
    image.style.objectPosition = `${image.dataset.x}% ${image.dataset.y}%`;
  }
  for (const frame of part.querySelectorAll(".scaled")) {
    const inside = frame.firstElementChild;
    new ResizeObserver(() => {
      const scale = Math.min(1, frame.clientWidth / Number(frame.dataset.width));
      inside.style.transform = `scale(${scale})`;
      frame.style.height = `${inside.height * scale}px`;
    }).observe(frame);
  }
  for (const frame of part.querySelectorAll("iframe[data-find]")) {
    const find = () => {
      const found = [...frame.contentDocument.links].find((link) => new URL(link.href).pathname === frame.dataset.find);
      // Not scrollIntoView: that would scroll this page too.
      if (found) frame.contentWindow.scrollTo(0, found.getBoundingClientRect().top - 24);
    };
    if (frame.contentDocument?.links.length) find();
    else frame.addEventListener("load", find, { once: true });
  }
}

/** Search while somebody types; the form works without. */
function searchAsTyped(form) {
  let waiting = 0;
  const search = async () => {
    const address = `${HOME}?${new URLSearchParams(new FormData(form))}`;
    history.replaceState(null, "", address);
    const answer = await fetch(address);
    const text = await answer.text();
    if (address === location.pathname + location.search) {
      replaceParts(new DOMParser().parseFromString(text, "text/html"));
      nowShows((answer.headers.get("ETag") ?? "").replaceAll('"', ""));
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
}

settle(document);
const form = document.querySelector("[data-search]");
if (form) searchAsTyped(form);
