module gorgon

go 1.24
