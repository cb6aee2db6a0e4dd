// What a reader meets on this page, measured on every visible text and control, not on the style sheet's intentions.
// Gives the breaches of the rules as sentences: {smallest, body, leading, heading, headingLeading, contrast,
// bodyContrast, border, target, mainTarget, gap, measure}; sizes in CSS pixels, measure in characters a line.
(rules) => {
  const problems = new Set();
  const styles = new Map();
  const styleOf = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ${element.textContent.trim().replace(/\s+/g, " ").slice(0, 24)}`;
  const say = (what, element) => problems.add(`${what}: ${named(element)}`);
  const round = (number) => Math.round(number * 100) / 100;

  // --- Colours

  const rgba = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const luminance = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  // The colour behind an element: the first ancestor that is painted; only plain, opaque colours are allowed.
  const groundOf = (element) => {
    for (let around = element; around; around = around.parentElement) {
      const style = styleOf(around);
      if (style.backgroundImage !== "none") say("an image behind text", around);
      if (style.opacity !== "1") say("translucent", around);
      const colour = rgba(style.backgroundColor);
      if (colour.alpha === 1) return colour;
      if (colour.alpha > 0) say("a translucent background", around);
    }
    return rgba(styleOf(document.documentElement).colorScheme.startsWith("dark") ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)");
  };

  // --- What is visible

  const clipped = new Map();
  const isClipped = (element) => {
    if (!element) return false;
    if (!clipped.has(element)) clipped.set(element, styleOf(element).clipPath !== "none" || isClipped(element.parentElement));
    return clipped.get(element);
  };
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true }) && !isClipped(element);
  const blockOf = (element) => {
    let block = element;
    while (["inline", "contents"].includes(styleOf(block).display)) block = block.parentElement;
    return block;
  };

  // --- Texts

  const isHeading = (element) => element.closest("h1, h2, h3, h4, h5, h6");
  const checkText = (element, style) => {
    const size = parseFloat(style.fontSize);
    const heading = isHeading(element) && !element.closest(".tag, .number, .row-city, .found-place, .hint");
    const [least, leading] = heading ? [rules.heading, rules.headingLeading] : [rules.smallest, isHeading(element) ? rules.headingLeading : rules.leading];
    if (size < least - 0.01) say(`${round(size)} px`, element);
    const lineHeight = parseFloat(style.lineHeight) / size;
    if (!(lineHeight >= leading - 0.01)) say(`line height ${round(lineHeight) || style.lineHeight}`, element);
    const contrast = ratio(rgba(style.color), groundOf(element));
    const body = element.closest("p, li, dd, td") && !element.closest("a, .button, mark, del, ins, b.stamp");
    if (contrast < (body ? rules.bodyContrast : rules.contrast) - 0.005) say(`contrast ${round(contrast)}`, element);
  };
  const characters = { all: 0, body: 0 };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("option, script, style, noscript") || !isVisible(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((box) => box.width && box.height);
    if (!lines.length) continue;
    const style = styleOf(element);
    const size = parseFloat(style.fontSize);
    if (element.closest("main")) {
      characters.all += node.data.trim().length;
      if (size >= rules.body - 0.01) characters.body += node.data.trim().length;
      for (const line of lines) if (line.width / size > rules.measure + 0.6) say(`${round(line.width / size)} characters a line`, element);
    }
    if (!seen.has(element)) checkText(element, style);
    seen.add(element);
  }
  if (parseFloat(styleOf(document.querySelector("main")).fontSize) < rules.body) problems.add("the body is too small");
  if (characters.body < characters.all * 0.6) problems.add(`only ${characters.body} of ${characters.all} characters are as large as the body`);
  for (const element of document.body.querySelectorAll("*")) {
    if (!isVisible(element)) continue;
    for (const which of ["::before", "::after"]) {
      const style = getComputedStyle(element, which);
      if (!/["(]/.test(style.content) || /^"\s*"/.test(style.content) || style.display === "none") continue;
      const painted = rgba(style.backgroundColor);
      const contrast = ratio(rgba(style.color), painted.alpha === 1 ? painted : groundOf(element));
      if (contrast < rules.contrast) say(`contrast ${round(contrast)} of ${which}`, element);
      if (parseFloat(style.fontSize) < rules.smallest - 0.01) say(`${style.fontSize} of ${which}`, element);
    }
  }

  // --- Controls

  const isProse = (control) => {
    if (styleOf(control).display !== "inline" || control.tagName !== "A") return false;
    const block = blockOf(control);
    const links = [...block.querySelectorAll("a")].map((link) => link.textContent).join("");
    return /\p{L}/u.test(block.textContent.replace(/\s/g, "").replace(links.replace(/\s/g, ""), "")) && block.textContent.replace(/\s/g, "").length > links.replace(/\s/g, "").length;
  };
  const controls = [];
  for (const control of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const isBox = control.matches("[type=checkbox], [type=radio]");
    const target = (isBox && control.closest("label")) || control;
    if (!isVisible(target) || control.closest(".skip") || control.matches("[tabindex='-1']")) continue;
    const boxes = [...target.getClientRects()].filter((box) => box.width && box.height);
    if (!boxes.length) continue;
    if (control.tagName === "A" && isProse(control)) {
      if (!styleOf(control).textDecorationLine.includes("underline")) say("a link in a sentence without a line under it", control);
      continue;
    }
    const box = target.getBoundingClientRect();
    const isMain = !isBox && control.matches("button, .button, select, input, textarea");
    const least = isMain ? rules.mainTarget : rules.target;
    if (box.width < least - 0.5 || box.height < least - 0.5) say(`${round(box.width)} × ${round(box.height)} px to press`, control);
    if (isMain) {
      const outside = groundOf(control.parentElement);
      const edges = [rgba(styleOf(control).borderTopColor), rgba(styleOf(control).backgroundColor)].filter((colour) => colour.alpha === 1);
      if (Math.max(...edges.map((colour) => ratio(colour, outside))) < rules.border) say("an edge nobody sees", control);
    }
    if (rules.contrastLinks && control.tagName === "A") {
      const style = styleOf(control);
      if (!style.textDecorationLine.includes("underline") || Number(style.fontWeight) < 700) say("a link neither bold nor underlined", control);
    }
    controls.push({ control, box });
  }
  if (rules.gap) {
    controls.forEach((one, index) => {
      for (const other of controls.slice(index + 1)) {
        if (one.control.contains(other.control)) continue;
        const across = Math.max(other.box.left - one.box.right, one.box.left - other.box.right);
        const down = Math.max(other.box.top - one.box.bottom, one.box.top - other.box.bottom);
        if (Math.max(across, down) < rules.gap - 0.5) say(`${round(Math.max(across, down))} px from “${named(other.control)}”`, one.control);
      }
    });
  }
  const screen = document.scrollingElement;
  if (screen.scrollWidth > screen.clientWidth) problems.add(`${screen.scrollWidth} px wide on a screen of ${screen.clientWidth}`);
  return [...problems];
}
