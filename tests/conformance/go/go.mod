module conformance

go 1.24

require gorgon v0.0.0

replace gorgon => ../../../sdks/go
