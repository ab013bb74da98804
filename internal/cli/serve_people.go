package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"homecase/ops"
	"homecase/share"
)

func accountAddCommand(w World, config *string) *cobra.Command {
	c := &cobra.Command{
		Use: "add ORG EMAIL", Short: "Let somebody sign in",
		Long: `Gives an address an account of an organisation. A reader has a list of the cases
that were shared; a manager also invites people. The person signs in with a link
that the office sends to the address; nothing is sent now. ORG is an id or a name.`,
		Args: exactly("ORG", "EMAIL"),
	}
	role := c.Flags().String("role", string(share.RoleReader), "what they may do: reader or manager")
	name := c.Flags().String("name", "", "the name of the person")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error {
			made, err := o.MakeAccount(c.Context(), args[0], ops.Account{Email: args[1], Name: *name, Role: share.Role(*role)})
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), made)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), row(made.Email, 40, string(made.Role)))
			return err
		})
	}
	return c
}

func accountListCommand(w World, config *string) *cobra.Command {
	c := &cobra.Command{
		Use: "list ORG", Short: "List who may sign in",
		Long: `Lists the accounts of an organisation by address. ORG is an id or a name.`,
		Args: exactly("ORG"),
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error {
			list, err := o.Accounts(c.Context(), args[0])
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), list)
			}
			for _, a := range list {
				fmt.Fprintln(c.OutOrStdout(), row(a.Email, 40, string(a.Role)))
			}
			return nil
		})
	}
	return c
}

func accountRemoveCommand(w World, config *string) *cobra.Command {
	return &cobra.Command{
		Use: "remove ORG EMAIL", Short: "Take an account out",
		Long: `Takes an account out with its passkeys, its list and what it said it has read, and
ends its sessions. Links that the person was sent still work. ORG is an id or a name.`,
		Args: exactly("ORG", "EMAIL"),
		RunE: func(c *cobra.Command, args []string) error {
			return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error { return o.TakeOut(c.Context(), args[0], args[1]) })
		},
	}
}

func bounceCommand(w World, config *string) *cobra.Command {
	return &cobra.Command{
		Use: "bounce", Short: "Take in a message that came back",
		Long: `Reads one e-mail from standard input. Where it is a delivery report (RFC 3464) that
tells of a message of this office, the sender sees that it came back and why. Pipe
the mailbox of the office's sender address into it, one message a run. Any other
message is refused with exit code 3 and changes nothing.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			if w.Offices == nil {
				return noOffice()
			}
			back, err := w.Offices.Bounced(c.InOrStdin())
			if err != nil {
				return err
			}
			return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error { return o.CameBack(c.Context(), *back) })
		},
	}
}
