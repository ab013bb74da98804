package ops

import (
	"strconv"

	"homecase"
	"homecase/content"
	"homecase/fault"
	"homecase/readiness"
)

// ready refuses a packet for an ask that is not ready: the first line says so
// and what to do instead, and each rule that closes it follows. There is no way
// round it, because a packet that its own working contradicts helps nobody.
func ready(path string, c *homecase.Case) error {
	v, err := c.Assess()
	if err != nil || v.Word == readiness.Ready {
		return err
	}
	at := locate(path, fault.Place{File: path, Path: "plan.days"})
	if v.Word == readiness.ReadyForLess {
		return fault.New(fault.Finding, "HC-OPS-08", "You ask for %s a week and the work supports %s, so no packet was built.", readiness.Days(v.DaysAsked), readiness.Days(v.DaysSupported)).
			At(at).Then("Write days: %s under plan and build again; more can follow when duties move.", strconv.FormatFloat(v.DaysSupported, 'f', -1, 64))
	}
	head := fault.New(fault.Finding, "HC-OPS-07", "This case is not ready yet, so no packet was built.").At(fault.Place{File: path})
	if v.OpensOn.IsZero() && path == "" {
		head.Then("These are the reasons.")
	} else if v.OpensOn.IsZero() {
		head.Then("These are the reasons; homecase check %s says what could be done.", path)
	} else {
		head.Then("Ask again from %s, and build the packet with a date of that day or later.", v.OpensOn)
	}
	list := fault.List{head}
	for _, r := range v.Reasons {
		if r.Effect == readiness.Closes {
			list = append(list, fault.New(fault.Finding, fault.Code(r.Rule), "%s", r.Say).At(fault.Place{File: path}).Then("%s", r.Next))
		}
	}
	return list
}

// locate adds the line to a place that has only its path: rules that need the
// whole case are asked after the file was read.
func locate(path string, at fault.Place) fault.Place {
	if at.Line > 0 || at.Path == "" {
		return at
	}
	text, err := content.ReadFile(path)
	if err != nil {
		return at
	}
	tree, err := content.Parse(path, text)
	if err != nil {
		return at // a packet's working, or a file that changed meanwhile
	}
	return tree.At(at.Path)
}
