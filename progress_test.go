package homecase_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase"
	"homecase/readiness"
)

func shown(groups []homecase.TaskGroup) string {
	var b strings.Builder
	for _, g := range groups {
		done, of := g.Count()
		fmt.Fprintf(&b, "%s %d/%d:", g.ID, done, of)
		for _, t := range g.Tasks {
			fmt.Fprintf(&b, " %s=%s", t.ID, t.State)
			if t.Of > 0 {
				fmt.Fprintf(&b, "(%d/%d)", t.Done, t.Of)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestProgressByHand(t *testing.T) {
	c, err := homecase.Load("examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// Counted in the file by hand: six duties, seven items of the home office, and
	// of C01 to C18 only C11, which lies with its owner, has no words.
	want := `ready 8/8: duties=done(6/6) time=done self=done trust=done office=done(7/7) company=done colleagues=done career=done
facts 5/5: programme=done people=done results=done measure=done studies=done
money 1/1: money=done trades=todo
reasons 1/1: reasons=done
concerns 3/3: concerns=done(18/18) worries=done promises=done
packet 0/2: check=todo make=later
`
	if d := cmp.Diff(want, shown(c.Progress(homecase.Course{}))); d != "" {
		t.Error(d)
	}

	want = `ready 1/6: duties=doing(1/2) time=todo self=todo trust=done office=doing(1/7) company=todo colleagues=todo career=todo
facts 0/4: programme=todo people=todo results=todo measure=todo studies=todo
money 0/1: money=todo trades=todo
reasons 0/1: reasons=todo
concerns 0/2: concerns=todo(0/18) worries=todo promises=todo
packet 0/2: check=later make=later
`
	draft := &homecase.Case{Readiness: readiness.Answers{
		Duties:     []readiness.Duty{{Name: "Post", Hours: 4, Where: readiness.Office}, {Name: "Reports", Hours: 6, Where: readiness.HomeWithChange}},
		HomeOffice: readiness.HomeOffice{Door: readiness.Item{State: readiness.Have}},
	}}
	course := homecase.Course{Visited: map[homecase.TaskID]homecase.Visit{homecase.TaskTrust: homecase.Skipped}}
	if d := cmp.Diff(want, shown(draft.Progress(course))); d != "" {
		t.Error(d)
	}
}
