// node js/build.mjs GLUE SITE [--release]: bundles styles, scripts, wasm and fonts into SITE.
// Every file is named by its content and stored beside its compressed forms; manifest.json maps plain names to them.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import esbuild from "esbuild";
import { subsetFonts } from "./fonts.mjs";

const [glue, site] = process.argv.slice(2, 4).map((place) => path.resolve(place));
const release = process.argv.includes("--release");
const COMPRESSIBLE = new Set([".css", ".js", ".wasm", ".svg"]);

// Plain name → source. The plain name is what the server asks the manifest for.
const ENTRIES = {
  "public.css": "styles/public.css",
  "staff.css": "styles/staff.css",
  "islands.js": "js/islands.mjs",
  "staff.js": "js/staff.mjs",
  "workshop.js": "js/workshop.mjs",
  "rule-editor.js": "js/rule-editor/index.mjs",
  "icon.svg": "js/icon.svg",
};

async function main() {
  const fonts = path.join(glue, "fonts");
  await subsetFonts(fonts);
  fs.rmSync(site, { recursive: true, force: true });
  const result = await bundle(fonts);
  // Who passes the fonts on passes their licences on.
  for (const family of ["be-vietnam-pro", "jetbrains-mono"])
    fs.copyFileSync(fileURLToPath(new URL(`../node_modules/@fontsource/${family}/LICENSE`, import.meta.url)), path.join(site, `${family}-licence.txt`));
  const manifest = manifestOf(result.metafile);
  for (const name of fs.readdirSync(site)) compress(path.join(site, name));
  fs.writeFileSync(path.join(site, "manifest.json"), JSON.stringify(manifest, null, 1));
  report();
}

function bundle(fonts) {
  return esbuild.build({
    entryPoints: Object.values(ENTRIES),
    outdir: site,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: release,
    format: "esm",
    target: ["es2022", "safari16.4", "firefox115", "chrome109"],
    alias: { islands: path.join(glue, "islands.js"), "islands.wasm": path.join(glue, "islands_bg.wasm"), fonts },
    loader: { ".woff2": "file", ".wasm": "file", ".svg": "copy" },
    metafile: true,
    logLevel: "warning",
  });
}

function manifestOf(metafile) {
  const bySource = Object.fromEntries(Object.entries(ENTRIES).map(([name, source]) => [source, name]));
  const manifest = {};
  for (const [output, about] of Object.entries(metafile.outputs)) {
    const file = path.basename(output);
    const entry = bySource[about.entryPoint];
    const source = Object.keys(about.inputs)[0] ?? "";
    const isAsset = about.entryPoint === undefined && source !== "";
    if (entry && path.extname(file) === path.extname(entry)) manifest[entry] = file;
    else if (isAsset) manifest[path.basename(source).replace("_bg.", ".")] = file;
  }
  return manifest;
}

function compress(file) {
  if (!COMPRESSIBLE.has(path.extname(file))) return;
  const bytes = fs.readFileSync(file);
  const quality = release ? 11 : 5;
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: quality, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes, { params }));
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
}

function report() {
  const size = (file) => fs.statSync(path.join(site, file)).size;
  for (const file of fs.readdirSync(site).filter((name) => !/\.(br|gz|json)$/.test(name))) {
    const packed = fs.existsSync(path.join(site, `${file}.br`)) ? `, brotli ${size(`${file}.br`)}` : "";
    console.log(`  ${file}: ${size(file)} bytes${packed}`);
  }
}

await main();
