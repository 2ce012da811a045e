// Be Vietnam Pro, and JetBrains Mono for the code editor, cut down to what Vietnamese office pages use: a quarter of the published subsets.
// Hinting goes (today's renderers ignore it), kerning and tabular figures stay.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const WEIGHTS = [400, 500, 600, 700];
const SOURCE = fileURLToPath(new URL("../node_modules/@fontsource/be-vietnam-pro/files/", import.meta.url));

const MONO = fileURLToPath(new URL("../node_modules/@fontsource/jetbrains-mono/files/", import.meta.url));

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
const CHARACTERS = {
  latin: range(0x20, 0x7e) + "\u00a0ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý«»°²±·×÷§" + "–—‘’“”•…←↑→↓−≤≥",
  vietnamese: "ĂăĐđĨĩŨũƠơƯư\u0300\u0301\u0303\u0309\u0323₫" + range(0x1ea0, 0x1ef9),
};

/** Writes `{subset}-{weight}.woff2` into `folder`; does nothing when this very selection is there already. */
export async function subsetFonts(folder) {
  const stamp = crypto.createHash("sha256").update(fs.readFileSync(fileURLToPath(import.meta.url))).digest("hex");
  const stampFile = path.join(folder, "stamp");
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, "utf8") === stamp) return;
  fs.mkdirSync(folder, { recursive: true });
  for (const [subset, characters] of Object.entries(CHARACTERS))
    for (const weight of WEIGHTS) await writeSubset(folder, subset, characters, weight);
  for (const [subset, characters] of Object.entries(CHARACTERS)) {
    const whole = fs.readFileSync(path.join(MONO, `jetbrains-mono-${subset}-400-normal.woff2`));
    const options = { targetFormat: "woff2", keepFeatures: [], noHinting: true };
    fs.writeFileSync(path.join(folder, `mono-${subset}-400.woff2`), await subsetFont(whole, characters, options));
  }
  fs.writeFileSync(stampFile, stamp);
}

async function writeSubset(folder, subset, characters, weight) {
  const whole = fs.readFileSync(path.join(SOURCE, `be-vietnam-pro-${subset}-${weight}-normal.woff2`));
  const options = { targetFormat: "woff2", keepFeatures: ["kern", "tnum"], noHinting: true };
  fs.writeFileSync(path.join(folder, `${subset}-${weight}.woff2`), await subsetFont(whole, characters, options));
}
