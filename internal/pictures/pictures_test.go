package pictures_test

import (
	"image"
	"image/color"
	"testing"

	"purplecross/internal/pictures"
)

func painted(width, height int, colours int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		n := i % colours
		picture.SetRGBA(i%width, i/width, color.RGBA{byte(n), byte(n >> 8), 7, 255})
	}
	return picture
}

func TestAPictureSurvivesBeingPacked(t *testing.T) {
	for _, colours := range []int{1, 200, 900} {
		before := painted(60, 40, colours)
		data, err := pictures.Small(before)
		if err != nil {
			t.Fatal(err)
		}
		now, err := pictures.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if pixels, _ := pictures.Difference(before, now); pixels != 0 {
			t.Errorf("%d pixels of %d colours differ", pixels, colours)
		}
	}
}

func TestAHairLineOfAnotherColourIsAChangeAndAShadeIsNone(t *testing.T) {
	before := painted(120, 90, 1)
	shaded, lined := painted(120, 90, 1), painted(120, 90, 1)
	for x := range 120 {
		shaded.SetRGBA(x, 40, color.RGBA{8, 8, 9, 255})
		lined.SetRGBA(x, 40, color.RGBA{200, 200, 200, 255})
	}
	if changed := pictures.Changed(pictures.Blocks(before), pictures.Blocks(shaded)); changed != 0 {
		t.Errorf("a shade changes %d blocks", changed)
	}
	if pixels, _ := pictures.Difference(before, shaded); pixels != 0 {
		t.Errorf("a shade changes %d pixels", pixels)
	}
	if changed := pictures.Changed(pictures.Blocks(before), pictures.Blocks(lined)); changed != 4 {
		t.Errorf("a line changes %d blocks of four", changed)
	}
	pixels, said := pictures.Difference(before, lined)
	if pixels != 120 || said.RGBAAt(3, 40) == said.RGBAAt(3, 41) {
		t.Errorf("a line changes %d pixels", pixels)
	}
}

func TestAnotherHeightIsAChange(t *testing.T) {
	before := pictures.Blocks(painted(120, 90, 1))
	for _, height := range []int{91, 60, 100} {
		if pictures.Changed(before, pictures.Blocks(painted(120, height, 1))) == 0 {
			t.Errorf("%d pixels high is as good as 90", height)
		}
	}
}

func TestASheetComesApartAgain(t *testing.T) {
	list := []*image.RGBA{painted(12, 3, 40), painted(24, 30, 99), painted(1, 1, 1)}
	data, err := pictures.Small(pictures.Sheet(list))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := pictures.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range pictures.Unsheet(sheet, len(list)) {
		if part.Rect.Size() != list[i].Rect.Size() || pictures.Changed(part, list[i]) != 0 {
			t.Errorf("picture %d came back as %v", i, part.Rect)
		}
	}
}
