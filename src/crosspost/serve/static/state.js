// What the server tells every page of the preview, and what a page does about it.
// The server always sends its whole state: a page that missed one has missed nothing.

const script = document.getElementById("crosspost-preview-script");
const HOME = "/__crosspost/";
const KEPT = "crosspost-preview";

/** Call `told(state)` with each state, and `told(null)` while the server does not answer. */
export function listen(told) {
  let source = null;
  const open = () => {
    source = new EventSource(`${HOME}events`);
    source.onmessage = (event) => told(JSON.parse(event.data));
    source.onerror = () => told(null);
  };
  const close = () => {
    source?.close();
    source = null;
  };
  // A browser allows six connections to a server: tabs that nobody looks at do without.
  const look = () => (document.hidden ? close() : source || open());
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", look);
  look();
}

/** Return the address that a state leads this tab to, if somebody edited another page since. */
export function leadsTo(state, addressOf) {
  const known = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  const seen = known?.boot === state.boot ? known.version : state.edited.version;
  sessionStorage.setItem(KEPT, JSON.stringify({ boot: state.boot, version: state.edited.version }));
  if (state.edited.version <= seen || !follows(state)) return "";
  const address = addressOf(state.edited);
  return address && address !== location.pathname ? address : "";
}

/** Say whether this browser opens what is edited; a person's choice stands before the server's. */
export function follows(state) {
  const chosen = localStorage.getItem(`${KEPT}-follow`);
  return chosen === null ? state.follow : chosen === "yes";
}

export function setFollows(yes) {
  localStorage.setItem(`${KEPT}-follow`, yes ? "yes" : "no");
}

/** Fetch this page again; null where it is what is shown. `same` says that only styles differ. */
export async function fetchAgain() {
  const mine = script.dataset.etag;
  const answer = await fetch(location.href, { headers: { "If-None-Match": `"${mine}"` }, cache: "no-store" });
  if (answer.status === 304) return null;
  const etag = (answer.headers.get("ETag") ?? "").replaceAll('"', "");
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  return { etag, page, same: Boolean(etag) && etag.split("-")[0] === mine.split("-")[0] };
}

export function nowShows(etag) {
  script.dataset.etag = etag;
}

/** Put new style sheets in the place of the old ones: an old one goes when its new one is there. */
export async function swapStyles(page) {
  const sheets = "link[rel~=stylesheet][href]";
  const fresh = page.querySelectorAll(sheets);
  const swapped = [...document.querySelectorAll(sheets)].map((old, number) => {
    const address = new URL(fresh[number]?.getAttribute("href") ?? old.getAttribute("href"), location.href);
    if (address.origin !== location.origin) return null;
    // The name may be the same: of a sheet that another one imports, only the bytes differ.
    address.searchParams.set("preview", Date.now());
    const link = old.cloneNode();
    link.href = address;
    return new Promise((done) => {
      link.onload = link.onerror = () => {
        old.remove();
        done();
      };
      old.after(link);
    });
  });
  await Promise.all(swapped);
}

/** Load this page again, and find the place where somebody was reading. */
export function reload() {
  const place = { path: location.pathname, x: scrollX, y: scrollY, focus: pathTo(document.activeElement) };
  sessionStorage.setItem(`${KEPT}-place`, JSON.stringify(place));
  location.reload();
}

/** Go back to where `reload` was called; returns whether this page was just loaded again. */
export function returnToPlace() {
  const place = JSON.parse(sessionStorage.getItem(`${KEPT}-place`) ?? "null");
  sessionStorage.removeItem(`${KEPT}-place`);
  if (place?.path !== location.pathname) return false;
  scrollTo({ left: place.x, top: place.y, behavior: "instant" });
  if (place.focus) document.querySelector(place.focus)?.focus({ preventScroll: true });
  return true;
}

/** Return a selector of an element by its id, or by its place among its siblings. */
export function pathTo(element) {
  const steps = [];
  for (let one = element; one && one !== document.body; one = one.parentElement) {
    if (one.id) {
      steps.unshift(`#${CSS.escape(one.id)}`);
      return steps.join(" > ");
    }
    const number = [...(one.parentElement?.children ?? [])].indexOf(one) + 1;
    steps.unshift(`${one.localName}:nth-child(${number})`);
  }
  return steps.length ? `body > ${steps.join(" > ")}` : "";
}

/** Make an element: `make("p", {class: "x"}, "text", child)`. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Make the control of the preview's clock. Call its `show(clock)` with what the server says. */
export function clockControl() {
  const at = make("input", { type: "datetime-local", id: "crosspost-at" });
  const unpublished = make("input", { type: "checkbox", id: "crosspost-unpublished" });
  const summary = make("summary", {});
  const error = make("p", { class: "clock-error", role: "alert" });
  const form = make(
    "form",
    {},
    make("label", { for: at.id }, "Show the site as of"),
    at,
    make("span", { class: "zone" }),
    make("label", { for: unpublished.id, class: "choice" }, unpublished, " with drafts and future posts"),
    make("div", { class: "buttons" }, make("button", { type: "submit" }, "Show"), make("button", { type: "button", class: "now" }, "Back to now")),
    error,
  );
  const control = make("details", { class: "clock" }, summary, form);
  const send = async (told) => {
    const answer = await fetch(`${HOME}clock`, { method: "POST", body: JSON.stringify(told) });
    error.textContent = answer.ok ? "" : "This is not a date.";
    if (answer.ok) {
      control.open = false;
      summary.focus();
    }
  };
  // As of another day one wants to see what citizens see; it can be ticked again.
  at.addEventListener("change", () => at.value && (unpublished.checked = false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ at: at.value, unpublished: unpublished.checked });
  });
  form.querySelector(".now").addEventListener("click", () => send({ at: "", unpublished: true }));
  control.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && control.open) {
      event.stopPropagation();
      control.open = false;
      summary.focus();
    }
  });
  control.show = (clock) => {
    if (!control.open) {
      at.value = clock.at;
      unpublished.checked = clock.unpublished;
    }
    form.querySelector(".zone").textContent = clock.zone;
    summary.textContent = clock.at ? `As of ${clock.at.replace("T", " ")}` : clock.unpublished ? "Now" : "Now, as published";
    control.classList.toggle("travelled", Boolean(clock.at) || !clock.unpublished);
  };
  return control;
}
