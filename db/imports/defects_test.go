package imports

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"purplecross/db"
	"purplecross/db/dbtest"
)

const twoClients = "legacy_client_id,first_name,last_name,email\r\n1,Inés,Núñez,\r\n2,Ada,\"Ødegård; Jr.\",ada@example.org\r\n"

func inUTF16(text string, order binary.ByteOrder, mark bool) []byte {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var b bytes.Buffer
	_ = binary.Write(&b, order, units)
	return b.Bytes()
}

func TestEveryEncodingAndDelimiterReadsTheSame(t *testing.T) {
	windows, err := charmap.Windows1252.NewEncoder().String(twoClients)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"utf-8":                []byte(twoClients),
		"utf-8 with a mark":    []byte("\xEF\xBB\xBF" + twoClients),
		"windows-1252":         []byte(windows),
		"utf-16 little":        inUTF16(twoClients, binary.LittleEndian, true),
		"utf-16 big":           inUTF16(twoClients, binary.BigEndian, true),
		"utf-16 little, plain": inUTF16(twoClients, binary.LittleEndian, false),
		"utf-16 big, plain":    inUTF16(twoClients, binary.BigEndian, false),
		"semicolons":           []byte(strings.ReplaceAll(twoClients, ",", ";")),
		"tabs":                 []byte(strings.ReplaceAll(twoClients, ",", "\t")),
		"lone line feeds":      []byte(strings.ReplaceAll(twoClients, "\r\n", "\n")),
		"shouted headings":     []byte(strings.Replace(twoClients, "legacy_client_id,first_name,last_name", " Legacy_Client_ID ,FIRST_NAME,Last_Name", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			pool := dbtest.New(t)
			s, err := Read(t.Context(), pool, "x.csv", bytes.NewReader(file), Options{})
			if err != nil || s.Added != 2 {
				t.Fatalf("%+v %v", s, err)
			}
			if count(t, pool, `select count(*) from client where (first_name, last_name) in (('Inés', 'Núñez'), ('Ada', 'Ødegård; Jr.'))`) != 2 {
				t.Error("the names are not what they were")
			}
		})
	}
}

func TestFileThatIsNoneGetsOneSentence(t *testing.T) {
	pool := dbtest.New(t)
	for text, said := range map[string]string{
		"":                              "The file is empty.",
		"\xEF\xBB\xBF \r\n\n":           "The file is empty.",
		"PK\x03\x04\x14\x00clients.csv": "This is a ZIP archive or an Excel workbook, not a CSV file. Open it and save the sheet as CSV.",
		"%PDF-1.7 …":                    "This is a PDF, not a CSV file. Export the list as CSV.",
		strings.Repeat("\x01\x02ab", 9): "This is not a text file. Save the list as CSV.",
		"name\nCoco\nMax\n":             "The file has one column only, “name”.",
		"a,b,c\n1,2,3\n":                "The columns of this file are not known: a, b, c.",
		"legacy_client_id,last_name,Last_Name\n1,a,b\n": "The column “Last_Name” is there twice.",
		"\x00\x00\x00\x00\x00\x00\x00\x00":              "The file",
	} {
		_, err := Read(t.Context(), pool, "x.csv", strings.NewReader(text), Options{})
		if wrong := new(Problem); !errors.As(err, &wrong) || !strings.HasPrefix(wrong.Said, said) {
			t.Errorf("%.12q: %v", text, err)
		}
	}
	for path, said := range map[string]string{t.TempDir(): "is a folder", filepath.Join(t.TempDir(), "none.csv"): "There is no file"} {
		if _, err := File(t.Context(), pool, path, Options{}); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if n := count(t, pool, `select count(*) from import_batch`); n != 0 {
		t.Errorf("%d batches of nothing", n)
	}
}

func TestRowThatCannotBeStoredIsRefusedAlone(t *testing.T) {
	pool := dbtest.New(t)
	s := bringText(t, pool, "legacy_client_id,first_name,last_name\n"+
		"1,Good,One\n"+
		"2,Nu\x00l,Byte\n"+
		"3,"+strings.Repeat("x", 1<<20)+",Megabyte\n"+
		"4,Too,Many,Columns\n"+
		"5,Extra,Commas,,,\n"+
		"6,Few\n"+
		",No,Number\n"+
		"8,No name,\n"+
		"9,"+strings.Repeat("é", 101)+",Long\n"+
		"1e+05,Scientific,Number\n"+
		"11,Bare \"quote\" inside,Fine\n"+
		"12,\"Never,closed\n13,swallowed,row\n")
	if s.Added != 3 || s.Refused != 9 {
		t.Errorf("%d added, %d refused: %+v", s.Added, s.Refused, s.Refusals)
	}
	if n := count(t, pool, `select max(length(raw::text)) from import_row`); n > 2000 {
		t.Errorf("%d bytes of a bad row are kept", n)
	}
}

func TestQuoteThatNeverClosesStopsTheFileAndKeepsWhatStoodBefore(t *testing.T) {
	pool := dbtest.New(t)
	file := "legacy_client_id,last_name\n1,One\n2,\"Two\n" + strings.Repeat("3,Three\n", mostInRow/4)
	_, err := Read(t.Context(), pool, "x.csv", strings.NewReader(file), Options{})
	if wrong := new(Problem); !errors.As(err, &wrong) || !strings.Contains(wrong.Said, "after line 2") {
		t.Fatal(err)
	}
	if n := count(t, pool, `select count(*) from client`); n != 1 {
		t.Errorf("%d clients", n)
	}
	if n := count(t, pool, `select count(*) from import_batch where status = 'failed'`); n != 1 {
		t.Error("the batch does not say that it failed")
	}
}

const (
	onePet     = "legacy_patient_id,legacy_client_id,name,species,microchip,status,deceased_on,weight_kg\n"
	oneClient  = "legacy_client_id,first_name,last_name,mobile,email,sms_ok,email_ok\n"
	courtney   = "1,Courtney,Reilly,+19705550167,c@example.org,true,true\n"
	cocoOfHers = "1,1,Coco,dog,985000000000001,active,,8.4\n"
)

func TestChangedFileChangesTheRecordAndSaysSoInTheLog(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+courtney)
	bringText(t, pool, onePet+cocoOfHers)
	if s := bringText(t, pool, oneClient+strings.Replace(courtney, "c@example.org", "new@example.org", 1)); s.Updated != 1 || s.ClientsUpdated != 1 {
		t.Errorf("%+v", s)
	}
	if s := bringText(t, pool, onePet+strings.Replace(cocoOfHers, "Coco", "Cocoa", 1)); s.Updated != 1 || s.PatientsUpdated != 1 {
		t.Errorf("%+v", s)
	}
	for what, sql := range map[string]string{
		"client":   `select count(*) from client where email = 'new@example.org' and version = 2`,
		"document": `select count(*) from client where search_doc like '%cocoa%'`,
		"log":      `select count(*) from audit_log where entity = 'client' and action = 'imported' and diff = '{"email": ["c@example.org", "new@example.org"]}'`,
		"pet":      `select count(*) from audit_log where entity = 'patient' and action = 'imported' and client_id is not null and diff = '{"name": ["Coco", "Cocoa"]}'`,
	} {
		if count(t, pool, sql) != 1 {
			t.Errorf("%s is not changed", what)
		}
	}
}

func TestWhatWasChangedHereSinceIsLeftAlone(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+courtney)
	var id int64
	if err := pool.QueryRow(t.Context(), `select id from client`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	client, err := db.GetClient(t.Context(), pool, id)
	if err != nil {
		t.Fatal(err)
	}
	client.Mobile = "+12065550100"
	if _, err := db.SaveClient(t.Context(), pool, client); err != nil {
		t.Fatal(err)
	}
	s := bringText(t, pool, oneClient+courtney)
	if s.Unchanged != 1 || s.NotedBy["kept"] != 1 || count(t, pool, `select count(*) from client where mobile = '+12065550100' and version = 2`) != 1 {
		t.Errorf("the receptionist's number is gone: %+v", s)
	}
}

func TestOptOutsAndDeathsAreNeverTakenBack(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+strings.Replace(courtney, "true,true", "false,true", 1))
	bringText(t, pool, onePet+"1,1,Coco,dog,,deceased,2024-05-01,8.4\n")
	bringText(t, pool, oneClient+courtney)
	bringText(t, pool, onePet+cocoOfHers)
	if count(t, pool, `select count(*) from client where sms_opt_out_at is not null and email_opt_out_at is null`) != 1 {
		t.Error("the client gets SMS again")
	}
	if count(t, pool, `select count(*) from patient where status = 'deceased' and deceased_on = '2024-05-01'`) != 1 {
		t.Error("Coco lives again")
	}
}

func TestDeathInTheFileStopsVisits(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+courtney)
	bringText(t, pool, onePet+cocoOfHers)
	_, err := pool.Exec(t.Context(), `
		with kind as (insert into appointment_type (name, minutes) values ('Consultation', 20) returning id)
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
		select p.client_id, p.id, kind.id, $1::timestamptz, $1::timestamptz + interval '20 minutes' from patient p, kind`, time.Now().AddDate(0, 0, 3))
	if err != nil {
		t.Fatal(err)
	}
	s := bringText(t, pool, onePet+strings.Replace(cocoOfHers, "active,", "deceased,2024-05-01", 1))
	if s.Updated != 1 || count(t, pool, `select count(*) from appointment where status = 'cancelled'`) != 1 {
		t.Errorf("a visit of the dead is still booked: %+v", s)
	}
}

func TestMicrochipOfAnotherPatientRefusesTheWholeRow(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+courtney)
	bringText(t, pool, onePet+cocoOfHers)
	s := bringText(t, pool, legacyHeading+
		"1,\"Stranger, A\",,,,,,,Max,dog,,M,,,985000000000001,,\r\n"+
		"2,\"Stranger, B\",,,,,,,Bo,dog,,M,,,985000000000002,,\r\n"+
		"3,\"Stranger, C\",,,,,,,Cleo,cat,,F,,,985000000000002,,\r\n")
	if s.Added != 1 || s.RefusedBy["chip-taken"] != 2 {
		t.Errorf("%+v", s)
	}
	if n := count(t, pool, `select count(*) from client where last_name = 'Stranger'`); n != 1 {
		t.Errorf("%d owners of refused rows came in", n-1)
	}
}

func TestPetWithoutOwnerHereIsRefused(t *testing.T) {
	pool := dbtest.New(t)
	if s := bringText(t, pool, onePet+cocoOfHers); s.RefusedBy["no-owner"] != 1 || s.Refusals[0].Value != "1" {
		t.Errorf("%+v", s)
	}
}

func TestRowThatTheDatabaseRefusesDoesNotTakeOthersWithIt(t *testing.T) {
	pool := dbtest.New(t)
	if _, err := pool.Exec(t.Context(), `alter table client add constraint no_bob check (first_name <> 'Bob')`); err != nil {
		t.Fatal(err)
	}
	s := bringText(t, pool, oneClient+courtney+"2,Bob,Rath,,,,\n3,Eve,Rath,,,,\n")
	if s.Added != 2 || s.ClientsAdded != 2 || s.RefusedBy["database"] != 1 {
		t.Errorf("%+v", s)
	}
}

func TestSecondImportAtTheSameTimeWaitsForTheFirst(t *testing.T) {
	pool := dbtest.New(t)
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `select pg_advisory_xact_lock($1)`, int64(importLock)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := Read(t.Context(), pool, "x.csv", strings.NewReader(twoClients), Options{})
		done <- err
	}()
	for count(t, pool, `select count(*) from pg_locks where locktype = 'advisory' and not granted`) == 0 {
		select {
		case err := <-done:
			t.Fatalf("it did not wait: %v", err)
		default:
		}
	}
	if count(t, pool, `select count(*) from client`) != 0 {
		t.Error("it has begun")
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || count(t, pool, `select count(*) from client`) != 2 {
		t.Error(err)
	}
}

func TestDatesAreReadInTheFormsThatExportsHave(t *testing.T) {
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2019-03-27": "2019-03-27", "2019-3-7": "2019-03-07", "2019-03-27 00:00:00": "2019-03-27", "3/27/2019": "2019-03-27", "3/7/19": "2019-03-07",
		"27-Mar-19": "2019-03-27", "1-Jul-2019": "2019-07-01", "1-Jul-99": "1999-07-01", "1-Jul-30": "1930-07-01", "2/29/2020": "2020-02-29",
		"2/29/2019": "", "13/45/2019": "", "11-20": "", "5 yrs": "", "2019": "", "43551": "", "1/1/0019": "", "27/3/2019": "",
	} {
		day, ok := parseDate(text, today)
		if got := day.Format("2006-01-02"); ok != (want != "") || ok && got != want {
			t.Errorf("%s was read as %s, %v", text, got, ok)
		}
	}
}

// FuzzReading feeds anything at all to everything that stands before the database.
func FuzzReading(f *testing.F) {
	for _, name := range []string{"clients.csv", "patients.csv", "legacy_cp1252.csv"} {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file[:4000])
		f.Add(bytes.ReplaceAll(file[:4000], []byte(","), []byte("\x00\"")))
	}
	f.Add([]byte("\xFF\xFE\x00"))
	f.Add([]byte("Client #,Owner,Pet Name,Spec\n\"\n,\",†,F\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		found, err := look(t.Context(), bytes.NewReader(file))
		if err != nil {
			return
		}
		found.kind, found.columns = GuessKind(found.header)
		if len(found.kind.Missing(found.columns)) > 0 {
			return
		}
		im := newRun(nil, db.ImportBatch{Source: found.kind.source}, found)
		im.zone = time.UTC
		im.today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		reader := newReader(bytes.NewReader(file), &im.found)
		for {
			r, err := reader.next()
			if err != nil {
				return
			}
			g := im.read(r)
			_ = g.raw()
			if !g.refused() && g.client != nil && strings.TrimSpace(g.client.LastName) == "" {
				t.Error("a client without a surname")
			}
			if !g.refused() && g.pet != nil && g.pet.Name == "" {
				t.Error("a pet without a name")
			}
		}
	})
}
