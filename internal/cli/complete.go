package cli

import (
	"github.com/spf13/cobra"

	"homecase/concern"
	"homecase/policy"
	"homecase/savings"
)

// complete offers words for a flag to the shell.
func complete(c *cobra.Command, flag string, words ...string) {
	// It fails only for a flag that is not there, which the tests would see.
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// firstOf offers the words that list returns for the first argument.
func firstOf(list func() []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return list(), cobra.ShellCompDirectiveNoFileComp
	}
}

// caseFiles completes the name of a case file.
func caseFiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

func regimeIDs() []string {
	heads, err := policy.List()
	if err != nil {
		return nil
	}
	ids := make([]string, len(heads))
	for i, h := range heads {
		ids[i] = h.ID + "\t" + h.Title
	}
	return ids
}

func lineIDs() []string {
	lines, err := savings.Catalogue()
	if err != nil {
		return nil
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.ID + "\t" + l.Name
	}
	return ids
}

func ownerWords() []string {
	var words []string
	for _, o := range concern.Owners() {
		words = append(words, string(o))
	}
	return words
}
