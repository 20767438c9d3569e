package report

import (
	"os"
	"strings"
	"testing"
)

// WRITE_SCHEMA=1 writes it anew.
func TestTheDocumentSaysExactlyWhatCanLeave(t *testing.T) {
	const file = "../../docs/what-leaves.md"
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(body), "```\n")
	_, after, _ := strings.Cut(rest, "```")
	want := before + "```\n" + Schema() + "```" + after
	if os.Getenv("WRITE_SCHEMA") != "" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(body) != want {
		t.Errorf("docs/what-leaves.md is not what leaves. It is:\n%s", Schema())
	}
}

func TestEveryTextThatLeavesIsOfAKindThatWasThoughtAbout(t *testing.T) {
	for line := range strings.Lines(Schema()) {
		if strings.Contains(line, ": \n") {
			t.Errorf("%q is of no kind", line)
		}
	}
}
