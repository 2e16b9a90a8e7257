// What a page is judged by beyond axe. Each part returns sentences; none means that all is well.
window.probe = (() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const FOCUSABLE =
    'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';

  // Tab stops at one radio of each name: the chosen one, else the first.
  const tabStops = () => {
    const names = new Set();
    return all(FOCUSABLE).filter((element) => {
      if (!seen(element) || element.disabled || element.tabIndex < 0) return false;
      if (element.type !== "radio") return true;
      const group = all(`input[type="radio"][name="${element.name}"]`);
      const chosen = group.find((radio) => radio.checked);
      if (names.has(element.name) || (chosen && chosen !== element)) return false;
      names.add(element.name);
      return true;
    });
  };

  const structure = () => {
    const found = [];
    const need = (holds, words) => holds || found.push(words);
    const count = (selector) => all(selector).length;
    need(count("h1") === 1, `${count("h1")} h1`);
    for (const landmark of ["header", "main", "footer"])
      need(count(`body > ${landmark}`) === 1, `${count(landmark)} ${landmark}`);
    const ids = all("[id]").map((element) => element.id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    need(!twice.length, `ids twice: ${twice}`);
    for (const field of all("input:not([type=hidden]), select, textarea")) {
      const label = field.labels && field.labels[0];
      need(label && label.innerText.trim(), `no label: ${named(field)}`);
      for (const id of (field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean))
        need(document.getElementById(id), `no ${id} to describe ${named(field)}`);
      if (field.type === "radio")
        need(field.closest("fieldset").querySelector("legend"), `no legend: ${named(field)}`);
    }
    for (const element of all("[style], style, script:not([type='application/ld+json'])"))
      found.push(`inline or script: ${named(element)}`);
    for (const element of all("*"))
      for (const attribute of element.attributes)
        if (attribute.name.startsWith("on")) found.push(`handler: ${named(element)}`);
    need(tabStops()[0].matches(".skip"), "the first stop of Tab is not the way to the content");
    need(document.title.trim(), "no title");
    return found;
  };

  const inSentence = (link) => {
    if (!link.matches("a, .link") || getComputedStyle(link).display !== "inline") return false;
    const around = link.closest("p, li, dd, td");
    return Boolean(around) && around.innerText.trim().length > link.innerText.trim().length + 1;
  };

  // A radio is pressed by its label as well.
  const target = (element) =>
    (element.type === "radio" ? element.labels[0] : element).getBoundingClientRect();

  const targets = () => {
    const found = [];
    for (const element of all(FOCUSABLE)) {
      if (!seen(element) || element.matches(".skip, [aria-hidden]")) continue;
      const { width, height } = target(element);
      if (inSentence(element)) {
        const line = parseFloat(getComputedStyle(element.parentElement).lineHeight);
        if (line < 24) found.push(`lines closer than 24 px: ${named(element)}`);
      } else if (Math.round(height) < 44 || Math.round(width) < 24)
        found.push(`${Math.round(width)} x ${Math.round(height)} px: ${named(element)}`);
    }
    return found;
  };

  const sideways = () => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const wide = all("body *").filter(
      (element) => seen(element) && element.getBoundingClientRect().right > room + 1,
    );
    return wide.slice(0, 3).map((element) => `wider than ${room} px: ${named(element)}`);
  };

  const transparent = (colour) => /^rgba\(.*, 0\)$|transparent/.test(colour);
  const edge = (style, kind) =>
    style[`${kind}Style`] !== "none" &&
    parseFloat(style[`${kind}Width`]) >= 1 &&
    !transparent(style[`${kind}Color`]) &&
    style[`${kind}Color`] !== getComputedStyle(document.body).backgroundColor;

  // With forced colours the system paints all fields alike: only edges tell them apart.
  const edges = () =>
    all(".button, .panel, .alarm, .menu, input:not([type=hidden]), textarea, select")
      .filter(seen)
      .filter((element) => {
        const style = getComputedStyle(element);
        return !edge(style, "borderTop") && !edge(style, "outline");
      })
      .map((element) => `no edge: ${named(element)}`);

  // What the top and the foot of the page are, but for where their links lead.
  const topAndFoot = () =>
    all("body > .skip, body > header, body > footer")
      .map((part) => part.outerHTML.replace(/ (href|value)="[^"]*"/g, ""))
      .join();

  // To be read after Tab was pressed through the page, as often as `watchFocus` says.
  let stops = [];
  let round = [];
  const watch = () => {
    stops = [];
    document.addEventListener("focusin", ({ target: element }) => {
      const style = getComputedStyle(element);
      const { left, top, width } = element.getBoundingClientRect();
      const ring = edge(style, "outline") && parseFloat(style.outlineWidth) >= 3;
      // On the page: Chromium scrolls to it when it next paints, which may be after the next Tab.
      const there = left + scrollX >= 0 && top + scrollY >= 0 && width > 0;
      stops.push({ element, ring, there });
    });
  };
  const watchFocus = () => {
    watch();
    round = tabStops();
    return round.length + 2;
  };
  // From before the first stop in the middle of the page to the one after the last.
  const watchFocusInMain = () => {
    const main = document.querySelector("main");
    main.focus();
    watch();
    const all = tabStops();
    const after = (element) => main.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    round = [
      ...all.filter((element) => main.contains(element)),
      ...all.filter((element) => after(element) && !main.contains(element)).slice(0, 1),
    ];
    return round.length;
  };
  const focusOrder = () => {
    const found = [];
    // A page with an error begins at its summary, and the round ends where it began.
    const start = round.indexOf(stops.length ? stops[0].element : null);
    round = [...round.slice(start), ...round.slice(0, start)];
    const reached = stops.slice(0, round.length);
    if (round.length && (start < 0 || reached.length < round.length))
      found.push(`Tab reaches ${reached.length} of ${round.length}`);
    reached.forEach(({ element, ring, there }, index) => {
      if (element !== round[index]) found.push(`out of order: ${named(element)}`);
      if (!ring) found.push(`no ring: ${named(element)}`);
      if (!there) found.push(`focus out of sight: ${named(element)}`);
    });
    return found;
  };

  const wear = (light) => {
    document.documentElement.dataset.theme = light;
  };
  const larger = () => {
    document.documentElement.dataset.text = "larger";
    const found = sideways();
    delete document.documentElement.dataset.text;
    return found;
  };

  // What a reader may set for text in any page (WCAG 1.4.12); nothing may be lost by it.
  const spaced = () => {
    const style = document.createElement("style");
    style.textContent =
      "* { line-height: 1.5 !important; letter-spacing: .12em !important;" +
      " word-spacing: .16em !important; } p { margin-bottom: 2em !important; }";
    document.head.append(style);
    const found = sideways();
    style.remove();
    return found;
  };
  const openAll = () => all("details").forEach((details) => (details.open = true));

  // What each thing is and what it stands in: whatever a sheet of style may look at but words.
  const places = () => {
    const place = (element) => (element ? `${place(element.parentElement)} ${kind(element)}` : "");
    const kind = (element) => {
      const said = [...element.attributes].filter(({ name }) => !UNSEEN.has(name));
      return `${element.localName} ${said.map(({ name, value }) => `${name}=${value}`)}`;
    };
    return [...new Set(all("body, body *").map(place))];
  };
  const UNSEEN = new Set(
    "action alt aria-describedby aria-label aria-labelledby content d datetime for href id lang name value".split(" "),
  );

  // Left by what was shown before is what stands in no page any more.
  let moved = [];
  const keep = (entries) => {
    for (const { sources } of entries) moved.push(...sources.map(({ node }) => node));
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  const shifts = () => {
    keep(observer.takeRecords());
    return moved
      .filter((node) => node && node.isConnected)
      .map((node) => node.outerHTML || node.textContent);
  };

  // Writes a page over the one before, and waits until it is whole and painted.
  const show = async (html, path) => {
    history.replaceState(null, "", path);
    document.open();
    moved = [];
    document.write(html);
    const whole = new Promise((done) => window.addEventListener("load", done, { once: true }));
    document.close();
    await whole;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  };

  const parts = {
    edges, focusOrder, larger, openAll, places, shifts, sideways, spaced, structure, targets,
    topAndFoot, watchFocus, watchFocusInMain,
  };
  return {
    show,
    // Several parts in one go: {name: sentences}.
    ask: (names) => Object.fromEntries(names.map((name) => [name, parts[name]()])),
    // What axe finds in this light.
    axe: async (light, options) => {
      wear(light);
      return (await axe.run(options)).violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${named(node.element)} (${node.failureSummary})`),
      );
    },
  };
})();
