// Package pictures compares pictures of stories with those that were taken before, and writes what it found for people
// to look at. It knows no browser: tests take the pictures.
package pictures

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// Read makes a picture of a PNG.
func Read(data []byte) (*image.RGBA, error) {
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if already, ok := decoded.(*image.RGBA); ok {
		return already, nil
	}
	picture := image.NewRGBA(decoded.Bounds())
	draw.Draw(picture, picture.Rect, decoded, decoded.Bounds().Min, draw.Src)
	return picture, nil
}

// Block is the width and height in pixels of what Blocks makes one pixel of.
const Block = 32

// Blocks is a picture as the mean colours of its blocks. It is small enough to keep for every story, and coarse enough
// that the edge of a letter, which browsers paint a shade lighter or darker from one time to the next, does not count.
// Where a picture ends within a block the rest of it counts as magenta, so that another height is another colour.
func Blocks(picture *image.RGBA) *image.RGBA {
	size := picture.Rect.Size()
	small := image.NewRGBA(image.Rect(0, 0, (size.X+Block-1)/Block, (size.Y+Block-1)/Block))
	for by := range small.Rect.Dy() {
		for bx := range small.Rect.Dx() {
			var sum [3]int
			seen := 0
			for y := by * Block; y < min((by+1)*Block, size.Y); y++ {
				row := picture.Pix[y*picture.Stride+bx*Block*4 : y*picture.Stride+min((bx+1)*Block, size.X)*4]
				for i := 0; i < len(row); i += 4 {
					sum[0] += int(row[i])
					sum[1] += int(row[i+1])
					sum[2] += int(row[i+2])
				}
				seen += len(row) / 4
			}
			beyond := (Block*Block - seen) * 255
			mean := func(sum int) uint8 { return uint8((sum + Block*Block/2) / (Block * Block)) }
			small.SetRGBA(bx, by, color.RGBA{mean(sum[0] + beyond), mean(sum[1]), mean(sum[2] + beyond), 255})
		}
	}
	return small
}

// tolerance is by how many of 255 levels the mean of a block may differ. A hair line of another colour through a block
// makes five or more.
const tolerance = 3

// Changed counts the blocks that differ.
func Changed(before, now *image.RGBA) int {
	if before.Rect.Size() != now.Rect.Size() {
		return max(1, now.Rect.Dx()*now.Rect.Dy())
	}
	count := 0
	for y := range now.Rect.Dy() {
		for x := range now.Rect.Dx() {
			a := before.RGBAAt(before.Rect.Min.X+x, before.Rect.Min.Y+y)
			b := now.RGBAAt(now.Rect.Min.X+x, now.Rect.Min.Y+y)
			if far(a.R, b.R) || far(a.G, b.G) || far(a.B, b.B) {
				count++
			}
		}
	}
	return count
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > tolerance }

// Sheet puts pictures beside each other; Unsheet takes them apart again. The lowest row of a sheet holds no picture: it
// says in its pixels how large each one is.
func Sheet(list []*image.RGBA) *image.RGBA {
	var size image.Point
	for _, picture := range list {
		size.X += picture.Rect.Dx()
		size.Y = max(size.Y, picture.Rect.Dy())
	}
	sheet := image.NewRGBA(image.Rect(0, 0, max(size.X, len(list)), size.Y+1))
	x := 0
	for i, picture := range list {
		draw.Draw(sheet, picture.Rect.Sub(picture.Rect.Min).Add(image.Pt(x, 0)), picture, picture.Rect.Min, draw.Src)
		sheet.SetRGBA(i, size.Y, color.RGBA{uint8(picture.Rect.Dx()), uint8(picture.Rect.Dy()), 0, 255})
		x += picture.Rect.Dx()
	}
	return sheet
}

// Unsheet takes a sheet of so many pictures apart.
func Unsheet(sheet *image.RGBA, count int) []*image.RGBA {
	var list []*image.RGBA
	x := 0
	for i := range count {
		size := sheet.RGBAAt(i, sheet.Rect.Dy()-1)
		part := image.NewRGBA(image.Rect(0, 0, int(size.R), int(size.G)))
		draw.Draw(part, part.Rect, sheet, image.Pt(x, 0), draw.Src)
		list = append(list, part)
		x += int(size.R)
	}
	return list
}

// Difference counts the pixels that differ by more than a shade, and paints them red on a pale copy of the second
// picture. What one picture has and the other has not differs.
func Difference(before, now *image.RGBA) (pixels int, painted *image.RGBA) {
	size := image.Rectangle{Max: image.Pt(max(before.Rect.Dx(), now.Rect.Dx()), max(before.Rect.Dy(), now.Rect.Dy()))}
	painted = image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			at := image.Pt(x, y)
			is := now.RGBAAt(x, y)
			if at.In(before.Rect) && at.In(now.Rect) && alike(before.RGBAAt(x, y), is) {
				painted.SetRGBA(x, y, color.RGBA{pale(is.R), pale(is.G), pale(is.B), 255})
				continue
			}
			pixels++
			painted.SetRGBA(x, y, color.RGBA{214, 0, 51, 255})
		}
	}
	return pixels, painted
}

// shade is how much a pixel may differ: the edges of letters do, from one time to the next.
const shade = 16

func alike(a, b color.RGBA) bool {
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= shade }
	return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B)
}

func pale(level uint8) uint8 { return 191 + level/4 }

// Small packs a picture as a PNG for keeping: with a palette where it has few enough colours, which loses nothing.
func Small(picture *image.RGBA) ([]byte, error) {
	var palette color.Palette
	place := map[color.RGBA]uint8{}
	small := image.NewPaletted(picture.Rect, nil)
	for i := range small.Pix {
		of := color.RGBA{picture.Pix[4*i], picture.Pix[4*i+1], picture.Pix[4*i+2], picture.Pix[4*i+3]}
		index, known := place[of]
		if !known {
			if len(palette) == 256 {
				return packed(picture)
			}
			index = uint8(len(palette))
			place[of], palette = index, append(palette, of)
		}
		small.Pix[i] = index
	}
	small.Palette = palette
	return packed(small)
}

func packed(picture image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, picture)
	return b.Bytes(), err
}
