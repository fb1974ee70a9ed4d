package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func check(t *testing.T, lines ...string) *report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := checkFile(path, t.TempDir(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func call(words string) string {
	w := strings.Split(words, " ") // model key client op input output outcome start end, "-" for nothing
	for i := range w {
		w[i] = strings.TrimPrefix(w[i], "-")
	}
	return `{"model":"` + w[0] + `","key":"` + w[1] + `","client":` + w[2] + `,"op":"` + w[3] + `","input":"` + w[4] +
		`","output":"` + w[5] + `","outcome":"` + w[6] + `","start":` + w[7] + `,"end":` + w[8] + `}`
}

func TestHistories(t *testing.T) {
	for _, one := range []struct {
		name    string
		calls   []string
		isLegal bool
	}{
		{"a read sees the write before it", []string{
			"register k 1 write a - ok 0 10", "register k 2 read - a ok 20 30"}, true},
		{"an older value is read after a newer one was acknowledged", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - ok 20 30", "register k 2 read - a ok 40 50"}, false},
		{"while a write goes on, both values may be read", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - ok 20 60",
			"register k 2 read - a ok 25 30", "register k 3 read - b ok 35 40"}, true},
		{"but not the new one and then the old one", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - ok 20 60",
			"register k 2 read - b ok 25 30", "register k 3 read - a ok 35 40"}, false},
		{"a write of unknown outcome shows late", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - unknown 20 30",
			"register k 2 read - a ok 40 50", "register k 2 read - b ok 60 70"}, true},
		{"a write of unknown outcome never shows", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - unknown 20 30",
			"register k 2 read - a ok 40 50"}, true},
		{"a write of unknown outcome shows and is gone again", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - unknown 20 30",
			"register k 2 read - b ok 40 50", "register k 2 read - a ok 60 70"}, false},
		{"a refused write shows", []string{
			"register k 1 write a - ok 0 10", "register k 1 write b - refused 20 30",
			"register k 2 read - b ok 40 50"}, false},
		{"suspended, lifted, suspended", []string{
			"suspension k 1 suspend - false ok 0 10", "suspension k 2 read - true ok 20 30",
			"suspension k 1 lift - - ok 40 50", "suspension k 1 suspend - false ok 60 70"}, true},
		{"an acknowledged suspension is not seen", []string{
			"suspension k 1 suspend - false ok 0 10", "suspension k 2 read - false ok 20 30"}, false},
		{"an acknowledged suspension is lost", []string{
			"suspension k 1 suspend - false ok 0 10", "suspension k 1 suspend - false ok 20 30"}, false},
		{"lifted twice", []string{
			"suspension k 1 suspend - false ok 0 10", "suspension k 1 lift - - ok 20 30",
			"suspension k 1 lift - - ok 40 50"}, false},
		{"the second lift is refused", []string{
			"suspension k 1 suspend - false ok 0 10", "suspension k 1 lift - - ok 20 30",
			"suspension k 1 lift - - refused 40 50"}, true},
		{"a lift is refused while it is suspended", []string{
			"suspension k 1 suspend - false ok 0 10", "suspension k 1 lift - - refused 20 30"}, false},
		{"two at once get one number", []string{
			"registration k 1 register - n ok 0 30", "registration k 2 register - n ok 10 20"}, true},
		{"two at once get two numbers", []string{
			"registration k 1 register - n ok 0 30", "registration k 2 register - m ok 10 20"}, false},
		{"a registration of unknown outcome took effect", []string{
			"registration k 1 register - - unknown 0 10", "registration k 2 read - n ok 20 30",
			"registration k 3 register - n ok 40 50"}, true},
		{"a number is read that nobody asked for", []string{
			"registration k 2 read - n ok 20 30"}, false},
		{"one number for two record codes", []string{
			"registration k 1 register - n ok 0 10", "registration l 2 register - n ok 20 30"}, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			lines := make([]string, len(one.calls))
			for i, words := range one.calls {
				lines[i] = call(words)
			}
			if said := check(t, lines...); (len(said.Violations) == 0) != one.isLegal || len(said.Undecided) > 0 {
				t.Errorf("%+v", said)
			}
		})
	}
}

func TestAHistoryThatCannotBeReadIsNotClean(t *testing.T) {
	for _, text := range []string{"{", call("register k 1 jump - - ok 0 1"), call("register k 1 read - - maybe 0 1"),
		call("register k 1 read - - ok 2 1"), call("colour k 1 read - - ok 0 1")} {
		if _, err := readHistories(strings.NewReader(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}
