package handlers

import (
	"bytes"
	"html/template"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"purplecross/views/gallery"
)

// reportStory is a story of which a picture changed.
type reportStory struct {
	Path     string
	Pictures []reportPicture
}

type reportPicture struct {
	gallery.Taken
	Name string // Of its file, in each folder.
}

// writeReport writes the page that shows each changed picture before, now, and where they differ. It is a file beside
// its pictures, to be opened by itself or kept by a build server.
func writeReport(t *testing.T) {
	t.Helper()
	theChecks.Lock()
	defer theChecks.Unlock()
	var changed, fresh []reportStory
	same := 0
	for path, checked := range theChecks.Stories {
		of := map[string]*reportStory{gallery.TakenChanged: {Path: path}, gallery.TakenNew: {Path: path}}
		for _, taken := range checked.Pictures {
			if of[taken.State] == nil {
				same++
				continue
			}
			of[taken.State].Pictures = append(of[taken.State].Pictures, reportPicture{taken, taken.File(path)})
		}
		if one := of[gallery.TakenChanged]; len(one.Pictures) > 0 {
			changed = append(changed, *one)
		}
		if one := of[gallery.TakenNew]; len(one.Pictures) > 0 {
			fresh = append(fresh, *one)
		}
	}
	byPath := func(a, b reportStory) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(changed, byPath)
	slices.SortFunc(fresh, byPath)

	var page bytes.Buffer
	if err := reportPage.Execute(&page, map[string]any{"Checks": &theChecks.Checks, "Changed": changed, "New": fresh, "Same": same}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(checksFolder, "index.html"), page.Bytes())
}

// reportPage is a page by itself: it brings its styles and its script along.
var reportPage = template.Must(template.New("report").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pictures of every story</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 90rem; margin: auto; padding: 1.5rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .25rem 0 1rem }
.soft, figcaption { color: light-dark(#5a5966, #aaa9b5); font-size: .875rem }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; align-items: start }
figure { margin: 0 } img { max-width: 100%; border: 1px solid light-dark(#c4c3cc, #42414c); border-radius: 6px; vertical-align: top }
.slide { position: relative; display: inline-block; max-width: 100% } .slide img + img { position: absolute; inset: 0; clip-path: inset(0 0 0 var(--at, 50%)) }
input { inline-size: 100% } code { font-family: ui-monospace, monospace }
</style></head><body>
<h1>Pictures of every story</h1>
<p class="soft">{{len .Changed}} changed, {{len .New}} new, {{.Same}} pictures as they were. {{.Checks.Browser}}, {{.Checks.Taken.Format "2 Jan 2006 15:04"}}.
{{if not .Checks.Known}}The kept pictures are of another browser or other fonts: nothing was compared, each story was taken twice and looked the same both times, or is named in the test's words.{{end}}</p>
{{range .Changed}}<h2>{{.Path}}</h2>{{range .Pictures}}
<p class="soft">{{.Label}}{{if .Before}}: {{.Pixels}} pixels differ{{else}}: what it looked like before is only kept as a sum{{end}}</p>
<div class="row">{{if .Before}}
<figure><div class="slide"><img src="before/{{.Name}}" alt="Before"><img src="now/{{.Name}}" alt="Now"></div><input type="range" min="0" max="100" value="50" aria-label="Before and now"><figcaption>Before on the left, now on the right</figcaption></figure>
<figure><img src="diff/{{.Name}}" alt="What differs, in red" loading="lazy"><figcaption>What differs</figcaption></figure>{{end}}
<figure><img src="now/{{.Name}}" alt="Now" loading="lazy"><figcaption>Now</figcaption></figure>
</div>{{end}}{{else}}<p>Nothing changed.</p>{{end}}
{{if .New}}<h2>New</h2><p class="soft">Stories without a picture to compare with.</p><ul>{{range .New}}<li>{{range $i, $p := .Pictures}}{{if not $i}}<a href="now/{{$p.Name}}">{{end}}{{end}}{{.Path}}</a></li>{{end}}</ul>{{end}}
<script>
for (const slide of document.querySelectorAll("input")) slide.addEventListener("input", () => slide.previousElementSibling.style.setProperty("--at", slide.value + "%"));
</script></body></html>
`))
