package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"homecase/content"
	"homecase/ops"
)

// Rooms are the workspace as the command line may open it. The engine and the
// pages behind it are wired by the program.
type Rooms interface {
	// Open opens the workspace in a folder; "" is the user's own.
	Open(ctx context.Context, dir string) (w *ops.Workspace, done func() error, err error)
	// Browse serves the workspace in a folder and opens it in the browser. tell
	// gets the address. file is a case to begin with, "" for none.
	Browse(ctx context.Context, o BrowseOptions, tell func(address string)) error
	// Backup writes everything in a folder as one file, also while another homecase
	// has it open.
	Backup(ctx context.Context, dir, file string) error
	// Restore puts a backup in the place of what is in a folder, and returns where
	// the old database is kept, "" where there was none.
	Restore(ctx context.Context, dir, backup string) (kept string, err error)
}

// BrowseOptions say how the workspace is opened.
type BrowseOptions struct {
	Dir    string
	Port   int
	NoOpen bool
	File   string
}

func browseFlags(c *cobra.Command) *BrowseOptions {
	o := new(BrowseOptions)
	c.Flags().StringVar(&o.Dir, "data", "", "the folder of the workspace (default: homecase in your data folder)")
	c.Flags().IntVar(&o.Port, "port", 0, "the port to listen on (default: a free one)")
	c.Flags().BoolVar(&o.NoOpen, "no-open", false, "only print the address; open no browser")
	return o
}

// browse runs the workspace until it is interrupted.
func (w World) browse(c *cobra.Command, o BrowseOptions) error {
	if w.Rooms == nil {
		return c.Help()
	}
	if o.Port < 0 || o.Port > 65535 {
		return usage{fmt.Errorf("--port: %d is not a port; use 1 to 65535", o.Port)}
	}
	return w.Rooms.Browse(c.Context(), o, func(address string) {
		fmt.Fprintln(c.OutOrStdout(), address)
		fmt.Fprintln(c.ErrOrStderr(), "homecase: your workspace is open at this address, on this computer only. Press Ctrl+C to close it.")
	})
}

func workspaceCommands(w World) []*cobra.Command {
	return []*cobra.Command{openCommand(w), exportCommand(w), takeCommand(w), backupCommand(w), restoreCommand(w)}
}

func openCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "open FILE", Short: "Open a case file in the workspace",
		Long: `Takes a case file into the workspace as a new case and opens it in the browser.
The file stays as it is; homecase export writes a changed case back.`,
		Args: exactly("FILE"),
	}
	o := browseFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		o.File = args[0]
		return w.browse(c, *o)
	}
	c.ValidArgsFunction = caseFiles
	return c
}

// room opens the workspace for one command.
func (w World) room(ctx context.Context, dir string, use func(*ops.Workspace) error) (err error) {
	if w.Rooms == nil {
		return fmt.Errorf("this homecase has no workspace")
	}
	work, done, err := w.Rooms.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() {
		if e := done(); err == nil {
			err = e
		}
	}()
	return use(work)
}

func dataFlag(c *cobra.Command) *string {
	return c.Flags().String("data", "", "the folder of the workspace (default: homecase in your data folder)")
}

func exportCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "export FILE", Short: "Write the open case of the workspace as a case file",
		Long: `Writes the case that lies open in the workspace as a case file, and its photos
beside it. An existing file is replaced, whole or not at all. "-" writes the case
to standard output.`,
		Args: exactly("FILE"),
	}
	dir := dataFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return w.room(c.Context(), *dir, func(work *ops.Workspace) error {
			if args[0] == "-" {
				open, err := work.Current(c.Context())
				if err != nil {
					return err
				}
				_, err = c.OutOrStdout().Write(open.Text())
				return err
			}
			if err := work.WriteFile(c.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), args[0])
			return err
		})
	}
	return c
}

func takeCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "import FILE", Short: "Take a case file into the workspace",
		Long: `Takes a case file into the workspace as a new case, which then lies open. Exported
again it has the same bytes. Bad input is refused with its place, and nothing is kept.`,
		Args: exactly("FILE"),
	}
	dir := dataFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return w.room(c.Context(), *dir, func(work *ops.Workspace) error {
			open, err := work.TakeFile(c.Context(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), open.ID)
			return err
		})
	}
	c.ValidArgsFunction = caseFiles
	return c
}

func backupCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "backup FILE", Short: "Write everything in the workspace as one file",
		Long: `Writes all cases with their history, days and pictures as one file. It is private:
keep it where only you can read it. A file that is there is not replaced.`,
		Args: exactly("FILE"),
	}
	dir := dataFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if w.Rooms == nil {
			return fmt.Errorf("this homecase has no workspace")
		}
		if err := w.Rooms.Backup(c.Context(), *dir, args[0]); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.OutOrStdout(), args[0])
		return err
	}
	return c
}

func restoreCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "restore FILE", Short: "Put a backup in the place of the workspace",
		Long: `Checks a backup and puts it in the place of the workspace. The old one is kept
beside it under another name.`,
		Args: exactly("FILE"),
	}
	dir := dataFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if w.Rooms == nil {
			return fmt.Errorf("this homecase has no workspace")
		}
		if _, err := os.Stat(args[0]); err != nil {
			return content.OpenFault(args[0], err)
		}
		kept, err := w.Rooms.Restore(c.Context(), *dir, args[0])
		if err != nil {
			return err
		}
		if kept != "" {
			fmt.Fprintf(c.ErrOrStderr(), "homecase: the old workspace is kept as %s\n", kept)
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), args[0])
		return err
	}
	return c
}
