package grid

import (
	"slices"
	"sort"
	"strings"
)

// Lines places the groups' heads among the rows: a grouped list is lines, each the head of a group or a row of the
// answer. The rows of closed groups have none.
type Lines struct {
	groups   []Sum
	sections []section
	lines    int
	records  int
}

// section is the head of a group and the rows that follow it before the next head.
type section struct {
	line   int // of the head, from 0
	group  int
	first  int // the place of the group's first row in the answer, from 0
	rows   int // that follow
	above  int // the section of the group that it is in; -1 for none
	closed bool
}

// Line is one of them: the head of a group, or the row at a place in the answer.
type Line struct {
	Group  *Sum
	Closed bool
	Number int // from 0
	Place  int // from 0; of a head that of its first row
	Inside *Sum
}

// NewLines lays out groups, given in their order with each before its parts.
func NewLines(groups []Sum, levels int, closed Closed) *Lines {
	l := &Lines{groups: groups}
	place, outer := 0, -1
	for i := range groups {
		group := &groups[i]
		if level := len(group.Path); level == 1 {
			outer = -1
			l.records += group.Count
		} else if l.sections[outer].closed {
			continue
		}
		s := section{line: l.lines, group: i, first: place, above: outer, closed: closed.Has(group.Name())}
		switch {
		case s.closed:
			place += group.Count
		case len(group.Path) == levels:
			s.rows = group.Count
			place += group.Count
		}
		if outer < 0 {
			outer = len(l.sections)
		}
		l.lines += 1 + s.rows
		l.sections = append(l.sections, s)
	}
	return l
}

// Len is the number of lines.
func (l *Lines) Len() int { return l.lines }

// Records is the number of rows, with those of closed groups.
func (l *Lines) Records() int { return l.records }

// At is the line of a number, from 0.
func (l *Lines) At(n int) Line {
	s := &l.sections[l.sectionOf(n)]
	if n == s.line {
		return Line{Number: n, Group: &l.groups[s.group], Closed: s.closed, Place: s.first}
	}
	return Line{Number: n, Place: s.first + n - s.line - 1, Inside: &l.groups[s.group]}
}

// sectionOf is the section that a line stands in.
func (l *Lines) sectionOf(n int) int {
	return sort.Search(len(l.sections), func(i int) bool { return l.sections[i].line > n }) - 1
}

// Above are the heads of the groups that a line stands in, the outermost first; of a head those of the groups around it.
func (l *Lines) Above(n int) []Line {
	var above []Line
	if n < 0 || n >= l.lines {
		return nil
	}
	at := l.sectionOf(n)
	if l.sections[at].line == n {
		at = l.sections[at].above
	}
	for ; at >= 0; at = l.sections[at].above {
		above = append(above, l.At(l.sections[at].line))
	}
	slices.Reverse(above)
	return above
}

// Of is the line of the row at a place; where that is in a closed group, the line of its head.
func (l *Lines) Of(place int) int {
	at := sort.Search(len(l.sections), func(i int) bool { return l.sections[i].first > place }) - 1
	if at < 0 {
		return 0
	}
	s := l.sections[at]
	if s.closed {
		return s.line
	}
	return s.line + 1 + place - s.first
}

// Run is a stretch of lines that are rows of one group, one after the other.
type Run struct {
	Group *Sum
	First int // the place of the group's first row in the answer
	From  int // the place of the first one in the answer
	N     int
}

// Runs are the rows among up to n lines from one on.
func (l *Lines) Runs(from, n int) []Run {
	var runs []Run
	for line := max(from, 0); line < min(from+n, l.lines); {
		s := l.sections[l.sectionOf(line)]
		if line == s.line {
			line++
			continue
		}
		run := Run{Group: &l.groups[s.group], First: s.first, From: s.first + line - s.line - 1}
		run.N = min(s.line+1+s.rows, from+n) - line
		runs = append(runs, run)
		line += run.N
	}
	return runs
}

// Find is the line of the first head, shown or not, whose words begin so; -1 for none.
func (l *Lines) Find(begins func(*Sum) bool) int {
	for _, s := range l.sections {
		if begins(&l.groups[s.group]) {
			return s.line
		}
	}
	return -1
}

// Name is what the group is called in an address.
func (s *Sum) Name() string { return strings.Join(s.Path, "/") }
