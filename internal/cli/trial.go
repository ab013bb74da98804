package cli

import "github.com/spf13/cobra"

func trialCommand(w World) *cobra.Command { return group("trial", "A trial drawn by lot") }
