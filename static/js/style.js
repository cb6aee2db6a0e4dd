// Writes the measured contrast on each swatch of /style/.
for (const swatch of document.querySelectorAll(".swatch")) {
  const { color, backgroundColor } = getComputedStyle(swatch);
  const [light, dark] = [color, backgroundColor].map(luminance).sort((one, other) => other - one);
  swatch.querySelector("output").textContent = `${((light + 0.05) / (dark + 0.05)).toFixed(1)} : 1`;
}

function luminance(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
