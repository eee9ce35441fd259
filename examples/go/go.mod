module checkout

go 1.24

require gorgon v0.0.0

// In a project of your own: the folder into which sdks/go was copied.
replace gorgon => ../../sdks/go
