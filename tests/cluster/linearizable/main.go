// Reads a history of concurrent calls (JSON lines, see history.go) and says whether every key's calls could have happened
// one after the other, each between its start and its end (README.md). Exit code 1 if not.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/anishathalye/porcupine"
)

// What is said at the end, as one line of JSON.
type report struct {
	Keys       int      `json:"keys"`
	Operations int      `json:"operations"`
	Violations []string `json:"violations"`
	// Not decided in time: says nothing.
	Undecided []string `json:"undecided"`
}

func main() {
	pictures := flag.String("pictures", "", "folder for a picture (HTML) of each violation")
	seconds := flag.Int("seconds", 60, "to decide one key")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: linearizable [-pictures FOLDER] [-seconds N] HISTORY")
		os.Exit(2)
	}
	said, err := checkFile(flag.Arg(0), *pictures, time.Duration(*seconds)*time.Second)
	if err != nil {
		fmt.Fprintf(os.Stderr, "linearizable: %v\n", err)
		os.Exit(2)
	}
	text, _ := json.Marshal(said)
	fmt.Println(string(text))
	if len(said.Violations)+len(said.Undecided) > 0 {
		os.Exit(1)
	}
}

func checkFile(path, pictures string, each time.Duration) (*report, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	histories, err := readHistories(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	said := &report{Violations: numbersGivenTwice(histories), Undecided: []string{}}
	for number, one := range histories {
		said.Keys++
		said.Operations += len(one.operations)
		model := models[one.model].forPorcupine()
		result, information := porcupine.CheckOperationsVerbose(model, one.operations, each)
		switch result {
		case porcupine.Illegal:
			said.Violations = append(said.Violations, one.model+" "+one.key)
			if pictures != "" {
				picture := filepath.Join(pictures, fmt.Sprintf("violation-%d.html", number))
				if err := porcupine.VisualizePath(model, information, picture); err != nil {
					return nil, err
				}
			}
		case porcupine.Unknown:
			said.Undecided = append(said.Undecided, one.model+" "+one.key)
		}
	}
	return said, nil
}

// Between keys: no two record codes have one number.
func numbersGivenTwice(histories []*history) []string {
	violations := []string{}
	owner := map[string]string{}
	for _, one := range histories {
		if one.model != "registration" {
			continue
		}
		for _, operation := range one.operations {
			number := operation.Output.(answered).value
			if number == "" {
				continue
			}
			if other, taken := owner[number]; taken && other != one.key {
				violations = append(violations, "one number for "+other+" and "+one.key)
			}
			owner[number] = one.key
		}
	}
	return violations
}
