// Unpacks Chromium, the libraries that it brings and a font, into the folder given.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const [target] = process.argv.slice(2);
const packed = resolve(target, "node_modules/@sparticuz/chromium/bin");
const inflate = (name) => brotliDecompressSync(readFileSync(`${packed}/${name}.br`));

for (const name of ["al2023", "fonts", "swiftshader"]) {
  const folder = resolve(target, name);
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-x", "-C", folder], { input: inflate(`${name}.tar`) });
}
writeFileSync(resolve(target, "chromium"), inflate("chromium"));
chmodSync(resolve(target, "chromium"), 0o755);
// The font's own settings name a folder that is there on the upstream's machines only.
const fonts = resolve(target, "fonts");
writeFileSync(
  resolve(fonts, "fonts.conf"),
  `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>\n`,
);
