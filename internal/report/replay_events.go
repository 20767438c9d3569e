package report

import (
	"encoding/json"
	"time"
)

// The events of a recording, as rrweb 2 writes them (github.com/rrweb-io/rrweb, packages/types): each by its number. An
// event that does not stand here is left out, and so is every key.

type recorded []recordedEvent

// recordedEvent is one event; its data depends on its kind.
type recordedEvent struct {
	Type int     `json:"type"`
	Data any     `json:"data"`
	At   moments `json:"timestamp"`
}

// UnmarshalJSON reads the events that are known.
func (r *recorded) UnmarshalJSON(data []byte) error {
	var all []struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
		At   moments         `json:"timestamp"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*r = recorded{}
	for _, one := range all {
		if safe := eventData(one.Type, one.Data); safe != nil {
			*r = append(*r, recordedEvent{Type: one.Type, Data: safe, At: one.At})
		}
	}
	return nil
}

// eventData is the data of an event rebuilt; nil when its kind is not known or it cannot be read.
func eventData(kind int, data json.RawMessage) any {
	var into any
	switch kind {
	case 0, 1: // the document was read, the page was loaded
		return struct{}{}
	case 2:
		into = &wholePage{}
	case 3:
		return change(data)
	case 4:
		into = &pageMeta{}
	case 5:
		into = &custom{}
	default:
		return nil
	}
	if json.Unmarshal(data, into) != nil {
		return nil
	}
	if said, is := into.(*custom); is && said.Tag == "" {
		return nil
	}
	return into
}

// wholePage is the page as it stood.
type wholePage struct {
	Node   node `json:"node"`
	Offset struct {
		Left bounded `json:"left"`
		Top  bounded `json:"top"`
	} `json:"initialOffset"`
}

// pageMeta is where the page is, by its route, and how large the window.
type pageMeta struct {
	Href   routeAddress `json:"href"`
	Width  bounded      `json:"width"`
	Height bounded      `json:"height"`
}

// change is what happened in the page, by its source.
func change(data json.RawMessage) any {
	var of struct {
		Source int `json:"source"`
	}
	if json.Unmarshal(data, &of) != nil {
		return nil
	}
	into, known := map[int]any{
		0: &mutation{}, 1: &movement{}, 2: &interaction{}, 3: &scrolling{}, 4: &resizing{}, 5: &typing{}, 6: &movement{}, 12: &movement{},
	}[of.Source]
	if !known || json.Unmarshal(data, into) != nil {
		return nil
	}
	return into
}

type mutation struct {
	Source bounded `json:"source"`
	Texts  []struct {
		ID    bounded `json:"id"`
		Value masked  `json:"value"`
	} `json:"texts"`
	Attributes []struct {
		ID         bounded    `json:"id"`
		Attributes attributes `json:"attributes"`
	} `json:"attributes"`
	Removes []struct {
		Parent bounded `json:"parentId"`
		ID     bounded `json:"id"`
	} `json:"removes"`
	Adds []struct {
		Parent bounded  `json:"parentId"`
		Next   *bounded `json:"nextId"`
		Node   node     `json:"node"`
	} `json:"adds"`
}

type movement struct {
	Source    bounded `json:"source"`
	Positions []struct {
		X    bounded `json:"x"`
		Y    bounded `json:"y"`
		ID   bounded `json:"id"`
		Late bounded `json:"timeOffset"`
	} `json:"positions"`
}

type interaction struct {
	Source  bounded `json:"source"`
	Type    bounded `json:"type"`
	ID      bounded `json:"id"`
	X       bounded `json:"x"`
	Y       bounded `json:"y"`
	Pointer bounded `json:"pointerType"`
}

type scrolling struct {
	Source bounded `json:"source"`
	ID     bounded `json:"id"`
	X      bounded `json:"x"`
	Y      bounded `json:"y"`
}

type resizing struct {
	Source bounded `json:"source"`
	Width  bounded `json:"width"`
	Height bounded `json:"height"`
}

type typing struct {
	Source  bounded `json:"source"`
	ID      bounded `json:"id"`
	Text    masked  `json:"text"`
	Checked bool    `json:"isChecked"`
}

// custom is what Sentry's library adds: clicks and moves to other pages, without what was clicked, and what was waited for.
type custom struct {
	Tag     string        `json:"tag"`
	Payload customPayload `json:"payload"`
}

// UnmarshalJSON reads the two kinds that are known.
func (c *custom) UnmarshalJSON(data []byte) error {
	var said struct {
		Tag     string        `json:"tag"`
		Payload customPayload `json:"payload"`
	}
	if json.Unmarshal(data, &said) != nil || said.Tag != "breadcrumb" && said.Tag != "performanceSpan" {
		return nil
	}
	c.Tag, c.Payload = said.Tag, said.Payload
	return nil
}

type customPayload struct {
	Category  customWord `json:"category,omitempty"`
	Type      customWord `json:"type,omitempty"`
	Op        customWord `json:"op,omitempty"`
	Timestamp *instant   `json:"timestamp,omitempty"`
	Start     *instant   `json:"startTimestamp,omitempty"`
	End       *instant   `json:"endTimestamp,omitempty"`
	What      spanNamed  `json:"description,omitempty"`
}

type customWord string

func (w *customWord) UnmarshalJSON(data []byte) error {
	*w = customWord(oneOf(data, "ui.click", "ui.slowClickDetected", "ui.multiClick", "ui.keyDown", "ui.blur", "ui.focus", "navigation", "default",
		"replay.init", "replay.mutations", "sentry.event", "navigation.navigate", "navigation.push", "navigation.back_forward", "navigation.reload",
		"resource.fetch", "resource.xhr", "resource.script", "resource.link", "resource.css", "resource.img", "paint", "web-vital", "memory"))
	return nil
}

// instant is a time near now, in seconds; 0 for any other.
type instant float64

func (i *instant) UnmarshalJSON(data []byte) error {
	var said float64
	if json.Unmarshal(data, &said) == nil && said > 0 && said < 1e11 && time.Since(time.Unix(int64(said), 0)).Abs() < 24*time.Hour {
		*i = instant(said)
	}
	return nil
}

// moments is a time near now, in milliseconds; 0 for any other.
type moments int64

func (m *moments) UnmarshalJSON(data []byte) error {
	var said float64
	if json.Unmarshal(data, &said) != nil || said < 0 || said > 1e14 {
		return nil
	}
	if distance := time.Since(time.UnixMilli(int64(said))); distance > -24*time.Hour && distance < 24*time.Hour {
		*m = moments(said)
	}
	return nil
}

// bounded is a whole number of a size that places, sizes and ids have; 0 for any other: a telephone number is larger.
type bounded int

func (b *bounded) UnmarshalJSON(data []byte) error {
	*b = 0
	var said float64
	if json.Unmarshal(data, &said) == nil && said > -1e8 && said < 1e8 {
		*b = bounded(said)
	}
	return nil
}

// routeAddress is the address of a page by its route, on no host there is.
type routeAddress string

func (r *routeAddress) UnmarshalJSON(data []byte) error {
	*r = routeAddress(addressOf(routeSaid(plain(data))))
	return nil
}
