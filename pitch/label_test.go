package pitch

import (
	"fmt"
	"testing"
)

func TestX(t *testing.T) {
	for _, s := range []string{"I would like to work from home two days a week.", "I'd like to work from home on Tuesdays and Thursdays.", "I would love to discuss this with you.", "I'd like to propose one home day a week.", "I am writing to request approval to telecommute two days per week.", "I'd prefer to work from home on Mondays.", "If you agree, we could start in May.", "If you have questions, I will answer them.", "Let me know if you need more details.", "I look forward to hearing from you.", "If you agree I will leave the office keys with Sam."} {
		fmt.Println(Label(s), s)
	}
}
