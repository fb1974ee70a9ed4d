package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/anishathalye/porcupine"
)

// One call of one client, as a line of JSON.
type line struct {
	Model  string `json:"model"`
	Key    string `json:"key"`
	Client int    `json:"client"`
	Op     string `json:"op"`
	// What was written, or asked for.
	Input string `json:"input"`
	// What was answered; nothing unless the outcome is "ok".
	Output string `json:"output"`
	// "ok", "refused" (by a rule, after an append), or "unknown": may take effect at any time from the start on, or never.
	Outcome string `json:"outcome"`
	// Nanoseconds of one monotonic clock.
	Start int64 `json:"start"`
	End   int64 `json:"end"`
}

// What a model is given of a call, and what of its answer.
type asked struct{ op, value string }
type answered struct{ outcome, value string }

// Calls on one resident, card or record code.
type history struct {
	model, key string
	operations []porcupine.Operation
}

// Histories by model and key, in the order in which they appear.
func readHistories(from io.Reader) ([]*history, error) {
	var all []*history
	byKey := map[[2]string]*history{}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		var one line
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		operation, err := operationOf(one)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		at := [2]string{one.Model, one.Key}
		if byKey[at] == nil {
			byKey[at] = &history{model: one.Model, key: one.Key}
			all = append(all, byKey[at])
		}
		if operation != nil {
			byKey[at].operations = append(byKey[at].operations, *operation)
		}
	}
	return all, lines.Err()
}

// Nothing for a read that was never answered: it tells nothing.
func operationOf(one line) (*porcupine.Operation, error) {
	model, known := models[one.Model]
	if !known || !model.operations[one.Op] {
		return nil, fmt.Errorf("there is no operation %q of a model %q", one.Op, one.Model)
	}
	end := one.End
	switch one.Outcome {
	case "ok", "refused":
	case "unknown":
		if one.Op == "read" {
			return nil, nil
		}
		end = math.MaxInt64
	default:
		return nil, fmt.Errorf("there is no outcome %q", one.Outcome)
	}
	if one.End < one.Start {
		return nil, fmt.Errorf("it ends before it starts")
	}
	return &porcupine.Operation{ClientId: one.Client, Input: asked{one.Op, one.Input}, Call: one.Start,
		Output: answered{one.Outcome, one.Output}, Return: end}, nil
}
