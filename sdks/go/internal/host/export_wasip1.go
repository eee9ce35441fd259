package host

import "unsafe"

// returned is what an export returned last: result<string, string>, or one whose cases are alike. The host reads it
// after the export has returned, so it stays where it is, with its text, until the next one.
var (
	returned     [3]uint32
	returnedText string
)

// Return lays a result out for the host.
func Return(text string, ok bool) uint32 {
	returnedText = text
	returned = [3]uint32{uint32(boolean(!ok)), 0, uint32(len(text))}
	if text != "" {
		returned[1] = uint32(uintptr(unsafe.Pointer(unsafe.StringData(returnedText))))
	}
	return uint32(uintptr(unsafe.Pointer(&returned)))
}

// Argument copies out the argument of a hook.
func Argument(place, size uint32) []byte {
	argument := Written(place, size)
	Forget()
	return argument
}
