// Light and dark: what the reader's system says, unless the address or the button says otherwise.

const Theme = {
  listeners: [],

  start() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const asked = () => ({ "#dark": "dark", "#light": "light" })[location.hash];
    this.set(asked() ?? (dark.matches ? "dark" : "light"));
    addEventListener("hashchange", () => asked() && this.set(asked()));
    dark.addEventListener("change", () => asked() || this.set(dark.matches ? "dark" : "light"));
    // Paper is white.
    let before = null;
    addEventListener("beforeprint", () => { before = this.now(); this.set("light"); });
    addEventListener("afterprint", () => before && this.set(before));
  },

  now() {
    return document.documentElement.dataset.theme;
  },

  set(theme) {
    document.documentElement.dataset.theme = theme;
    this.colours = getComputedStyle(document.documentElement);
    this.listeners.forEach((listener) => listener());
  },

  toggle() {
    this.set(this.now() === "dark" ? "light" : "dark");
  },

  /** A colour by its name. */
  colour(name) {
    return this.colours.getPropertyValue(`--${name}`).trim();
  },
};
