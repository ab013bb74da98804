package office

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meter counts. Its labels are patterns of addresses, methods and statuses: no
// token, name or organisation.
type meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	open     prometheus.Gauge
	known    sync.Map // of servedAs to its meters: looking them up by their words costs more
}

type servedAs struct {
	verb, pattern string
	status        int
}

type meters struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

func newMeter() *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "homecase_requests_total", Help: "Requests that were answered."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "homecase_request_seconds", Help: "Seconds from a request to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "homecase_limited_total", Help: "Requests refused because too many came from one network."}, []string{"limit"}),
		open:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "homecase_connections", Help: "Connections that are open."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.refused, m.open,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *meter) served(verb, pattern string, status int, took time.Duration) {
	as := servedAs{method(verb), pattern, status}
	of, ok := m.known.Load(as)
	if !ok {
		of, _ = m.known.LoadOrStore(as, meters{m.requests.WithLabelValues(as.verb, pattern, strconv.Itoa(status)), m.seconds.WithLabelValues(pattern)})
	}
	of.(meters).requests.Inc()
	of.(meters).seconds.Observe(took.Seconds())
}

func (m *meter) limited(k limitKind) { m.refused.WithLabelValues(string(k)).Inc() }

// Metrics shows the counters in the text form of Prometheus. It is served on an
// address of its own, for the network of the servers.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.meter.registry, promhttp.HandlerOpts{})
}
