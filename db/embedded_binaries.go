package db

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// downloadable are the releases that can be had when the machine has no PostgreSQL; a new clinic gets the first.
var downloadable = []struct {
	major   int
	version embeddedpostgres.PostgresVersion
}{
	{17, embeddedpostgres.V17}, {18, embeddedpostgres.V18}, {16, embeddedpostgres.V16}, {15, embeddedpostgres.V15},
}

// binaries is one PostgreSQL: installed below path (path/bin/postgres), or to be downloaded when path is "".
type binaries struct {
	path    string
	major   int
	version embeddedpostgres.PostgresVersion
}

// chooseBinaries finds the PostgreSQL for the data in a folder: of the same major version when it holds a database,
// else the newest that is installed, else one to download.
func chooseBinaries(data string) (binaries, error) {
	installed := installedBinaries()
	made, err := majorOf(data)
	if err != nil {
		return binaries{}, err
	}

	for _, found := range installed {
		if made == 0 || found.major == made {
			return found, nil
		}
	}
	for _, release := range downloadable {
		if made == 0 || release.major == made {
			return binaries{major: release.major, version: release.version}, nil
		}
	}
	has := "none is installed here"
	if len(installed) > 0 {
		has = "this machine has " + strconv.Itoa(installed[0].major)
	}
	return binaries{}, cannotStart(nil, "The database in %s was made by PostgreSQL %d, and %s. "+
		"Install PostgreSQL %d, or move the data by pg_dump into a newer one, or set DATA_DIR to another folder.", data, made, has, made)
}

// majorOf is the major version of PostgreSQL that made the data; 0 when there is none yet.
func majorOf(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, notWritable(data, err)
	}
	whole, _, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	major, err := strconv.Atoi(whole)
	if err != nil {
		return 0, cannotStart(err, "The file PG_VERSION in %s is damaged: restore the folder from a backup.", data)
	}
	return major, nil
}

// installedBinaries are the machine's PostgreSQL servers that are new enough, newest first.
func installedBinaries() []binaries {
	var places []string
	if onPath, err := exec.LookPath("pg_ctl"); err == nil {
		if real, err := filepath.EvalSymlinks(onPath); err == nil {
			places = append(places, filepath.Dir(real))
		}
	}
	if said, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		places = append(places, strings.TrimSpace(string(said)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
		"/usr/local/pgsql/bin", "/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		places = append(places, found...)
	}

	var all []binaries
	slices.Sort(places)
	for _, place := range slices.Compact(places) {
		if major := serverMajor(place); major >= oldestMajor {
			version := embeddedpostgres.PostgresVersion(strconv.Itoa(major) + ".0.0")
			all = append(all, binaries{path: filepath.Dir(place), major: major, version: version})
		}
	}
	slices.SortStableFunc(all, func(a, b binaries) int { return cmp.Compare(b.major, a.major) })
	return all
}

var firstNumber = regexp.MustCompile(`\d+`)

// serverMajor asks the server in a bin folder for its version; 0 when it has not all that is needed.
func serverMajor(bin string) int {
	if filepath.Base(bin) != "bin" {
		return 0
	}
	for _, needed := range []string{"initdb", "pg_ctl"} {
		if _, err := exec.LookPath(filepath.Join(bin, needed)); err != nil {
			return 0
		}
	}
	said, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	major, _ := strconv.Atoi(firstNumber.FindString(string(said)))
	return major
}
