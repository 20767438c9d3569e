package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"purplecross/internal/config"
	"purplecross/static"
	"purplecross/views/gallery"
	"purplecross/views/stories"
)

// exportGallery writes the gallery as files, for a file server.
func exportGallery(ctx context.Context, _ config.Config, arguments []string) error {
	if len(arguments) != 2 || arguments[0] != "export" {
		return errors.New("say where to: purple-cross gallery export DIR")
	}
	folder := arguments[1]
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	write := func(name string, body []byte) error {
		at := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		return os.WriteFile(at, body, 0o644)
	}

	g, err := stories.New()
	if err != nil {
		return err
	}
	count := 0
	for file, err := range g.Files(ctx, gallery.ReadChecks(gallery.ChecksFolder)) {
		if err != nil {
			return err
		}
		if err := write(file.Name, file.Body); err != nil {
			return err
		}
		count++
	}
	for name, body := range static.Files() {
		if err := write(name, body); err != nil {
			return err
		}
		count++
	}
	for _, pictures := range []string{"before", "now", "diff"} {
		taken, _ := filepath.Glob(filepath.Join(gallery.ChecksFolder, pictures, "*.png")) // None where no tests ran.
		for _, name := range taken {
			body, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if err := write("gallery/_/pictures/"+pictures+"/"+filepath.Base(name), body); err != nil {
				return err
			}
			count++
		}
	}
	fmt.Printf("%d files in %s. Serve the folder, and open gallery/index.html there.\n", count, folder)
	return nil
}
