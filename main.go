// Purple Cross is the working day of a veterinary clinic in one binary: see the README.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // the clinic's zone is known wherever this runs

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/term"

	"purplecross/db"
	"purplecross/db/demo"
	"purplecross/db/imports"
	"purplecross/handlers"
	"purplecross/internal/config"
	"purplecross/internal/profiles"
	"purplecross/internal/report"
	"purplecross/jobs"
	"purplecross/jobs/mailbox"
	"purplecross/jobs/texts"
	"purplecross/static"
)

// release is set by -ldflags "-X main.release=…"; report falls back on the build's own information.
var release string

// stopWithin is how long requests and jobs at work get to finish after Ctrl-C.
const stopWithin = 25 * time.Second

func main() {
	db.EmbeddedMain() // the hidden child that runs the embedded PostgreSQL; returns at once everywhere else

	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "purple-cross: "+err.Error())
		os.Exit(1)
	}
}

type command struct {
	name, arguments, says string
	do                    func(ctx context.Context, cfg config.Config, arguments []string) error
}

func commands() []command {
	return []command{
		{"serve", "", "web and worker in one process (the default)", serve},
		{"web", "", "pages only", web},
		{"worker", "", "background work only", worker},
		{"migrate", "", "bring the database up to date", migrate},
		{"seed", "[-clients N] [-patients N]", "fill in made-up clients and patients", seed},
		{"import", "[-check] FILE", "read clients, patients, visits or treatments from CSV; safe to run twice", importFile},
		{"user", "add -email E -name N -role R", "add a person who can sign in", user},
		{"gallery", "export DIR", "write the gallery as files for any file server", exportGallery},
		{"help", "", "this", help},
	}
}

func run(arguments []string) error {
	name := "serve"
	if len(arguments) > 0 {
		name, arguments = arguments[0], arguments[1:]
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		cfg, err := config.Load()
		if err != nil && name != "help" {
			return err
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return c.do(ctx, cfg, arguments)
	}
	return fmt.Errorf("there is no command %q; try: purple-cross help", name)
}

// serve is web and worker in one process, web and worker are the two apart.
func serve(ctx context.Context, cfg config.Config, _ []string) error {
	return start(ctx, cfg, true, true)
}

func web(ctx context.Context, cfg config.Config, _ []string) error {
	return start(ctx, cfg, true, false)
}

func worker(ctx context.Context, cfg config.Config, _ []string) error {
	return start(ctx, cfg, false, true)
}

func start(ctx context.Context, cfg config.Config, pages, work bool) (err error) {
	log := newLog(cfg)
	closing := []func() error{} // in the order of opening; undone from the last
	defer func() {
		for i := len(closing) - 1; i >= 0; i-- {
			err = errors.Join(err, closing[i]())
		}
	}()

	// A port in use is the commonest mistake, so it is found before anything slow.
	var listener net.Listener
	if pages {
		if listener, err = listen(cfg.Addr); err != nil {
			return err
		}
		closing = append(closing, func() error { _ = listener.Close(); return nil })
	}

	if err := report.Init(report.Options{DSN: cfg.SentryDSN, Environment: cfg.AppEnv, Release: release, SecretKey: cfg.SecretKey, Force: cfg.SentryAlways}); err != nil {
		return err
	}
	h, err := openHouse(ctx, cfg, false)
	if err != nil {
		return err
	}
	closing = append(closing, h.close, report.Close) // the last failures are recorded while the database is there
	report.RecordWith(h.record)
	if err := report.Crashes(h.dir, map[bool]string{true: "web", false: "worker"}[pages]); err != nil {
		log.Warn("crashes are not kept", "error", err)
	}
	if profiles.Rate(cfg.AppEnv) > 0 {
		if err := profiles.Fly(); err != nil {
			log.Warn("slow requests are not recorded", "error", err)
		}
	}
	report.Go(ctx, "profiles", "record", func(ctx context.Context) error {
		profiles.Run(ctx, profiles.Rate(cfg.AppEnv))
		return nil
	})
	if clinic, err := db.GetClinic(ctx, h.pool); err == nil && clinic.Demo && cfg.Production() {
		return errors.New("this database is a demo clinic, whose passwords everybody knows: it is not for APP_ENV=production. Use a database of your own")
	}

	var mail *mailbox.Server
	if cfg.SMTPURL == "" && cfg.Development() {
		if err = os.MkdirAll(h.dir, 0o755); err != nil { // nobody's PostgreSQL may have to pass it one day
			return fmt.Errorf("make DATA_DIR: %w", err)
		}
		if mail, err = mailbox.Start(filepath.Join(h.dir, "mailbox"), log); err != nil {
			return fmt.Errorf("start the development mailbox: %w", err)
		}
		closing = append(closing, mail.Close)
		cfg.SMTPURL = mail.URL()
	}

	var phone *texts.Phone
	if cfg.SMSURL == "" && cfg.Development() {
		if phone, err = texts.StartPhone(filepath.Join(h.dir, "phone"), log); err != nil {
			return fmt.Errorf("start the development phone: %w", err)
		}
		closing = append(closing, phone.Close)
		cfg.SMSURL = phone.URL()
	}

	queue, err := jobs.New(h.pool, jobs.Options{Work: work, SMTPURL: cfg.SMTPURL, SMSURL: cfg.SMSURL, Production: cfg.Production(), BaseURL: cfg.BaseURL, SecretKey: cfg.SecretKey, Zone: cfg.Zone(), Log: log})
	if err != nil {
		return err
	}
	if err := queue.Start(ctx); err != nil {
		return err
	}
	closing = append(closing, func() error { return within(stopWithin, queue.Stop) })

	if !pages {
		fmt.Println("Purple Cross works its queues. Ctrl-C stops it.")
		<-ctx.Done()
		return nil
	}
	if cfg.Development() { // an edit of a style or a script needs no new build
		static.FromDisk("static")
	}
	go static.Prepare()
	news := db.ListenForNews(h.pool, log)
	closing = append(closing, func() error { news.Close(); return nil })
	stopping := make(chan struct{})
	app := &handlers.App{Pool: h.pool, Jobs: queue, Config: cfg, Zone: cfg.Zone(), Now: time.Now, Log: log, Mailbox: mail, Phone: phone, News: news, Closing: stopping}
	server := &http.Server{Handler: handlers.New(app), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	server.RegisterOnShutdown(func() { close(stopping) })
	welcome(ctx, cfg, h)
	return serveUntil(ctx, server, listener)
}

func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }() // net/http recovers and reports each request by itself
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	fmt.Println("Stopping…")
	if err := within(stopWithin, server.Shutdown); err != nil {
		return server.Close() // somebody's download outlasted our patience
	}
	return nil
}

func within(limit time.Duration, stop func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return stop(ctx)
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program. Stop that one, or choose another address: ADDR=127.0.0.1:8081", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("ADDR %s can't be listened on: %w", addr, err)
	}
	return listener, nil
}

// welcome says where to click and how to sign in.
func welcome(ctx context.Context, cfg config.Config, h *house) {
	fmt.Printf("\nPurple Cross is open at http://%s\n", cfg.Addr)
	if clinic, err := db.GetClinic(ctx, h.pool); err == nil && clinic.Demo && !cfg.Production() {
		fmt.Printf("\n  Sign in as reception@demo.clinic, password %s\n  (also nurse@, vet@, manager@, admin@ and designer@demo.clinic)\n\n", demo.Password)
		fmt.Printf("  Day board  http://%[1]s/          Gallery  http://%[1]s/gallery\n  Mailbox    http://%[1]s/dev/mailbox   Jobs     http://%[1]s/admin/jobs/ (as admin@)\n", cfg.Addr)
	}
	if people, err := db.ListStaff(ctx, h.pool); err == nil && len(people) == 0 {
		fmt.Print("\n  Nobody can sign in yet. Add the first person:\n  purple-cross user add -email you@clinic.example -name \"Your Name\" -role admin\n")
	}
	if h.embedded != nil {
		fmt.Printf("  Data       %s\n", h.dir)
	}
	fmt.Println("\nCtrl-C stops everything.")
}

// house is the database, opened and up to date.
type house struct {
	pool     *pgxpool.Pool
	embedded *db.Embedded // nil with a DATABASE_URL
	dir      string       // for files of our own: the development mailbox
}

// openHouse finds or starts PostgreSQL and migrates it. A new embedded database becomes the demo clinic. A command
// works beside a server that already has the embedded one.
func openHouse(ctx context.Context, cfg config.Config, beside bool) (_ *house, err error) {
	h := &house{dir: cfg.DataDir}
	defer func() {
		if err != nil {
			_ = h.close()
		}
	}()

	address := cfg.DatabaseURL
	if address == "" && beside {
		address = db.RunningEmbedded(cfg.DataDir)
	}
	if address == "" {
		if cfg.Production() {
			return nil, errors.New("DATABASE_URL is needed in production: the embedded PostgreSQL is for trying things out")
		}
		if h.embedded, err = db.StartEmbedded(ctx, db.EmbeddedOptions{Dir: cfg.DataDir, Log: os.Stderr}); err != nil {
			return nil, err
		}
		h.dir, address = h.embedded.Dir(), h.embedded.URL()
	}
	if h.pool, err = db.Open(ctx, address, cfg.ClinicTZ, report.Tracer()); err != nil {
		return nil, err
	}
	if err = db.Migrate(ctx, h.pool); err != nil {
		return nil, err
	}
	if err = jobs.Migrate(ctx, h.pool); err != nil {
		return nil, err
	}
	if h.embedded != nil {
		err = demo.Fill(ctx, h.pool, demo.Options{Now: time.Now().In(cfg.Zone())})
	}
	return h, err
}

// record keeps a failure in the database, where /admin/errors shows it.
func (h *house) record(ctx context.Context, failure report.Failure) error {
	return db.RecordError(ctx, h.pool, db.Failure(failure))
}

func (h *house) close() error {
	if h.pool != nil {
		h.pool.Close()
	}
	if h.embedded != nil {
		return h.embedded.Stop()
	}
	return nil
}

func newLog(cfg config.Config) *slog.Logger {
	var handler slog.Handler = slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})
	if cfg.LogFormat == "json" {
		handler = slog.NewJSONHandler(os.Stderr, nil)
	}
	log := slog.New(report.Quiet(report.Logs(handler), time.Minute))
	slog.SetDefault(log)
	return log
}

// withHouse runs a command that needs the database alone.
func withHouse(ctx context.Context, cfg config.Config, do func(h *house) error) error {
	h, err := openHouse(ctx, cfg, true)
	if err != nil {
		return err
	}
	return errors.Join(do(h), h.close())
}

func migrate(ctx context.Context, cfg config.Config, _ []string) error {
	return withHouse(ctx, cfg, func(*house) error {
		fmt.Println("The database is up to date.")
		return nil
	})
}

// seed fills in made-up clients and patients, to try the lists at size.
func seed(ctx context.Context, cfg config.Config, arguments []string) error {
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	clients := flags.Int("clients", 0, "how many clients; 0: as many as the patients need")
	patients := flags.Int("patients", 0, "how many patients; 0: as the clients have, or 10,000")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *clients == 0 && *patients == 0 {
		*patients = 10_000
	}
	if cfg.Production() {
		return errors.New("seed fills in made-up clients, so it does not run with APP_ENV=production")
	}
	return withHouse(ctx, cfg, func(h *house) error {
		began := time.Now()
		err := demo.Seed(ctx, h.pool, demo.SeedOptions{Clients: *clients, Patients: *patients, Progress: bar})
		if err == nil {
			fmt.Printf("Done in %s.\n", time.Since(began).Round(time.Second))
		}
		return err
	})
}

// bar draws how far a command is.
func bar(done, total int) {
	if total == 0 {
		return
	}
	filled := done * 40 / total
	fmt.Fprintf(os.Stderr, "\r%s%s %3d %%  %d of %d", strings.Repeat("█", filled), strings.Repeat("·", 40-filled), done*100/total, done, total)
	if done == total {
		fmt.Fprintln(os.Stderr)
	}
}

// barred draws the bar of an import.
type barred struct{ done, total int }

func (b *barred) At(done int)   { b.done = done }
func (b *barred) Total(all int) { b.total = all }

func (b *barred) Step(n int) {
	b.done += n
	bar(min(b.done, b.total-1), b.total) // the end is said when it is there
}

// importFile reads a CSV file of clients, patients, visits or treatments and prints what became of its rows.
func importFile(ctx context.Context, cfg config.Config, arguments []string) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	check := flags.Bool("check", false, "only say what would become of the rows")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("name the one file to import: purple-cross import clients.csv")
	}
	return withHouse(ctx, cfg, func(h *house) error {
		summary, err := imports.File(ctx, h.pool, flags.Arg(0), imports.Options{Progress: &barred{}, CheckOnly: *check})
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return err
		}
		summary.Print(os.Stdout)
		return nil
	})
}

// user adds a person who can sign in; the first of them in a new clinic comes this way.
func user(ctx context.Context, cfg config.Config, arguments []string) error {
	flags := flag.NewFlagSet("user add", flag.ContinueOnError)
	email := flags.String("email", "", "what the person signs in with")
	name := flags.String("name", "", "as clients see it")
	clinic := flags.String("clinic", "Our clinic", "the clinic's name, for the first person of a new one")
	role := flags.String("role", "admin", "reception, nurse, vet, manager, admin or designer")
	if len(arguments) == 0 || arguments[0] != "add" {
		return errors.New("try: purple-cross user add -email you@clinic.example -name \"Your Name\" -role admin")
	}
	if err := flags.Parse(arguments[1:]); err != nil {
		return err
	}
	person := db.Staff{Email: *email, DisplayName: *name, Role: db.Role(*role)}
	if err := person.Check().Err(); err != nil {
		return err
	}
	password, err := readPassword()
	if err != nil {
		return err
	}
	if person.PasswordHash, err = handlers.HashPassword(password); err != nil {
		return err
	}
	return withHouse(ctx, cfg, func(h *house) error {
		if started, err := db.StartClinic(ctx, h.pool, *clinic, person.Email); err != nil {
			return err
		} else if started {
			fmt.Println("The clinic is set up with the usual hours, rooms and visits; /admin/clinic changes it.")
		}
		added, err := db.AddStaff(ctx, h.pool, person)
		if err == nil {
			fmt.Printf("%s can sign in as %s.\n", added.DisplayName, added.Email)
		}
		return err
	})
}

// readPassword asks at a terminal without showing it, and reads a line of anything else.
func readPassword() (string, error) {
	if term.IsTerminal(int(os.Stdin.Fd())) {
		fmt.Fprint(os.Stderr, "Password (at least 10 characters): ")
		typed, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(typed), err
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func help(context.Context, config.Config, []string) error {
	fmt.Println("Purple Cross: the working day of a veterinary clinic.\n\nCommands:")
	for _, c := range commands() {
		fmt.Printf("  %-36s %s\n", strings.TrimSpace(c.name+" "+c.arguments), c.says)
	}
	fmt.Println("\nEnvironment:")
	config.Help(os.Stdout)
	return nil
}
