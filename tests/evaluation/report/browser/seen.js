// What is seen of a page: widths, colours, sizes, and what was loaded for it.
function measure(page, view) {
  return {
    width: view.innerWidth,
    dark: view.matchMedia("(prefers-color-scheme: dark)").matches,
    pageWidth: page.documentElement.scrollWidth,
    outside: outside(page, view),
    scrolling: scrolling(page, view),
    contrast: contrasts(page, view),
    headings: [...page.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => [Number(h.tagName[1]), h.innerText]),
    images: images(page),
    links: [...page.querySelectorAll("nav a, summary")].map((a) => a.getBoundingClientRect().height),
    letters: letters(page, view),
    resources: view.performance.getEntriesByType("resource").map((entry) => entry.name),
    text: page.body.innerText,
  };
}

// The size of the letters of every chart, as they are drawn.
function letters(page, view) {
  return [...page.querySelectorAll("svg text")].map((text) => {
    const image = text.ownerSVGElement;
    const scale = image.getBoundingClientRect().width / image.viewBox.baseVal.width;
    return parseFloat(view.getComputedStyle(text).fontSize) * scale;
  });
}

function said(element) {
  return `${element.tagName.toLowerCase()}.${element.getAttribute("class")} ${element.textContent.slice(0, 40)}`;
}

function scrolls(element, view) {
  return ["auto", "scroll"].includes(view.getComputedStyle(element).overflowX);
}

// What lies beyond the right edge, and not inside of something that scrolls by itself.
function outside(page, view) {
  const held = (element) => {
    for (let above = element.parentElement; above; above = above.parentElement) if (scrolls(above, view)) return true;
    return false;
  };
  return [...page.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > view.innerWidth + 1 && !held(element))
    .map(said);
}

// Everything that scrolls sideways, with what a keyboard and a screen reader need.
function scrolling(page, view) {
  return [...page.body.querySelectorAll("*")]
    .filter((element) => scrolls(element, view) && element.scrollWidth > element.clientWidth)
    .map((element) => [element.tabIndex, element.getAttribute("role"), element.getAttribute("aria-label")]);
}

// Every chart: its name, whether it is described, and whether its figure or block has the same as a table or terms.
function images(page) {
  return [...page.querySelectorAll("svg")].map((image) => {
    const described = page.getElementById(image.getAttribute("aria-describedby"));
    return {
      description: described.textContent,
      beside: Boolean(near(image).querySelector("table, dl")),
      size: [image.getBoundingClientRect().width, image.getBoundingClientRect().height],
    };
  });
}

function near(image) {
  const pair = image.closest(".pair");
  return pair ? pair.parentElement : image.closest("figure");
}

// The least contrast of text in each pair of colours, by the formula of WCAG 2.
function contrasts(page, view) {
  const found = new Map();
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || ["title", "desc"].includes(element.tagName) || !element.getClientRects().length) continue;
    const style = view.getComputedStyle(element);
    const ink = rgb(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    const paper = background(element, view);
    const key = `${ink} on ${paper}`;
    if (!found.has(key)) found.set(key, { ratio: contrast(ink, paper), colours: key, example: said(element) });
  }
  return [...found.values()];
}

function rgb(text) {
  const parts = text.match(/[\d.]+/g).map(Number);
  if (!text.startsWith("rgb") || parts.length === 4 && parts[3] !== 1 && parts[3] !== 0) throw new Error(`colour ${text}`);
  return parts.length === 4 && parts[3] === 0 ? null : parts.slice(0, 3);
}

function background(element, view) {
  for (let above = element; above; above = above.parentElement) {
    const colour = rgb(view.getComputedStyle(above).backgroundColor);
    if (colour) return colour;
  }
  return [255, 255, 255];
}

function luminance(colour) {
  const [r, g, b] = colour.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
