package main

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// What one key may do, one call after the other. States are strings.
type model struct {
	operations map[string]bool
	step       func(state string, call asked, answer answered) (bool, string)
}

var models = map[string]model{
	"register":     {names("write", "read"), stepRegister},
	"suspension":   {names("suspend", "lift", "read"), stepSuspension},
	"registration": {names("register", "read"), stepRegistration},
}

func names(all ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range all {
		set[name] = true
	}
	return set
}

// A resident's address: a read sees the last write.
func stepRegister(state string, call asked, answer answered) (bool, string) {
	if call.op == "read" {
		return answer.value == state, state
	}
	if answer.outcome == "refused" {
		return true, state
	}
	return true, call.value
}

// Whether a card is suspended, "true" or "false"; in use at first. Suspending tells whether it was; lifting is refused
// where nothing is to be lifted.
func stepSuspension(state string, call asked, answer answered) (bool, string) {
	if state == "" {
		state = "false"
	}
	switch {
	case call.op == "read":
		return answer.value == state, state
	case call.op == "suspend" && answer.outcome == "ok":
		return answer.value == state, "true"
	case call.op == "suspend" && answer.outcome == "unknown":
		return true, "true"
	case call.op == "lift" && answer.outcome == "ok":
		return state == "true", "false"
	case call.op == "lift" && answer.outcome == "unknown":
		return true, "false"
	case call.op == "lift":
		return state == "false", state
	}
	return false, state // a suspension is never refused
}

// Somebody registered, whose number nobody has been told yet.
const notTold = "?"

// A record code: whoever registers it first gets a number, and everybody after that the same.
func stepRegistration(state string, call asked, answer answered) (bool, string) {
	if answer.outcome == "unknown" {
		if state == "" {
			return true, notTold
		}
		return true, state
	}
	if answer.outcome == "refused" {
		return false, state
	}
	if state == notTold || (state == "" && call.op == "register") {
		return answer.value != "", answer.value
	}
	return answer.value == state, state
}

func (m model) forPorcupine() porcupine.Model {
	return porcupine.Model{
		Init: func() interface{} { return "" },
		Step: func(state, input, output interface{}) (bool, interface{}) {
			return m.step(state.(string), input.(asked), output.(answered))
		},
		DescribeOperation: func(input, output interface{}) string {
			call, answer := input.(asked), output.(answered)
			return fmt.Sprintf("%s(%s) %s %s", call.op, call.value, answer.outcome, answer.value)
		},
	}
}
