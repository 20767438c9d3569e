package imports

import (
	"fmt"
	"hash/maphash"
	"strings"
)

// recall remembers the latest of many things in bounded memory: between recalled and twice as many. A file of millions of
// rows takes no more of it than one of half a million; what repeats from farther away is not seen as a repetition here.
type recall[V any] struct {
	seed       maphash.Seed
	young, old map[uint64]V
}

const recalled = 200_000

func newRecall[V any]() *recall[V] {
	return &recall[V]{seed: maphash.MakeSeed(), young: map[uint64]V{}}
}

func (r *recall[V]) get(what string) (V, bool) {
	key := maphash.String(r.seed, what)
	value, there := r.young[key]
	if !there {
		value, there = r.old[key]
	}
	return value, there
}

func (r *recall[V]) put(what string, value V) {
	if len(r.young) == recalled {
		r.old, r.young = r.young, map[uint64]V{}
	}
	r.young[maphash.String(r.seed, what)] = value
}

// petRef makes a number for a pet that has none: its owner's and its name. Two pets of one name in a household are
// told apart by whatever else the row says of them, and numbered in the order of the file.
func (im *run) petRef(g *reading, owner string) string {
	key := strings.ToLower(owner + "/" + g.pet.Name)
	signs := maphash.String(im.pets.seed, strings.Join([]string{g.cell("species"), g.cell("breed"), g.cell("sex"), g.cell("dob"), g.cell("microchip")}, "\x1f"))
	others, _ := im.pets.get(key)
	at := -1
	for i, other := range others {
		if other == signs {
			at = i
		}
	}
	if at < 0 {
		at = len(others)
		im.pets.put(key, append(others, signs))
	}
	if at == 0 {
		return im.ref(key)
	}
	return im.ref(fmt.Sprintf("%s/%d", key, at+1))
}
