package jobs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rule says when something happens: every so often, or at a time of day on some days.
type rule struct {
	every    time.Duration // 0: at a time of day
	weekdays []time.Weekday
	monthday int // 0: by weekdays
	minute   int // of the day
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// parseRule reads "every 5m", "daily 08:00", "mon thu 08:00" and "monthly 1 08:00".
func parseRule(text string) (rule, error) {
	bad := fmt.Errorf("%q is no rule for a schedule", text)
	words := strings.Fields(text)
	if len(words) < 2 {
		return rule{}, bad
	}
	days, last := words[:len(words)-1], words[len(words)-1]
	if len(days) == 1 && days[0] == "every" {
		every, err := time.ParseDuration(last)
		if err != nil || every < time.Second {
			return rule{}, bad
		}
		return rule{every: every}, nil
	}

	at, err := time.Parse("15:04", last)
	if err != nil {
		return rule{}, bad
	}
	r := rule{minute: at.Hour()*60 + at.Minute()}
	switch {
	case len(days) == 1 && days[0] == "daily":
		r.weekdays = []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	case len(days) == 2 && days[0] == "monthly":
		r.monthday, err = strconv.Atoi(days[1])
		if err != nil || r.monthday < 1 || r.monthday > 28 { // every month has the 28th
			return rule{}, bad
		}
	default:
		for _, day := range days {
			number := slices.Index(weekdays, day)
			if number < 0 {
				return rule{}, bad
			}
			r.weekdays = append(r.weekdays, time.Weekday(number))
		}
	}
	return r, nil
}

// crontab is the rule as a line of crontab; "" for one that goes by an interval.
func (r rule) crontab() string {
	if r.every > 0 {
		return ""
	}
	monthday, days := "*", "*"
	if r.monthday != 0 {
		monthday = strconv.Itoa(r.monthday)
	} else if len(r.weekdays) < 7 {
		numbers := make([]string, len(r.weekdays))
		for i, day := range r.weekdays {
			numbers[i] = strconv.Itoa(int(day))
		}
		days = strings.Join(numbers, ",")
	}
	return fmt.Sprintf("%d %d %s * %s", r.minute%60, r.minute/60, monthday, days)
}

// first is when a new schedule runs first: one that goes by an interval, at once.
func (r rule) first(now time.Time, zone *time.Location) time.Time {
	if r.every > 0 {
		return now
	}
	return r.next(now, now, zone)
}

// next is the first time after now; due is when it was to be last. What was missed between is not made up for here.
func (r rule) next(due, now time.Time, zone *time.Location) time.Time {
	if r.every > 0 {
		missed := max(now.Sub(due)/r.every, 0)
		return due.Add((missed + 1) * r.every)
	}
	local := now.In(zone)
	for day := 0; ; day++ {
		date := time.Date(local.Year(), local.Month(), local.Day()+day, 12, 0, 0, 0, time.UTC)
		if r.monthday != 0 && date.Day() != r.monthday || r.monthday == 0 && !slices.Contains(r.weekdays, date.Weekday()) {
			continue
		}
		if at := wallTime(date, r.minute, zone); at.After(now) {
			return at
		}
	}
}

// wallTime is when the clocks of a zone show a minute of a day. Where they jump over it, it is the moment of the jump;
// where they show it twice, it is the first.
func wallTime(date time.Time, minute int, zone *time.Location) time.Time {
	at := time.Date(date.Year(), date.Month(), date.Day(), minute/60, minute%60, 0, 0, zone)
	begin, end := at.ZoneBounds()
	if shown := at.Hour()*60 + at.Minute(); shown != minute || at.Day() != date.Day() {
		if at.Day() == date.Day() && shown > minute {
			return begin // reckoned by the clocks of before the jump
		}
		return end // reckoned by those of after it
	}
	if !begin.IsZero() {
		_, now := at.Zone()
		_, before := begin.Add(-time.Second).Zone()
		earlier := at.Add(time.Duration(now-before) * time.Second)
		if before > now && earlier.Before(begin) {
			return earlier
		}
	}
	return at
}
