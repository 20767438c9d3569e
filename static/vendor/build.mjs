// Builds the vendored files of Sentry, and the source maps of all that is minified: see README.md. Run it in a folder with
// the packages that stand there: node static/vendor/build.mjs FOLDER
import { createHash } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"

const packages = resolve(process.argv[2] ?? ".", "node_modules")
const here = import.meta.dirname
const { build } = createRequire(join(packages, "x"))("esbuild")
const version = JSON.parse(readFileSync(join(packages, "@sentry/browser/package.json"))).version

// place writes a script and its map, each with the same debug id: Sentry joins them by it, and so do we.
function place(name, script, map) {
  const sum = createHash("sha256").update(script).digest("hex")
  const id = `${sum.slice(0, 8)}-${sum.slice(8, 12)}-4${sum.slice(13, 16)}-a${sum.slice(17, 20)}-${sum.slice(20, 32)}`
  writeFileSync(join(here, name), script.trimEnd() + `\n//# debugId=${id}\n`)
  const { names, mappings, sources } = JSON.parse(map)
  const short = sources.map((source) => source.replace(/^.*node_modules\//, "").replace(/^(\.\.\/)+/, ""))
  writeFileSync(join(here, "../maps", name + ".map"), JSON.stringify({ version: 3, file: name, debug_id: id, sources: short, names, mappings }))
}

// The library asks beforeAddRecordingEvent about its own events only. Ours is to see every event of a recording, before it is
// deflated.
function everyEvent(plugin) {
  plugin.onLoad({ filter: /@sentry\/replay\/build\/npm\/esm\/index\.js$/ }, ({ path }) => {
    const source = readFileSync(path, "utf8")
    const contents = source.replace('typeof callback === "function" && isCustomEvent(event)', 'typeof callback === "function"').replace("inlineStylesheet: true,", "inlineStylesheet: false,")
    if (contents.length !== source.length - " && isCustomEvent(event)".length + 1) throw new Error("@sentry/replay is another than we know")
    return { contents }
  })
}

for (const [name, global] of [["sentry", "Sentry"], ["sentry-replay", "SentryReplay"]]) {
  const { outputFiles } = await build({
    entryPoints: [join(here, name + ".entry.mjs")], nodePaths: [packages], bundle: true, minify: true, format: "iife", globalName: global,
    target: "es2022", legalComments: "none", sourcemap: "external", write: false, outfile: join(here, name + ".min.js"),
    plugins: [{ name: "every event", setup: everyEvent }],
    define: { __SENTRY_DEBUG__: "false", __RRWEB_EXCLUDE_IFRAME__: "true", __RRWEB_EXCLUDE_SHADOW_DOM__: "true" },
    banner: { js: `/*! @sentry/${name === "sentry" ? "browser" : "replay"} ${version}, MIT, https://github.com/getsentry/sentry-javascript; see README.md */` },
  })
  place(name + ".min.js", outputFiles[1].text, outputFiles[0].text)
}

// The worker that deflates a recording stands as text in the package; a strict policy runs it only as a file.
const replay = readFileSync(join(packages, "@sentry/replay/build/npm/esm/index.js"), "utf8")
const worker = /^const t = `(var t=Uint8Array[\s\S]*?)`;$/m.exec(replay)[1].replaceAll("\\`", "`").replaceAll("\\${", "${").replaceAll("\\\\", "\\")
writeFileSync(join(here, "sentry-replay-worker.min.js"), `/*! @sentry/replay ${version}'s worker, MIT; see README.md */\n${worker}\n`)

place("htmx.min.js", readFileSync(join(packages, "htmx.org/dist/htmx.min.js"), "utf8"), readFileSync(join(packages, "htmx.org/dist/htmx.min.js.map"), "utf8"))
