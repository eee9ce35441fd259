module {{name}}

go 1.24

require gorgon v0.0.0

replace gorgon => ./gorgon-sdk
