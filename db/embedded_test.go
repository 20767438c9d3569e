package db_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

func TestEmbeddedDatabaseKeepsItsDataOverARestart(t *testing.T) {
	dir := dataDir(t)
	first := startEmbedded(t, dir)
	exec1(t, first.URL(), `create table kept as select 'Coco' as name`)
	stop(t, first)

	second := startEmbedded(t, dir)
	if name := query1(t, second.URL(), `select name from kept`); name != "Coco" {
		t.Errorf("after a restart the table holds %q", name)
	}
	stop(t, second)
}

func TestEmbeddedDatabaseListensOnLoopbackOnlyAndIsUTF8(t *testing.T) {
	server := startEmbedded(t, dataDir(t))
	defer stop(t, server)
	got := query1(t, server.URL(), `select concat_ws(' ', current_setting('listen_addresses'), current_setting('unix_socket_directories'),
		current_setting('server_encoding'), current_setting('fsync'), lower('É'))`)
	if got != "127.0.0.1  UTF8 on é" {
		t.Errorf("the server runs with %q", got)
	}
}

func TestEmbeddedDatabaseIsStartedAgainWhenItDies(t *testing.T) {
	server := startEmbedded(t, dataDir(t))
	defer stop(t, server)
	exec1(t, server.URL(), `create table kept as select 'Coco' as name`)

	for _, victim := range []func() int{server.PostmasterPID, server.ServerPID} {
		keeper := server.ServerPID()
		kill(t, victim())
		for ctx := within(t, time.Minute); server.ServerPID() == keeper; pause(t, ctx) {
		}
		if name := query1(t, server.URL(), `select name from kept`); name != "Coco" {
			t.Errorf("after the kill the table holds %q", name)
		}
	}
}

// Everything but PostgreSQL is killed: it goes on, an orphan, on the data that the next start wants.
func TestEmbeddedDatabaseStartsAfterEverythingWasKilled(t *testing.T) {
	dir := dataDir(t)
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holdDir+"="+dir)
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var keeper int
	var url string
	if _, err := fmt.Sscan(line, &keeper, &url); err != nil {
		t.Fatal(err)
	}
	exec1(t, url, `create table kept as select 'Coco' as name`)

	kill(t, keeper)
	kill(t, holder.Process.Pid)
	_ = holder.Wait()
	server := startEmbedded(t, dir)
	defer stop(t, server)
	if name := query1(t, server.URL(), `select name from kept`); name != "Coco" {
		t.Errorf("after the kill the table holds %q", name)
	}
}

func TestSecondProcessOnOneDataFolderIsRefused(t *testing.T) {
	dir := dataDir(t)
	server := startEmbedded(t, dir)
	defer stop(t, server)

	_, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{Dir: dir})
	if want := fmt.Sprintf("Another Purple Cross already uses %s (pid %d).", dir, os.Getpid()); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("the second start says %v, not %q", err, want)
	}
}

func TestDataOfAnotherMajorVersionIsRefusedAndUntouched(t *testing.T) {
	dir := dataDir(t)
	data := filepath.Join(dir, "postgres", "data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"PG_VERSION": "13\n", "precious": "rows"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "postgres", "password"), []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}

	_, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{Dir: dir})

	if err == nil || !strings.Contains(err.Error(), "was made by PostgreSQL 13") {
		t.Errorf("the start says %v", err)
	}
	if text, _ := os.ReadFile(filepath.Join(data, "precious")); string(text) != "rows" {
		t.Errorf("the data folder was touched: %q", text)
	}
}

func TestDataFolderThatCannotBeMadeIsOneSentence(t *testing.T) {
	file := filepath.Join(dataDir(t), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{Dir: filepath.Join(file, "data")})
	if err == nil || !strings.Contains(err.Error(), "cannot be written (not a directory)") {
		t.Errorf("the start says %v", err)
	}
}

const holdDir = "PURPLE_CROSS_TEST_HOLD"

// holdEmbedded is a whole other process that uses a data folder until it is killed.
func holdEmbedded(dir string) {
	server, err := db.StartEmbedded(context.Background(), db.EmbeddedOptions{Dir: dir, Log: os.Stderr})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(server.ServerPID(), server.URL())
	select {}
}

// dataDir is a temporary folder that nobody, too, may enter.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "purple-cross-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startEmbedded(t *testing.T, dir string) *db.Embedded {
	t.Helper()
	server, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{Dir: dir, Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func stop(t *testing.T, server *db.Embedded) {
	t.Helper()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

func exec1(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func query1(t *testing.T, url, sql string) string {
	t.Helper()
	text, err := tryQuery(t.Context(), url, sql)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func kill(t *testing.T, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
}

func within(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// pause waits a little before the next look, and fails the test when its time is over.
func pause(t *testing.T, ctx context.Context) {
	t.Helper()
	select {
	case <-ctx.Done():
		t.Fatal("the server did not come back")
	case <-time.After(20 * time.Millisecond):
	}
}

func tryQuery(ctx context.Context, url, sql string) (text string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, sql).Scan(&text)
	return text, err
}
