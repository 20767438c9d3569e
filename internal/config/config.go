// Package config reads the environment. The struct is the documentation: `help` prints it.
package config

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is the environment of one process. `help` is printed, so it is written for an operator.
type Config struct {
	Addr         string `env:"ADDR" envDefault:"127.0.0.1:8080" help:"address to listen on"`
	DatabaseURL  string `env:"DATABASE_URL" help:"PostgreSQL 15 or newer; unset: an embedded one under DATA_DIR"`
	DataDir      string `env:"DATA_DIR" envDefault:".data" help:"folder of the embedded PostgreSQL"`
	AppEnv       string `env:"APP_ENV" envDefault:"development" help:"development, staging or production"`
	BaseURL      string `env:"BASE_URL" help:"address that people type, for links in e-mails; unset: http://ADDR"`
	ClinicTZ     string `env:"CLINIC_TZ" envDefault:"America/Los_Angeles" help:"the clinic's time zone (IANA name)"`
	SecretKey    string `env:"SECRET_KEY" help:"at least 32 characters; keys opaque ids. Required in production"`
	SMTPURL      string `env:"SMTP_URL" help:"smtp://user:password@host:587; unset in development: the built-in mailbox"`
	SMSURL       string `env:"SMS_URL" help:"https://account:token@provider/path?from=%2B19705550100; unset in development: the built-in phone"`
	SentryDSN    string `env:"SENTRY_DSN" help:"unset: errors stay in the database"`
	SentryAlways bool   `env:"SENTRY_ALWAYS" help:"true: send from development too, to a receiver of your own"`
	SentryURL    string `env:"SENTRY_URL" help:"the project's list of issues in Sentry, for links from /admin/errors"`
	MetricsToken string `env:"METRICS_TOKEN" help:"what a Prometheus sends as Bearer to read /metrics; unset: admins only"`
	Gallery      string `env:"GALLERY" help:"public, staff or off; unset: public in development, staff otherwise"`
	LogFormat    string `env:"LOG_FORMAT" help:"text or json; unset: text in development, json otherwise"`
}

// Load reads and checks the environment.
func Load() (Config, error) {
	c, err := env.ParseAs[Config]()
	if err != nil {
		return Config{}, err
	}
	development := c.AppEnv == "development"
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	if c.Gallery == "" {
		c.Gallery = map[bool]string{true: "public", false: "staff"}[development]
	}
	if c.LogFormat == "" {
		c.LogFormat = map[bool]string{true: "text", false: "json"}[development]
	}
	if c.SecretKey == "" && !c.Production() {
		c.SecretKey = rand.Text() + rand.Text() // good for one process's life
	}
	return c, c.check()
}

func (c Config) check() error {
	oneOf := func(name, value string, allowed ...string) error {
		for _, a := range allowed {
			if value == a {
				return nil
			}
		}
		return fmt.Errorf("%s is %q: it can be %s", name, value, strings.Join(allowed, ", "))
	}
	errs := []error{
		oneOf("APP_ENV", c.AppEnv, "development", "staging", "production"),
		oneOf("GALLERY", c.Gallery, "public", "staff", "off"),
		oneOf("LOG_FORMAT", c.LogFormat, "text", "json"),
	}
	if _, err := time.LoadLocation(c.ClinicTZ); err != nil || c.ClinicTZ == "" || c.ClinicTZ == "Local" {
		errs = append(errs, fmt.Errorf("CLINIC_TZ is %q: use a name like Europe/Zurich", c.ClinicTZ))
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		errs = append(errs, errors.New("BASE_URL must look like https://clinic.example"))
	}
	if c.Production() {
		if len(c.SecretKey) < 32 {
			errs = append(errs, errors.New("SECRET_KEY needs at least 32 characters in production"))
		}
		if c.SMTPURL == "" {
			errs = append(errs, errors.New("SMTP_URL is needed in production: without it no client gets a message"))
		}
	}
	return errors.Join(errs...)
}

// Production says whether real clients are behind this.
func (c Config) Production() bool { return c.AppEnv == "production" }

// Development says whether this runs on a developer's machine.
func (c Config) Development() bool { return c.AppEnv == "development" }

// Zone is the clinic's time zone; Load has checked it.
func (c Config) Zone() *time.Location {
	zone, err := time.LoadLocation(c.ClinicTZ)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Help prints what the environment can say.
func Help(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		field := t.Field(i)
		value := ""
		if set := field.Tag.Get("envDefault"); set != "" {
			value = " (" + set + ")"
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s%s\n", field.Tag.Get("env"), field.Tag.Get("help"), value)
	}
	_ = table.Flush()
}
