package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// scopeName names what makes the spans.
const scopeName = "homecase/internal/office"

// exportTime is how long a collector may take.
const exportTime = 10 * time.Second

// NewTraces sends spans to a collector in batches. Shut it down to send the last of them.
func NewTraces(collector, version string, client *http.Client) *trace.TracerProvider {
	about := resource.NewSchemaless(attribute.String("service.name", "homecase"), attribute.String("service.version", version))
	to := strings.TrimSuffix(collector, "/") + "/v1/traces"
	return trace.NewTracerProvider(trace.WithBatcher(&exporter{to, client}, trace.WithExportTimeout(exportTime)), trace.WithResource(about))
}

// tracer makes a span of each request: its method, the pattern of its address
// and its status. The libraries' own middleware would add the address itself.
func (s *Server) tracer() api.Tracer {
	if s.o.Traces == nil {
		return noop.NewTracerProvider().Tracer(scopeName)
	}
	return s.o.Traces.Tracer(scopeName)
}

// span begins the span of a request. A trace is carried on from a trusted proxy alone.
func (s *Server) span(r *http.Request, pattern string) (*http.Request, api.Span) {
	ctx := r.Context()
	if _, proxy := s.peer(r); proxy {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	ctx, span := s.trace.Start(ctx, method(r.Method)+" "+pattern, api.WithSpanKind(api.SpanKindServer),
		api.WithAttributes(attribute.String("http.request.method", method(r.Method)), attribute.String("http.route", pattern)))
	return r.WithContext(ctx), span
}

func endSpan(span api.Span, status int) {
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// exporter writes spans in the JSON of OTLP 1 (opentelemetry.io/docs/specs/otlp),
// so that the program needs no gRPC.
type exporter struct {
	to     string
	client *http.Client
}

type (
	otlpValue struct {
		Text  *string `json:"stringValue,omitempty"`
		Whole *string `json:"intValue,omitempty"`
	}
	otlpPair struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpStatus struct {
		Code int `json:"code,omitempty"`
	}
	otlpSpan struct {
		Trace  string     `json:"traceId"`
		Span   string     `json:"spanId"`
		Parent string     `json:"parentSpanId,omitempty"`
		Name   string     `json:"name"`
		Kind   int        `json:"kind"`
		Start  string     `json:"startTimeUnixNano"`
		End    string     `json:"endTimeUnixNano"`
		About  []otlpPair `json:"attributes,omitempty"`
		Status otlpStatus `json:"status"`
	}
	otlpScope struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpResource struct {
		Resource struct {
			About []otlpPair `json:"attributes"`
		} `json:"resource"`
		Scopes []otlpScope `json:"scopeSpans"`
	}
	otlpRequest struct {
		Resources []otlpResource `json:"resourceSpans"`
	}
)

// ExportSpans sends a batch. One that is lost is lost: a trace is no record.
func (e *exporter) ExportSpans(ctx context.Context, spans []trace.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	body, err := json.Marshal(otlp(spans))
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)); err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("the collector of traces answered %d", res.StatusCode)
	}
	return nil
}

// Shutdown has nothing left to send.
func (e *exporter) Shutdown(context.Context) error { return nil }

func otlp(spans []trace.ReadOnlySpan) otlpRequest {
	var of otlpResource
	of.Resource.About = pairs(spans[0].Resource().Attributes())
	var scope otlpScope
	scope.Scope.Name = scopeName
	for _, s := range spans {
		o := otlpSpan{
			Trace: s.SpanContext().TraceID().String(), Span: s.SpanContext().SpanID().String(),
			Name: s.Name(), Kind: int(s.SpanKind()),
			Start: strconv.FormatInt(s.StartTime().UnixNano(), 10), End: strconv.FormatInt(s.EndTime().UnixNano(), 10),
			About: pairs(s.Attributes()),
		}
		if s.Parent().IsValid() {
			o.Parent = s.Parent().SpanID().String()
		}
		switch s.Status().Code { // OTLP counts them otherwise than the library
		case codes.Ok:
			o.Status.Code = 1
		case codes.Error:
			o.Status.Code = 2
		}
		scope.Spans = append(scope.Spans, o)
	}
	of.Scopes = []otlpScope{scope}
	return otlpRequest{[]otlpResource{of}}
}

func pairs(list []attribute.KeyValue) []otlpPair {
	out := make([]otlpPair, len(list))
	for i, kv := range list {
		text := kv.Value.Emit()
		out[i].Key = string(kv.Key)
		if kv.Value.Type() == attribute.INT64 {
			out[i].Value.Whole = &text
		} else {
			out[i].Value.Text = &text
		}
	}
	return out
}
