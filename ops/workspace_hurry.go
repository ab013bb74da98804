package ops

import (
	"context"
	"errors"
	"time"

	"homecase/fault"
	"homecase/share"
)

// patience is how long a person waits for one answer of the office. What is not
// answered by then stays on its way.
const patience = 25 * time.Second

// hurried is a courier that comes back in time.
type hurried struct{ Courier }

// inTime gives a request its time, and says that there was no answer in it.
func inTime[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	short, stop := context.WithTimeout(ctx, patience)
	defer stop()
	v, err := ask(short)
	if err != nil && ctx.Err() == nil && errors.Is(short.Err(), context.DeadlineExceeded) {
		err = fault.New(fault.Away, "HC-WORK-35", "The office gave no answer within %d seconds.", int(patience.Seconds())).Then("Nothing is lost: it is sent with the next try.").Because(err)
	}
	return v, err
}

func (h hurried) Pair(ctx context.Context, p Pairing) (*Paired, error) {
	return inTime(ctx, func(ctx context.Context) (*Paired, error) { return h.Courier.Pair(ctx, p) })
}

func (h hurried) Act(ctx context.Context, org, id string, d Delivery) (share.Entry, error) {
	return inTime(ctx, func(ctx context.Context) (share.Entry, error) { return h.Courier.Act(ctx, org, id, d) })
}

func (h hurried) Entries(ctx context.Context, org, id string, after int64, limit int) (*Batch, error) {
	return inTime(ctx, func(ctx context.Context) (*Batch, error) { return h.Courier.Entries(ctx, org, id, after, limit) })
}

func (h hurried) Missing(ctx context.Context, org, id string, hashes []string) ([]string, error) {
	return inTime(ctx, func(ctx context.Context) ([]string, error) { return h.Courier.Missing(ctx, org, id, hashes) })
}

func (h hurried) Mail(ctx context.Context, org, id string) ([]Mailing, error) {
	return inTime(ctx, func(ctx context.Context) ([]Mailing, error) { return h.Courier.Mail(ctx, org, id) })
}

func (h hurried) Seen(ctx context.Context, org, id string) ([]Reading, error) {
	return inTime(ctx, func(ctx context.Context) ([]Reading, error) { return h.Courier.Seen(ctx, org, id) })
}

func (h hurried) News(ctx context.Context, org, id, to string) error {
	_, err := inTime(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, h.Courier.News(ctx, org, id, to) })
	return err
}

func (h hurried) Erase(ctx context.Context, org, id string) error {
	_, err := inTime(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, h.Courier.Erase(ctx, org, id) })
	return err
}
