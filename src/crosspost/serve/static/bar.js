// The bar below each page of the site, and the errors over it. Everything is in a shadow root: the
// theme's styles do not reach it, and its own do not reach the page.

import {
  clockControl, fetchAgain, follows, leadsTo, listen, make, nowShows, reload, returnToPlace, setFollows, swapStyles,
} from "./state.js";

const HOME = "/__crosspost/";
const WORDS = {
  draft: "Draft",
  future: "Future:",
  expired: "Expired",
  gone: "Gone",
};

class PreviewBar extends HTMLElement {
  #known = JSON.parse(document.getElementById("crosspost-preview-script").dataset.known);
  #version = null;
  #dismissed = "";
  #told = "";
  #hadErrors = false;

  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    const page = this.#known.page;
    this.problems = make("button", { type: "button", class: "problems", hidden: true });
    this.problems.addEventListener("click", () => this.#open());
    this.status = make("p", { role: "status", class: "status" });
    this.clock = clockControl();
    this.follow = make("input", { type: "checkbox", id: "follow" });
    this.follow.addEventListener("change", () => setFollows(this.follow.checked));
    this.dialog = make("dialog", { "aria-labelledby": "errors" });
    this.dialog.addEventListener("close", () => (this.#dismissed = this.#told));
    const state = page?.reason
      ? make("span", { class: `badge ${page.reason}` }, page.reason === "future" ? `${WORDS.future} ${page.date}` : WORDS[page.reason])
      : "";
    const links = make(
      "ul", {},
      ...(page ? [make("li", {}, make("a", { href: `${HOME}post/${encodeURIComponent(page.uid)}`, class: "main" }, page.kind === "post" ? "Channels" : "Widths"))] : []),
      make("li", {}, make("a", { href: HOME }, "Posts")),
      make("li", {}, make("a", { href: `${HOME}calendar` }, "Calendar")),
    );
    root.append(
      make("link", { rel: "stylesheet", href: `${HOME}static/bar.css` }),
      make(
        "aside", { "aria-label": "Preview" },
        make("div", { class: "bar" }, make("b", {}, "Preview"), state, make("nav", { "aria-label": "Preview" }, links), this.clock,
          make("label", { class: "follow", for: "follow" }, this.follow, " Open what I edit"), this.problems, this.status),
      ),
      this.dialog,
    );
    this.#mark();
    if (returnToPlace()) this.#say("Loaded again after a change.");
    listen((told) => this.#take(told));
    const bar = root.querySelector(".bar");
    // The end of the page stays readable above the bar.
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("padding-bottom", `${bar.offsetHeight}px`);
      document.documentElement.style.setProperty("scroll-padding-bottom", `${bar.offsetHeight}px`);
    }).observe(bar);
  }

  async #take(state) {
    if (state === null) {
      this.#say("The preview does not answer: is `crosspost serve` still running?");
      this.classList.add("lost");
      return;
    }
    if (this.classList.contains("lost")) this.#say("The preview answers again.");
    this.classList.remove("lost");
    if (state.said) this.#say(state.said);
    this.clock.show(state.clock);
    this.follow.checked = follows(state);
    this.#showProblems(state);
    const address = leadsTo(state, (edited) => edited.url);
    if (address) {
      location.assign(address);
      return;
    }
    const version = `${state.boot} ${state.version}`;
    if (this.#version === version) return;
    this.#version = version;
    const again = await fetchAgain();
    if (again === null) return;
    if (again.same) {
      await swapStyles(again.page);
      nowShows(again.etag);
      this.#say("New styles.");
    } else {
      reload();
    }
  }

  #showProblems(state) {
    const errors = state.problems.filter((one) => one.severity === "error");
    const warnings = state.problems.length - errors.length;
    const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
    this.problems.hidden = !state.problems.length;
    this.problems.className = `problems ${errors.length ? "errors" : ""}`;
    this.problems.textContent = [errors.length && count(errors.length, "error"), warnings && count(warnings, "warning")].filter(Boolean).join(", ");
    const told = JSON.stringify(state.problems);
    if (told === this.#told) return;
    this.#told = told;
    const here = this.#known.page?.file;
    const ordered = [...state.problems].sort((one, other) => (other.file === here) - (one.file === here));
    this.dialog.replaceChildren(
      make("div", { class: "head" }, make("h2", { id: "errors", tabindex: "-1" }, errors.length ? "This has to be mended" : "Worth a look"),
        make("button", { type: "button", class: "close" }, "Close")),
      make("p", { class: "hint" }, errors.length ? "The page behind is as it last could be made." : "A build goes through, and says these."),
      ...ordered.map(problem),
    );
    this.dialog.querySelector(".close").addEventListener("click", () => this.dialog.close());
    if (errors.length) {
      if (JSON.stringify(errors) !== this.#dismissed) this.#open();
      this.#dismissed = JSON.stringify(errors);
    } else if (this.#hadErrors) {
      this.dialog.close();
      this.#say("Mended.");
    }
    this.#hadErrors = errors.length > 0;
  }

  #open() {
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
  }

  /** Mark links to what citizens do not see yet. */
  #mark() {
    const styles = new CSSStyleSheet();
    styles.replaceSync(`
      .crosspost-preview-mark { display: inline-block; margin-inline-start: .4em; padding: .1em .45em; border-radius: .3em;
        background: #fde68a; color: #451a03; font: 700 12px/1.4 system-ui, sans-serif; vertical-align: middle; text-decoration: none; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
    for (const link of document.links) {
      const reason = this.#known.marks[link.getAttribute("href")?.split("#")[0]];
      if (!reason || link.querySelector(".crosspost-preview-mark") || !link.textContent.trim()) continue;
      link.append(make("span", { class: "crosspost-preview-mark", lang: "en" }, { draft: "Draft", future: "Future", expired: "Expired", gone: "Gone" }[reason]));
    }
  }

  #say(text) {
    this.status.textContent = text;
  }
}

function problem(one) {
  const lines = one.excerpt.map(([number, text, hit]) =>
    make("span", { class: hit ? "line hit" : "line" }, make("span", { class: "number" }, `${number}${hit ? " ▸" : ""}`), ` ${text}\n`));
  return make(
    "article", { class: one.severity },
    make("h3", {}, make("span", { class: "severity" }, one.severity === "error" ? "Error" : "Warning"), " ", make("code", {}, one.place)),
    make("p", {}, one.message, " ", make("span", { class: "code" }, one.code)),
    ...(lines.length ? [make("pre", { tabindex: "0", "aria-label": `Lines of ${one.file}` }, ...lines)] : []),
  );
}

if (window.top === window) {
  customElements.define("crosspost-preview", PreviewBar);
  document.body.append(document.createElement("crosspost-preview"));
}
