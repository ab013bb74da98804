package web_test

import (
	"slices"
	"strings"
	"testing"

	"homecase/ops"
)

// offered says for each verb on which page a person asks it, or why no page
// offers it. A verb that is new needs a line here.
var offered = map[string]string{
	"new": "/start", "open": "/settings", "import": "/settings", "export": "/settings", "backup": "/settings", "restore": "/settings",
	"check": "/packet/check", "packet.build": "/packet", "packet.verify": "not: it is for whoever received the file, on the command line",
	"record.export": "/share/do", "record.verify": "not: it is for whoever received the file, on the command line",
	"letter.list": "/talk/letters", "letter.project-day": "/talk/letters/{kind}", "letter.thanks": "/talk/letters/{kind}", "letter.not-now": "/talk/letters/{kind}",
	"letter.hr-question": "/talk/letters/{kind}", "letter.hr-request": "/talk/letters/{kind}", "letter.reference": "/talk/letters/{kind}", "letter.next-rung": "/talk/letters/{kind}",
	"savings.estimate": "/case/money", "savings.lines": "/case/money/inputs", "savings.line": "not: it checks a published example, on the command line",
	"concern.list": "/case/concerns", "evidence.list": "/case/facts/studies",
	"evidence.import": "/case/facts/import", "evidence.sources": "/case/facts/import", "evidence.undo": "/case/facts/results",
	"evidence.baseline": "/case/facts/measure", "evidence.hours": "not: the file is for the person's own use, on the command line",
	"policy.list": "/sources", "policy.show": "/sources/{n}", "policy.deadlines": "/case/request",
	"readiness.occupation": "not: a table of occupations is nobody's own case",
	"pitch.check":          "/packet/check", "pitch.label": "not: it labels sentences for those who tune the rules",
	"schema":     "not: editors of case files use it",
	"trial.plan": "/trial/plan", "trial.draw": "/trial/draw", "trial.analyse": "/trial", "trial.replay": "not: anybody repeats a draw from the report, on the command line",
	"trial.test.exact": "not: a test of two lists of numbers", "trial.test.signflip": "not: a test of two lists of numbers", "trial.test.welch": "not: a test of a table",
	"trial.pool": "not: it puts the trials of many people together", "trial.panel": "not: it reads a panel of many people",
	"serve.org.add": "not: the employer's server is set up on the command line", "serve.org.list": "not: the employer's server is set up on the command line", "serve.invite": "not: the employer's server invites, not the person",
	"serve.account.add": "not: the employer's server has accounts, not the workspace", "serve.account.list": "not: the employer's server has accounts, not the workspace",
	"serve.account.remove": "not: the employer's server has accounts, not the workspace", "serve.bounce": "not: the employer's server sends e-mail",
}

// Every verb has a page that is there, or a reason.
func TestEveryVerbHasAPage(t *testing.T) {
	routes := serve(t).server.Routes()
	var verbs []string
	for _, v := range ops.All() {
		verbs = append(verbs, v.Name)
		where, ok := offered[v.Name]
		reason, not := strings.CutPrefix(where, "not: ")
		switch {
		case !ok:
			t.Errorf("%s has neither a page nor a reason", v.Name)
		case not && reason == "":
			t.Errorf("%s is not offered, and nobody says why", v.Name)
		case !not:
			there := false
			for _, r := range routes {
				there = there || r.Path == where
			}
			if !there {
				t.Errorf("%s is said to be on %s, which is no page", v.Name, where)
			}
		}
	}
	for name := range offered {
		if !slices.Contains(verbs, name) {
			t.Errorf("%s is no verb", name)
		}
	}
}
