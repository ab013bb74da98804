package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"homecase/ops"
)

// Offices are the employer's server as the command line may run it. The engine,
// the pages and the sender of e-mails are wired by the program.
type Offices interface {
	// Open reaches the office that a file of settings describes for one command,
	// also while it runs.
	Open(ctx context.Context, config string) (o ops.OfficeAdmin, done func() error, err error)
	// Serve answers until the context ends. tell gets the address once it listens.
	Serve(ctx context.Context, config string, tell func(address string)) error
	// Bounced reads a delivery report of a message that came back.
	Bounced(r io.Reader) (*ops.Returned, error)
	// Example is a file of settings with every field and what it means.
	Example() []byte
}

// usualConfig is where the settings are looked for when nobody says.
const usualConfig = "/etc/homecase/office.yaml"

func serveCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "serve", Short: "Run the office: the server of an employer",
		Long: `Runs the office: the server through which people share a packet with those who
decide. It holds only what people chose to share, and a dated record of it.

The settings are one YAML file; homecase serve example-config prints one with
every field explained. docs/office.md says how to set an office up.

The server stops at Ctrl+C or SIGTERM, after what is under way has come to its end.`,
		Args: none,
	}
	config := c.PersistentFlags().String("config", usualConfig, "the file of settings")
	_ = c.MarkPersistentFlagFilename("config", "yaml", "yml") // it fails only for a flag that is not there
	c.RunE = func(c *cobra.Command, _ []string) error {
		if w.Offices == nil {
			return noOffice()
		}
		return w.Offices.Serve(c.Context(), *config, func(address string) {
			fmt.Fprintln(c.OutOrStdout(), address)
		})
	}
	c.AddCommand(group("org", "The organisations of an office", orgAddCommand(w, config), orgListCommand(w, config)), inviteCommand(w, config),
		group("account", "Those who sign in to an office", accountAddCommand(w, config), accountListCommand(w, config), accountRemoveCommand(w, config)), bounceCommand(w, config), exampleConfigCommand(w))
	return c
}

func noOffice() error { return fmt.Errorf("this homecase has no office") }

// desk opens the office for one command.
func (w World) desk(ctx context.Context, config string, use func(ops.OfficeAdmin) error) (err error) {
	if w.Offices == nil {
		return noOffice()
	}
	o, done, err := w.Offices.Open(ctx, config)
	if err != nil {
		return err
	}
	defer func() {
		if e := done(); err == nil {
			err = e
		}
	}()
	return use(o)
}

func orgAddCommand(w World, config *string) *cobra.Command {
	c := &cobra.Command{
		Use: "add NAME", Short: "Add an organisation to the office",
		Long: `Adds an organisation with a signing key of its own, and prints its id. Two
organisations on one server never learn of each other.`,
		Args: exactly("NAME"),
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error {
			org, err := o.MakeOrganisation(c.Context(), args[0])
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), org)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), org.ID)
			return err
		})
	}
	return c
}

func orgListCommand(w World, config *string) *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List the organisations of the office",
		Long: `Lists the organisations of the office by id and name.`,
		Args: none,
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error {
			list, err := o.Organisations(c.Context())
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), list)
			}
			for _, org := range list {
				fmt.Fprintln(c.OutOrStdout(), row(org.ID, 10, org.Name))
			}
			return nil
		})
	}
	return c
}

func inviteCommand(w World, config *string) *cobra.Command {
	c := &cobra.Command{
		Use: "invite ORG", Short: "Invite a person to share through the office",
		Long: `Makes an invitation that one person can use once, and prints it as an address.
The person pastes it into their workspace. It is shown this one time; the office
keeps only a hash of it. ORG is an id or a name.`,
		Args: exactly("ORG"),
	}
	whom := c.Flags().String("for", "", "the name of the person, for the office to know the invitation by")
	days := c.Flags().Int("days", ops.InviteDays, fmt.Sprintf("how many days it can be used: 1 to %d", ops.MostInviteDays))
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return w.desk(c.Context(), *config, func(o ops.OfficeAdmin) error {
			i, err := o.InvitePerson(c.Context(), args[0], *whom, *days)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), i)
			}
			fmt.Fprintln(c.OutOrStdout(), i.Address)
			w.tell(fmt.Sprintf("homecase: %s can use this address once, until %s. It is not shown again.", i.For, i.Expires.Format("2 January 2006")))
			return nil
		})
	}
	return c
}

func exampleConfigCommand(w World) *cobra.Command {
	return &cobra.Command{
		Use: "example-config", Short: "Print a file of settings with every field explained",
		Long: `Prints a file of settings for an office. Every field stands in it with what it
means and its usual value.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			if w.Offices == nil {
				return noOffice()
			}
			_, err := c.OutOrStdout().Write(w.Offices.Example())
			return err
		},
	}
}
