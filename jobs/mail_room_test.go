package jobs

import (
	"context"
	"testing"
)

func roomAt(t *testing.T, office *postOffice) *mailRoom {
	t.Helper()
	server, err := parseServer(office.url, false)
	if err != nil {
		t.Fatal(err)
	}
	room := newMailRoom(server)
	t.Cleanup(room.close)
	return room
}

func TestLettersShareAConnectionUntilItHasCarriedItsHundred(t *testing.T) {
	office := openPostOffice(t, "127.0.0.1:0")
	room := roomAt(t, office)

	for range lettersEach + 1 {
		if err := room.send(t.Context(), anEnvelope); err != nil {
			t.Fatal(err)
		}
	}

	if taken, dialed := len(office.letters()), room.dialed; taken != lettersEach+1 || dialed != 2 {
		t.Errorf("%d letters went out on %d connections", taken, dialed)
	}
}

func TestAConnectionThatTheServerEndedIsReplacedBeforeTheLetter(t *testing.T) {
	office := openPostOffice(t, "127.0.0.1:0")
	room := roomAt(t, office)
	if err := room.send(t.Context(), anEnvelope); err != nil {
		t.Fatal(err)
	}
	office.hangUpOnAll()

	err := room.send(t.Context(), anEnvelope)

	if err != nil || len(office.letters()) != 2 || room.dialed != 2 {
		t.Errorf("%d letters on %d connections: %v", len(office.letters()), room.dialed, err)
	}
}

func TestARefusedLetterLeavesNoConnectionInAStateNobodyKnows(t *testing.T) {
	office := openPostOffice(t, "127.0.0.1:0")
	office.refuses = anEnvelope.to.Address
	room := roomAt(t, office)
	if err := room.send(t.Context(), anEnvelope); err == nil {
		t.Fatal("the address was taken")
	}
	other := anEnvelope
	other.to.Address = "kit@example.com"

	if err := room.send(t.Context(), other); err != nil || len(office.letters()) != 1 || room.dialed != 2 {
		t.Errorf("%d letters on %d connections: %v", len(office.letters()), room.dialed, err)
	}
}

func TestALetterBrokenOffTakesItsConnectionWithIt(t *testing.T) {
	office := openPostOffice(t, "127.0.0.1:0")
	room := roomAt(t, office)
	if err := room.send(t.Context(), anEnvelope); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	err := room.send(ctx, anEnvelope)

	if err == nil || len(room.idle) != 0 {
		t.Errorf("%d connections are idle: %v", len(room.idle), err)
	}
	if err := room.send(t.Context(), anEnvelope); err != nil {
		t.Error(err)
	}
}
