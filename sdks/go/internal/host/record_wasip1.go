package host

import (
	"encoding/binary"
	"unsafe"
)

// record is a value in the layout of the canonical ABI, which has addresses of 32 bits where Go has 64.
type record []byte

func (r record) u8(at int) uint8         { return r[at] }
func (r record) u16(at int) uint16       { return binary.LittleEndian.Uint16(r[at:]) }
func (r record) u32(at int) uint32       { return binary.LittleEndian.Uint32(r[at:]) }
func (r record) u64(at int) uint64       { return binary.LittleEndian.Uint64(r[at:]) }
func (r record) bytes(at int) []byte     { return Written(r.u32(at), r.u32(at+4)) }
func (r record) text(at int) string      { return string(written(r.u32(at), r.u32(at+4))) }
func (r record) setU32(at int, v uint32) { binary.LittleEndian.PutUint32(r[at:], v) }
func (r record) setU64(at int, v uint64) { binary.LittleEndian.PutUint64(r[at:], v) }
func (r record) setText(at int, v string) {
	r.setList(at, unsafe.Pointer(unsafe.StringData(v)), len(v))
}
func (r record) setBytes(at int, v []byte) {
	r.setList(at, unsafe.Pointer(unsafe.SliceData(v)), len(v))
}

func (r record) setList(at int, p unsafe.Pointer, length int) {
	if length > 0 {
		r.setU32(at, keep(p))
	}
	r.setU32(at+4, uint32(length))
}

// list calls each with every element of a list of elements of that size.
func (r record) list(at, size int, each func(element record)) {
	elements := written(r.u32(at), r.u32(at+4)*uint32(size))
	for len(elements) > 0 {
		each(record(elements[:size]))
		elements = elements[size:]
	}
}

func (r record) fields(at int) []Field {
	fields := make([]Field, 0, r.u32(at+4))
	r.list(at, 16, func(element record) {
		fields = append(fields, Field{element.text(0), element.text(8)})
	})
	return fields
}

func (r record) setFields(at int, fields []Field) {
	elements := make(record, 16*len(fields))
	for i, field := range fields {
		elements.setText(16*i, field.Name)
		elements.setText(16*i+8, field.Value)
	}
	r.setList(at, unsafe.Pointer(unsafe.SliceData(elements)), len(fields))
}

func boolean(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// The sizes of a request, and of a response or its error.
const (
	requestSize  = 96
	exchangeSize = 32
)

func (r record) setRequest(request *Request) {
	r.setText(0, request.Method)
	r.setText(8, request.URL)
	r.setFields(16, request.Header)
	r[24] = boolean(request.Body != nil)
	r.setBytes(28, request.Body)
	r[36] = request.Mode
	r.setU32(40, request.First)
	r[44] = boolean(request.Decode)
	r.setU32(48, request.Redirects)
	r[56] = boolean(request.Timeout != 0)
	r.setU64(64, request.Timeout)
	r[72] = boolean(request.Name != "")
	r.setText(76, request.Name)
	r.setFields(84, request.Extra)
}

func (r record) exchange() Exchange {
	if r.u8(0) == 0 {
		return Exchange{Response: Response{
			ID:       r.u32(8),
			Status:   int(r.u16(12)),
			Body:     r.bytes(16),
			BodySize: r.u64(24),
		}}
	}
	failed := &Error{Kind: r.u8(8)}
	switch failed.Kind {
	case Timeout, Closed:
		failed.Phase = r.u8(16)
	case TooLarge:
		failed.Limit = r.u64(16)
	case Stopped:
	default:
		failed.Text = r.text(16)
	}
	return Exchange{Error: failed}
}
