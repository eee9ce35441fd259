package host

// Current is the host.
var Current Host = sandbox{}
