// Package lifecycle is for operations that do something around their calls. A module that imports it exports the hooks;
// one that does not has none. Each of them is set in init, and each may be left out.
//
//	func init() {
//		gorgon.Operation(run)
//		lifecycle.Setup(makeUser)
//		lifecycle.Start(logIn)
//	}
package lifecycle

var (
	setup    func() ([]byte, error)
	start    func(shared []byte) error
	stop     func()
	teardown func(shared []byte)
)

// Setup sets what runs once per run, before everything else, in an instance of its own. What it returns is handed to
// the hooks of Start and Teardown. An error ends the run before any load was made.
func Setup(hook func() (shared []byte, err error)) { setup = hook }

// Start sets what runs once per instance, before its first call: thus again where an instance replaces one that
// crashed. An error ends the call that needed the instance as !start.
func Start(hook func(shared []byte) error) { start = hook }

// Stop sets what runs once per instance, at its clean end; not after a crash.
func Stop(hook func()) { stop = hook }

// Teardown sets what runs once per run, after everything else, in an instance of its own.
func Teardown(hook func(shared []byte)) { teardown = hook }
