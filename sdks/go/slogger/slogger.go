// Package slogger writes what log/slog logs to the log of the run:
//
//	slog.SetDefault(slog.New(slogger.New(slog.LevelInfo)))
package slogger

import (
	"bytes"
	"context"
	"log/slog"
	"sync"

	"gorgon/internal/host"
)

// handler is one line of text per record, made by slog's own handler for text.
type handler struct {
	text slog.Handler
	line *line
}

// line is the place for it, shared by all handlers that were made from one.
type line struct {
	sync.Mutex
	bytes.Buffer
}

// New returns a handler for records of this level and above.
func New(level slog.Leveler) slog.Handler {
	line := &line{}
	options := &slog.HandlerOptions{
		Level: level,
		// The log of the run has both of its own.
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			if len(groups) == 0 && (attr.Key == slog.TimeKey || attr.Key == slog.LevelKey) {
				return slog.Attr{}
			}
			return attr
		},
	}
	return handler{slog.NewTextHandler(line, options), line}
}

func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.text.Enabled(ctx, level)
}

func (h handler) Handle(ctx context.Context, record slog.Record) error {
	h.line.Lock()
	defer h.line.Unlock()
	h.line.Reset()
	if err := h.text.Handle(ctx, record); err != nil {
		return err
	}
	host.Current.Log(level(record.Level), string(bytes.TrimSpace(h.line.Bytes())))
	return nil
}

func level(level slog.Level) uint32 {
	switch {
	case level < slog.LevelInfo:
		return 0
	case level < slog.LevelWarn:
		return 1
	case level < slog.LevelError:
		return 2
	default:
		return 3
	}
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.text.WithAttrs(attrs), h.line}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.text.WithGroup(name), h.line} }
