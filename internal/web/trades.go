package web

import (
	"slices"

	"homecase"
	"homecase/savings"
)

// tradeRow is a benefit to tick; a locked one is only explained.
type tradeRow struct {
	savings.Benefit
	FieldID string
	On      bool
	Note    string
}

type tradesView struct {
	Rows []tradeRow
	From string
}

// showTrades lists what a person may think of giving up. Nothing of it is ever
// in a packet.
func showTrades(v *visit) error {
	benefits, err := savings.Benefits()
	if err != nil {
		return err
	}
	view := tradesView{From: v.from()}
	for _, b := range benefits {
		row := tradeRow{Benefit: b, FieldID: "t-" + b.ID}
		for _, t := range v.kase().Money.Trades {
			if t.Benefit == b.ID {
				row.On, row.Note = true, t.Note
			}
		}
		view.Rows = append(view.Rows, row)
	}
	return v.ok("trades", page{Title: "Would you give something up?", Tab: "case", Back: "/case/money"}, view)
}

func saveTrades(v *visit) error {
	benefits, err := savings.Benefits()
	if err != nil {
		return err
	}
	picked := v.form()["benefit"]
	err = v.change("Thought about trades", func(c *homecase.Case, course *homecase.Course) error {
		var keep []savings.Trade
		for _, b := range benefits {
			if b.Locked || !slices.Contains(picked, b.ID) {
				continue
			}
			t := savings.Trade{Benefit: b.ID}
			for _, was := range c.Money.Trades {
				if was.Benefit == b.ID {
					t = was
				}
			}
			keep = append(keep, t)
		}
		c.Money.Trades = keep
		course.Visit(homecase.TaskTrades, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	return v.leave(homecase.TaskTrades)
}
