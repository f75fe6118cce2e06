module railiance-apps/box/standins

go 1.27.0

require (
	github.com/alicebob/miniredis/v2 v2.40.0
	github.com/google/go-containerregistry v0.22.1
)

require github.com/yuin/gopher-lua v1.1.1 // indirect
