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
	at := askPlace(path)
	if v.Word == readiness.ReadyForLess {
		return fault.New(fault.Finding, "HC-OPS-08", "You ask for %s a week and the work supports %s, so no packet was built.", readiness.Days(v.DaysAsked), readiness.Days(v.DaysSupported)).
			At(at).Then("Write days: %s under plan and build again; more can follow when duties move.", strconv.FormatFloat(v.DaysSupported, 'f', -1, 64))
	}
	head := fault.New(fault.Finding, "HC-OPS-07", "This case is not ready yet, so no packet was built.").At(fault.Place{File: path})
	if v.OpensOn.IsZero() {
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

// askPlace is where the file says how many days are asked for; the file alone
// when it does not say.
func askPlace(path string) fault.Place {
	text, err := content.ReadFile(path)
	if err != nil {
		return fault.Place{File: path}
	}
	tree, err := content.Parse(path, text)
	if err != nil {
		return fault.Place{File: path}
	}
	return tree.Place("plan", "days")
}
